using System.Data.Common;
using Apache.Arrow.Types;
using Microsoft.Data.Sqlite;
using Millrace.Engine.Supply;
using Millrace.Protocol.Policies;
using SQLitePCL;

namespace Millrace.Node.Sources;

/// <summary>
/// Rows of SQLite, as of one moment. A column there may hold anything in each row: it is read twice, first for what it
/// holds.
/// </summary>
internal sealed class SqliteRows : IDatabaseRows
{
    private const int StepsPerLook = 10_000;

    private readonly SqliteConnection _connection;
    private readonly SqliteTransaction _transaction;
    private readonly SqliteCommand _command;
    private readonly IReadOnlyList<Kinds> _kinds;

    private SqliteRows(
        SqliteConnection connection, SqliteTransaction transaction, SqliteCommand command, IReadOnlyList<Kinds> kinds,
        DbDataReader reader, TableSchema? expected)
    {
        (_connection, _transaction, _command, _kinds) = (connection, transaction, command, kinds);
        Reader = reader;
        Columns = [.. kinds.Select((k, i) => Column(reader.GetName(i), k, expected?.Find(reader.GetName(i))?.Type))];
    }

    [Flags]
    private enum Kinds { None = 0, Integer = 1, Real = 2, Text = 4, Bytes = 8 }

    public DbDataReader Reader { get; }

    public IReadOnlyList<RowColumn> Columns { get; }

    public string? KindOf(int column) => _kinds[column] switch
    {
        Kinds.Integer or Kinds.None => "number",
        Kinds.Text => "text",
        _ => null,
    };

    /// <exception cref="SourceException">It is not allowed, or has columns that a table cannot have.</exception>
    public static async Task<SqliteRows> OpenAsync(
        SourceAsk ask, SourceSettings settings, CancellationToken cancel)
    {
        var source = ask.Source;
        var file = settings.RequireFile(
            source.Path ?? throw new SourceException("bad-source", "A source of SQLite has a path."));
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancel);
            // What computes long before its next row notices so that it is no longer wanted.
            raw.sqlite3_progress_handler(
                connection.Handle!, StepsPerLook, _ => cancel.IsCancellationRequested ? 1 : 0, null);
            var sql = source.Statement ?? $"SELECT * FROM {Quoted(source.Table!)}";
            RequireOneSelect(connection.Handle!, sql);
            if (ask.After is { } after)
                sql = $"SELECT * FROM ({sql}\n) WHERE {From(after)}";
            var transaction = connection.BeginTransaction(deferred: true);
            var command = new SqliteCommand(sql, connection, transaction);
            Kinds[] kinds;
            await using (var first = await command.ExecuteReaderAsync(cancel))
                kinds = Found(first, cancel);
            return new SqliteRows(
                connection, transaction, command, kinds, await command.ExecuteReaderAsync(cancel), ask.Expected);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Reader.DisposeAsync();
        await _command.DisposeAsync();
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    /// <summary>No other file is reached, neither by ATTACH nor by VACUUM INTO, and nothing stands behind it.</summary>
    private static void RequireOneSelect(sqlite3 database, string sql)
    {
        raw.sqlite3_limit(database, raw.SQLITE_LIMIT_ATTACHED, 0);
        var code = raw.sqlite3_prepare_v2(database, sql, out var statement, out var rest);
        using (statement)
        {
            if (code != raw.SQLITE_OK)
                throw new SqliteException(raw.sqlite3_errmsg(database).utf8_to_string(), code);
            if (!string.IsNullOrWhiteSpace(rest) || raw.sqlite3_stmt_readonly(statement) == 0
                || raw.sqlite3_column_count(statement) == 0)
            {
                throw new SourceException("bad-source", "The query of a source must be one SELECT.");
            }
        }
    }

    private static Kinds[] Found(SqliteDataReader reader, CancellationToken cancel)
    {
        var kinds = new Kinds[reader.FieldCount];
        while (reader.Read())
        {
            cancel.ThrowIfCancellationRequested();
            for (var i = 0; i < kinds.Length; i++)
                kinds[i] |= KindOf(reader, i);
        }
        return kinds;
    }

    private static Kinds KindOf(SqliteDataReader reader, int i)
    {
        if (reader.IsDBNull(i))
            return Kinds.None;
        var type = reader.GetFieldType(i);
        return type == typeof(long) ? Kinds.Integer
            : type == typeof(double) ? Kinds.Real
            : type == typeof(byte[]) ? Kinds.Bytes
            : Kinds.Text;
    }

    /// <summary>
    /// From the greatest value of last time on; and rows whose value is of another kind or written in another way, none
    /// among them: a column there has no type that would keep them out, and they have no place in its order.
    /// </summary>
    private static string From(Watermark after)
    {
        var (column, isText) = (Quoted(after.Column), after.Kind == "text");
        return isText
            ? $"{column} COLLATE BINARY >= '{after.Value}' OR typeof({column}) <> 'text' "
                + $"OR {column} NOT GLOB '{Increment.Glob(after.Value)}'"
            : $"{column} >= {after.Value} OR typeof({column}) <> 'integer'";
    }

    /// <param name="expected">What the product has: few rows may not show it.</param>
    private static RowColumn Column(string name, Kinds kinds, ColumnType? expected) => (kinds, expected) switch
    {
        (Kinds.Integer, not (ColumnType.Number or ColumnType.Text)) or (Kinds.None, ColumnType.Integer) =>
            RowColumn.Integers(name, Int64Type.Default, (r, c) => r.GetInt64(c)),
        (Kinds.Real or (Kinds.Real | Kinds.Integer), not ColumnType.Text)
            or (Kinds.None or Kinds.Integer, ColumnType.Number) => RowColumn.Numbers(name),
        _ when kinds.HasFlag(Kinds.Bytes) => throw new SourceException(
            "unsupported-type",
            $"Column {name} of the source holds bytes, which are not taken: leave it out with a query."),
        _ => RowColumn.Texts(name),
    };

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
