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

    /// <summary>A comparison of different results would say nothing.</summary>
    /// <param name="columns">Which must be equal.</param>
    public void RequireSame(string got, string made, string columns = "*")
    {
        var different = Count(
            $"SELECT count(*) FROM ((SELECT {columns} FROM '{got}' EXCEPT ALL SELECT {columns} FROM '{made}') "
            + $"UNION ALL (SELECT {columns} FROM '{made}' EXCEPT ALL SELECT {columns} FROM '{got}'))");
        var rows = Count($"SELECT count(*) FROM '{got}'");
        Bench.Say($"    {rows} rows, {new FileInfo(got).Length / 1e6:0.0} MB");
        if (different > 0 || rows == 0)
            throw new InvalidOperationException($"What was read differs from what is by hand in {different} rows.");
    }

    public void Dispose() => _connection.Dispose();
}
