using System.Collections.Concurrent;
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
/// copies for look-ups. Values are shared by their readers, so they are immutable.
/// </summary>
public sealed class VersionedTable<T>(
    string name, JsonTypeInfo<T> json, params (string Column, Func<T, string?> Value)[] lookups)
{
    private const int IdsPerStatement = 500;
    private const int ParsedMax = 1000;

    private readonly string _save = SaveStatement(name, [.. lookups.Select(l => l.Column)]);

    /// <summary>Bodies that were read before: the same row is read at every step of its process.</summary>
    private readonly ConcurrentDictionary<string, (string Body, T Value)> _parsed = new();

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

    /// <summary>Rows from the newest back, where a table's ids follow time.</summary>
    /// <param name="before">Only those before this id; null: from the newest of all.</param>
    public Task<List<Stored<T>>> NewestAsync(
        Session session, string participant, string? before, int limit, CancellationToken cancel) =>
        session.QueryAsync(
            $"""
             SELECT participant, id, version, body FROM {name}
             WHERE participant = @participant{(before is null ? "" : " AND id < @before")} ORDER BY id DESC LIMIT @limit
             """,
            before is null
                ? [("participant", participant), ("limit", limit)]
                : [("participant", participant), ("limit", limit), ("before", before)],
            Map, cancel);

    /// <summary>Rows from the greatest value of a look-up column back; equal ones by their ids.</summary>
    /// <param name="before">Only those behind the row of this id; null: from the first of all.</param>
    public Task<List<Stored<T>>> NewestByAsync(
        Session session, string participant, string column, string? before, int limit, CancellationToken cancel)
    {
        var behind = before is null
            ? ""
            : $"""
               AND ({column}, id) <
                   (SELECT {column}, id FROM {name} WHERE participant = @participant AND id = @before)
               """;
        (string, object?)[] parameters = [("participant", participant), ("limit", limit)];
        return session.QueryAsync(
            $"""
             SELECT participant, id, version, body FROM {name} WHERE participant = @participant {behind}
             ORDER BY {column} DESC, id DESC LIMIT @limit
             """,
            before is null ? parameters : [.. parameters, ("before", before)], Map, cancel);
    }

    /// <summary>The first rows whose look-up column has this value, in the order of their ids.</summary>
    public Task<List<Stored<T>>> ListByAsync(
        Session session, string participant, string column, string value, int limit, CancellationToken cancel) =>
        session.QueryAsync(
            $"""
             SELECT participant, id, version, body FROM {name}
             WHERE participant = @participant AND {column} = @value ORDER BY id LIMIT @limit
             """,
            [("participant", participant), ("value", value), ("limit", limit)], Map, cancel);

    /// <summary>How many rows have this value in their look-up column.</summary>
    public Task<long> CountByAsync(
        Session session, string participant, string column, string value, CancellationToken cancel) =>
        session.CountAsync(
            $"SELECT count(*) FROM {name} WHERE participant = @participant AND {column} = @value",
            [("participant", participant), ("value", value)], cancel);

    /// <summary>All rows whose look-up column has this value, in the order of their ids.</summary>
    public Task<List<Stored<T>>> ListByAsync(
        Session session, string participant, string column, string value, CancellationToken cancel) =>
        session.QueryAsync(
            $"""
             SELECT participant, id, version, body FROM {name}
             WHERE participant = @participant AND {column} = @value ORDER BY id
             """,
            [("participant", participant), ("value", value)], Map, cancel);

    /// <summary>The ids of all rows whose look-up column has this value, in their order; no body is read.</summary>
    /// <param name="shown">The look-up column that is told of each; null where it was not there yet.</param>
    public Task<List<(string Id, string? Shown)>> ListColumnByAsync(
        Session session, string participant, string column, string value, string shown, CancellationToken cancel) =>
        session.QueryAsync(
            $"SELECT id, {shown} FROM {name} WHERE participant = @participant AND {column} = @value ORDER BY id",
            [("participant", participant), ("value", value)],
            row => (row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1)), cancel);

    /// <summary>The rows with these ids that there are, in no order.</summary>
    public Task<List<Stored<T>>> ListAsync(
        Session session, string participant, IReadOnlyCollection<string> ids, CancellationToken cancel)
    {
        if (ids.Count == 0)
            return Task.FromResult<List<Stored<T>>>([]);
        var (sql, parameters) = ByIds(participant, ids);
        return session.QueryAsync(sql, parameters, Map, cancel);
    }

    /// <summary>Saves rows as they are to be, and leaves those alone that are so already.</summary>
    /// <returns>The rows that changed: before, null for a new one, and after.</returns>
    public async Task<List<(Stored<T>? Before, Stored<T> After)>> SaveChangedAsync(
        Unit unit, string participant, IReadOnlyDictionary<string, T> rows, CancellationToken cancel)
    {
        var changed = new List<(Stored<T>? Before, Stored<T> After)>();
        foreach (var part in rows.Chunk(IdsPerStatement))
        {
            var stored = await BodiesAsync(unit, participant, [.. part.Select(r => r.Key)], cancel);
            foreach (var (id, value) in part)
            {
                var known = stored.TryGetValue(id, out var body);
                if (known && body.Body == JsonSerializer.Serialize(value, json))
                    continue;
                var before = known ? new Stored<T>(participant, id, body.Version, Parse(id, body.Body)) : null;
                var after = before?.With(value) ?? new Stored<T>(participant, id, 0, value);
                changed.Add((before, await SaveAsync(unit, after, cancel)));
            }
        }
        return changed;
    }

    /// <summary>Deletes rows.</summary>
    public async Task DeleteAsync(
        Unit unit, string participant, IReadOnlyCollection<string> ids, CancellationToken cancel)
    {
        foreach (var id in ids)
            await unit.WriteAsync(
                $"DELETE FROM {name} WHERE participant = @participant AND id = @id",
                [("participant", participant), ("id", id)], null, cancel);
    }

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
        await unit.WriteAsync(_save, parameters, (name, row.Id), cancel);
        return row with { Version = row.Version + 1 };
    }

    private async Task<Dictionary<string, (long Version, string Body)>> BodiesAsync(
        Session session, string participant, IReadOnlyCollection<string> ids, CancellationToken cancel)
    {
        var (sql, parameters) = ByIds(participant, ids);
        var rows = await session.QueryAsync(
            sql, parameters, r => (Id: r.GetString(1), Version: r.GetInt64(2), Body: r.GetString(3)), cancel);
        return rows.ToDictionary(r => r.Id, r => (r.Version, r.Body), StringComparer.Ordinal);
    }

    private (string Sql, (string, object?)[] Parameters) ByIds(string participant, IReadOnlyCollection<string> ids)
    {
        var names = string.Join(", ", Enumerable.Range(0, ids.Count).Select(i => $"@i{i}"));
        return (
            $"SELECT participant, id, version, body FROM {name} WHERE participant = @participant AND id IN ({names})",
            [("participant", participant), .. ids.Select((id, i) => ($"i{i}", (object?)id))]);
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
        row.GetString(0), row.GetString(1), row.GetInt64(2), Parse(row.GetString(1), row.GetString(3)));

    private T Parse(string id, string body)
    {
        if (_parsed.TryGetValue(id, out var known) && known.Body == body)
            return known.Value;
        var value = JsonSerializer.Deserialize(body, json)
            ?? throw new InvalidOperationException($"Row {id} of {name} has no body.");
        if (_parsed.Count >= ParsedMax)
            _parsed.Clear();
        _parsed[id] = (body, value);
        return value;
    }
}
