using System.Data.Common;

namespace Millrace.Node.Storage;

/// <summary>A connection to read from: the statements of this project run alike on SQLite and PostgreSQL.</summary>
public class Session
{
    private readonly Link _link;

    internal Session(Link link) => _link = link;

    /// <summary>All rows of a query, each made by <paramref name="map"/>.</summary>
    public async Task<List<T>> QueryAsync<T>(
        string sql, (string Name, object? Value)[] parameters, Func<DbDataReader, T> map, CancellationToken cancel)
    {
        await using var reader = await ReadAsync(sql, parameters, cancel);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancel))
            rows.Add(map(reader));
        return rows;
    }

    /// <summary>The first row of a query, or null.</summary>
    public async Task<T?> FindAsync<T>(
        string sql, (string Name, object? Value)[] parameters, Func<DbDataReader, T> map, CancellationToken cancel)
        where T : class
    {
        await using var reader = await ReadAsync(sql, parameters, cancel);
        return await reader.ReadAsync(cancel) ? map(reader) : null;
    }

    /// <summary>The first row's number, or 0 where there is none.</summary>
    public async Task<long> CountAsync(
        string sql, (string Name, object? Value)[] parameters, CancellationToken cancel)
    {
        await using var reader = await ReadAsync(sql, parameters, cancel);
        return await reader.ReadAsync(cancel) && reader.GetValue(0) is var value and not DBNull
            ? Convert.ToInt64(value, null)
            : 0;
    }

    private protected virtual Task<DbDataReader> ReadAsync(
        string sql, (string Name, object? Value)[] parameters, CancellationToken cancel) =>
        _link.Statement(sql, parameters, transaction: null).ExecuteReaderAsync(cancel);
}
