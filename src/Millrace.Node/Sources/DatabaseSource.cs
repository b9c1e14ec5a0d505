using System.Data.Common;
using Microsoft.Data.Sqlite;
using Millrace.Engine.Supply;
using Npgsql;

namespace Millrace.Node.Sources;

/// <summary>
/// Reads a table or a SELECT of a database: over one connection, in one transaction that only reads, row by row.
/// </summary>
public sealed class DatabaseSource(SourceSettings settings, Clock clock)
{
    /// <returns>An Arrow stream with the rows.</returns>
    /// <exception cref="SourceException">It may not be read, or cannot, and why.</exception>
    public async Task<Fetched> FetchAsync(SourceAsk ask, string folder, CancellationToken cancel)
    {
        var source = ask.Source;
        if (source is not ({ Table: { Length: > 0 }, Query: null } or { Table: null, Query.Length: > 0 }))
            throw new SourceException("bad-source", "A database as a source has a table or a query, one of them.");
        if (source.RowsPerSecond is <= 0)
            throw new SourceException("bad-source", "rowsPerSecond must be more than 0.");
        if (source.Incremental is { Column: "" })
            throw new SourceException("bad-source", "incremental names the column by which the table grows.");
        var path = Path.Combine(folder, $"{SourceReader.FileName(source.Table ?? "query")}.arrows");
        var bytesMax = clock.Limits.UploadBytesMax;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var pace = new Pace(source.RowsPerSecond, clock.Time);
                await using IDatabaseRows rows = source.Kind == "sqlite"
                    ? await SqliteRows.OpenAsync(ask, settings, pace, folder, bytesMax, cancel)
                    : await PostgresRows.OpenAsync(ask, settings, clock.Limits, cancel);
                var increment = source.Incremental is null ? null : Begin(rows, ask);
                var written = await RowFile.WriteAsync(
                    rows.Reader, rows.Columns, path, rows.AreStaged ? Pace.None : pace, bytesMax, increment, cancel);
                var reached = increment?.Reached();
                return new Fetched(written == 0 && ask.After is not null ? [] : [path], reached);
            }
            catch (DbException e) when (IsLost(e) && attempt < clock.Limits.SourceAttemptsMax)
            {
            }
            catch (DbException e)
            {
                cancel.ThrowIfCancellationRequested();
                throw Explained(e, attempt);
            }
        }
    }

    private Increment Begin(IDatabaseRows rows, SourceAsk ask)
    {
        var column = ask.Source.Incremental!.Column;
        var key = rows.Columns.Select(c => c.Field.Name).ToList().IndexOf(column);
        if (key < 0)
            throw Increment.Missing(column);
        var kind = rows.KindOf(key) ?? throw Increment.Unordered(column);
        if (ask.After is { } after && after.Kind != kind)
            throw new SourceException(
                "schema-changed",
                $"{column} has another type than when it was read last: read the source whole with millrace refresh "
                + "--whole.");
        return new Increment(rows.Columns, key, kind, ask.After, clock.Limits.BorderRowsMax);
    }

    /// <summary>The connection is gone, or there was none: what was read so far is worth nothing.</summary>
    private static bool IsLost(DbException e) =>
        e is NpgsqlException and (not PostgresException or { IsTransient: true });

    /// <summary>What a database says may hold values; what it says of names and rights does not.</summary>
    private static SourceException Explained(DbException e, int attempts) => e switch
    {
        _ when IsLost(e) => new SourceException(
            "source-lost",
            $"The database cannot be reached, or broke off, {attempts} times: see that it runs and try again."),
        PostgresException { SqlState: ['4', '2', ..] or ['2', '8', ..] or ['3', 'D', ..] } told => new SourceException(
            "source-refused", $"The database refuses: {told.MessageText.TrimEnd('.')}."),
        PostgresException other => new SourceException(
            "source-refused", $"The database refuses with SQLSTATE {other.SqlState}: correct the query."),
        SqliteException { SqliteErrorCode: 1 } told => new SourceException(
            "source-refused", $"The database refuses: {told.Message.TrimEnd('.')}."),
        SqliteException { SqliteErrorCode: 13 } => new SourceException(
            "disk-full", "The disk is full; free some space, or move the data folder, and try again."),
        _ => new SourceException(
            "source-refused", "The file is no SQLite database that can be read: see that it is whole."),
    };
}

/// <summary>The rows of a database while they are read.</summary>
internal interface IDatabaseRows : IAsyncDisposable
{
    DbDataReader Reader { get; }

    IReadOnlyList<RowColumn> Columns { get; }

    /// <summary>Whether they were all read from the source before, and wait on this node.</summary>
    bool AreStaged { get; }

    /// <summary>How the values of a column are ordered, as <see cref="Watermark.Kind"/>; null: they are not.</summary>
    string? KindOf(int column);
}
