using Millrace.Engine.Supply.Classification;
using Millrace.Engine.Supply.States;
using Millrace.Node.Storage.Objects;

namespace Millrace.Node.Products;

/// <summary>What is known of a file, so that it need not be read again.</summary>
/// <param name="RowHashes">Held until this is disposed.</param>
public sealed record FileState(TableState Table, KindCounts Kinds, LocalFile RowHashes) : IDisposable
{
    public void Dispose() => RowHashes.Dispose();
}
