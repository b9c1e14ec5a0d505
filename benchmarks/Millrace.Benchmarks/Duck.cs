using DuckDB.NET.Data;

namespace Millrace.Benchmarks;

/// <summary>DuckDB as a person would use it by hand: in memory, as it comes, all cores.</summary>
internal sealed class Duck : IDisposable
{
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");

    public Duck() => _connection.Open();

    public void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public long Count(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), null);
    }

    public void Dispose() => _connection.Dispose();
}
