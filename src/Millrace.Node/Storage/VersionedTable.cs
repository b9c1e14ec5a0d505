using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Millrace.Node.Storage;

/// <summary>A row as it was read: its version is what a later save must find unchanged.</summary>
/// <param name="Version">0 for a row that is not stored yet.</param>
public sealed record Stored<T>(string Participant, string Id, long Version, T Value)
{
    public Stored<T> With(T value) => this with { Value = value };
}

/// <summary>
/// A table of JSON bodies with optimistic versions, the same SQL on SQLite and PostgreSQL. Columns beside the body are
/// copies for look-ups.
/// </summary>
public sealed class VersionedTable<T>(
    string name, JsonTypeInfo<T> json, params (string Column, Func<T, string?> Value)[] lookups)
{
    private readonly string _save = SaveStatement(name, [.. lookups.Select(l => l.Column)]);

    /// <summary>The row, or null.</summary>
    public Task<Stored<T>?> FindAsync(Session session, string participant, string id, CancellationToken cancel) =>
        FindByAsync(session, participant, "id", id, cancel);

    /// <summary>The first row whose look-up column has this value, or null.</summary>
    public Task<Stored<T>?> FindByAsync(
        Session session, string participant, string column, string value, CancellationToken cancel) =>
        session.FindAsync(
            $"SELECT participant, id, version, body FROM {name} WHERE participant = @participant AND {column} = @value",
            [("participant", participant), ("value", value)], Map, cancel);

    /// <summary>Rows in the order of their ids, newest last, from after <paramref name="after"/>.</summary>
    public Task<List<Stored<T>>> ListAsync(
        Session session, string participant, string after, int limit, CancellationToken cancel) =>
        session.QueryAsync(
            $"""
             SELECT participant, id, version, body FROM {name}
             WHERE participant = @participant AND id > @after ORDER BY id LIMIT @limit
             """,
            [("participant", participant), ("after", after), ("limit", limit)], Map, cancel);

    /// <summary>All rows whose look-up column has this value, in the order of their ids.</summary>
    public Task<List<Stored<T>>> ListByAsync(
        Session session, string participant, string column, string value, CancellationToken cancel) =>
        session.QueryAsync(
            $"""
             SELECT participant, id, version, body FROM {name}
             WHERE participant = @participant AND {column} = @value ORDER BY id
             """,
            [("participant", participant), ("value", value)], Map, cancel);

    /// <summary>Inserts a row that is new, or replaces the version that was read.</summary>
    /// <exception cref="ConflictException">The row is there already, or was changed since it was read.</exception>
    public async Task<Stored<T>> SaveAsync(Unit unit, Stored<T> row, CancellationToken cancel)
    {
        (string, object?)[] parameters =
        [
            ("participant", row.Participant), ("id", row.Id), ("version", row.Version),
            ("body", JsonSerializer.Serialize(row.Value, json)),
            .. lookups.Select(l => (l.Column, (object?)l.Value(row.Value))),
        ];
        return await unit.ExecuteAsync(_save, parameters, cancel) == 1
            ? row with { Version = row.Version + 1 }
            : throw new ConflictException(name, row.Id);
    }

    private static string SaveStatement(string table, string[] columns)
    {
        var names = string.Concat(columns.Select(c => $", {c}"));
        var values = string.Concat(columns.Select(c => $", @{c}"));
        var updates = string.Concat(columns.Select(c => $", {c} = excluded.{c}"));
        return $"""
                INSERT INTO {table} (participant, id, version, body{names})
                VALUES (@participant, @id, 1, @body{values})
                ON CONFLICT (participant, id) DO UPDATE SET version = {table}.version + 1, body = excluded.body{updates}
                WHERE {table}.version = @version
                """;
    }

    private Stored<T> Map(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetInt64(2),
        JsonSerializer.Deserialize(row.GetString(3), json)
        ?? throw new InvalidOperationException($"Row {row.GetString(1)} of {name} has no body."));
}
