using System.Data.Common;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Millrace.Tests.Crashes;

/// <summary>A row as stored: its id and its JSON body.</summary>
internal sealed record Row(string Id, JsonNode Body)
{
    public string? Text(params string[] path) => (string?)path.Aggregate((JsonNode?)Body, (node, name) => node?[name]);

    public long Number(string name) => (long?)Body[name] ?? 0;
}

/// <summary>An entry of the log as stored.</summary>
internal sealed record Fact(long? Position, string Id, string Type, byte[] Bytes, JsonNode Data)
{
    public string? Text(string name) => (string?)Data[name];

    public long Number(string name) => (long?)Data[name] ?? 0;
}

/// <summary>All that a node has stored of its participant, read past the node from its database.</summary>
internal sealed record Books(
    IReadOnlyList<Row> Products, IReadOnlyList<Row> Versions, IReadOnlyList<Row> Negotiations,
    IReadOnlyList<Row> Agreements, IReadOnlyList<Row> Usage, IReadOnlyList<Row> Transfers, IReadOnlyList<Row> Reads,
    IReadOnlyList<Fact> Log, long Size)
{
    /// <summary>Every entry has its place.</summary>
    public bool IsPlaced => Log.All(f => f.Position is not null);

    public IEnumerable<Fact> Facts(string type) => Log.Where(f => f.Type == type);

    /// <summary>What is still on its way: messages, and entries without a place.</summary>
    public static async Task<(long Messages, long Entries)> WaitingAsync(
        string? database, string folder, CancellationToken cancel)
    {
        await using var connection = await OpenAsync(database, folder, cancel);
        await using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM entry WHERE position IS NULL)";
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    /// <param name="database">A PostgreSQL connection string; null: the SQLite file in the folder.</param>
    public static async Task<Books> ReadAsync(string? database, string folder, CancellationToken cancel)
    {
        await using var connection = await OpenAsync(database, folder, cancel);
        // One transaction, so that all lists show the same moment.
        await using var moment = database is not null
            ? await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancel)
            : ((SqliteConnection)connection).BeginTransaction(deferred: true);

        return new Books(
            await RowsAsync("product"), await RowsAsync("product_version"), await RowsAsync("negotiation"),
            await RowsAsync("agreement"), await RowsAsync("agreement_usage"), await RowsAsync("transfer"),
            await RowsAsync("read"), await LogAsync(), await SizeAsync());

        Task<List<Row>> RowsAsync(string table) => QueryAsync(
            $"SELECT id, body FROM {table} ORDER BY id", r => new Row(r.GetString(0), JsonNode.Parse(r.GetString(1))!));

        Task<List<Fact>> LogAsync() => QueryAsync(
            "SELECT position, id, type, body FROM entry ORDER BY position",
            r =>
            {
                var bytes = r.GetFieldValue<byte[]>(3);
                return new Fact(
                    r.IsDBNull(0) ? null : r.GetInt64(0), r.GetString(1), r.GetString(2), bytes,
                    JsonNode.Parse(bytes)!["data"]!);
            });

        async Task<long> SizeAsync() =>
            (await QueryAsync("SELECT coalesce(max(size), 0) FROM log", r => r.GetInt64(0))).Single();

        async Task<List<T>> QueryAsync<T>(string sql, Func<DbDataReader, T> map)
        {
            await using var command = connection.CreateCommand();
            (command.CommandText, command.Transaction) = (sql, moment);
            await using var reader = await command.ExecuteReaderAsync(cancel);
            var rows = new List<T>();
            while (await reader.ReadAsync(cancel))
                rows.Add(map(reader));
            return rows;
        }
    }

    private static async Task<DbConnection> OpenAsync(string? database, string folder, CancellationToken cancel)
    {
        DbConnection connection = database is not null
            ? new NpgsqlConnection(database)
            : new SqliteConnection($"Data Source={Path.Combine(folder, "millrace.db")};Mode=ReadWrite;Pooling=False");
        await connection.OpenAsync(cancel);
        return connection;
    }
}
