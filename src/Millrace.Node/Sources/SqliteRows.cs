using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;
using Apache.Arrow.Types;
using Microsoft.Data.Sqlite;
using Millrace.Engine.Supply;
using Millrace.Protocol.Policies;
using SQLitePCL;

namespace Millrace.Node.Sources;

/// <summary>
/// Rows of SQLite, as of one moment. A column there may hold anything in each row, and only the last one shows what
/// type holds them all: they are read once, at the pace of the source, and wait on this node.
/// </summary>
internal sealed partial class SqliteRows : IDatabaseRows
{
    private const int StepsPerLook = 10_000;

    private readonly StagedCells _staged;
    private readonly IReadOnlyList<Kinds> _kinds;

    private SqliteRows(
        StagedCells staged, IReadOnlyList<string> names, IReadOnlyList<Kinds> kinds, TableSchema? expected)
    {
        (_staged, _kinds, Reader) = (staged, kinds, staged.Read());
        Columns = [.. kinds.Select((k, i) => Column(names[i], k, expected?.Find(names[i])?.Type))];
    }

    /// <summary>Wide whole numbers are no numbers among reals: those have no such value.</summary>
    [Flags]
    private enum Kinds { None = 0, Integer = 1, Real = 2, Text = 4, Bytes = 8, Wide = 16 }

    public DbDataReader Reader { get; }

    public IReadOnlyList<RowColumn> Columns { get; }

    public bool AreStaged => true;

    public string? KindOf(int column) => _kinds[column] switch
    {
        Kinds.Integer or (Kinds.Integer | Kinds.Wide) or Kinds.None => "number",
        Kinds.Text => "text",
        _ => null,
    };

    /// <param name="folder">Where the rows wait.</param>
    /// <param name="bytesMax">Of all cells together.</param>
    /// <exception cref="SourceException">It is not allowed, or has columns that a table cannot have.</exception>
    public static async Task<SqliteRows> OpenAsync(
        SourceAsk ask, SourceSettings settings, Pace pace, string folder, long bytesMax, CancellationToken cancel)
    {
        var source = ask.Source;
        var file = settings.RequireFile(
            source.Path ?? throw new SourceException("bad-source", "A source of SQLite has a path."));
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        }.ConnectionString);
        await connection.OpenAsync(cancel);
        // What computes long before its next row notices so that it is no longer wanted.
        raw.sqlite3_progress_handler(
            connection.Handle!, StepsPerLook, _ => cancel.IsCancellationRequested ? 1 : 0, null);
        var sql = source.Statement ?? $"SELECT * FROM {Quoted(source.Table!)}";
        RequireOneSelect(connection.Handle!, sql);
        if (ask.After is { } after)
            sql = $"SELECT * FROM ({sql}\n) WHERE {From(after)}";
        await using var command = new SqliteCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<string> names = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
        var staged = new StagedCells(Path.Combine(folder, ".staged"), names.Count);
        try
        {
            return new SqliteRows(
                staged, names, await StageAsync(reader, staged, pace, bytesMax, cancel), ask.Expected);
        }
        catch
        {
            await staged.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Reader.DisposeAsync();
        await _staged.DisposeAsync();
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
                || raw.sqlite3_column_count(statement) == 0 || !Select().IsMatch(sql))
            {
                throw new SourceException("bad-source", "The query of a source must be one SELECT.");
            }
        }
    }

    /// <returns>What each column holds.</returns>
    private static async Task<Kinds[]> StageAsync(
        DbDataReader reader, StagedCells staged, Pace pace, long bytesMax, CancellationToken cancel)
    {
        var (kinds, cells, bytes) = (new Kinds[reader.FieldCount], new object[reader.FieldCount], 0L);
        while (await reader.ReadAsync(cancel))
        {
            await pace.NextAsync(cancel);
            for (var i = 0; i < cells.Length; i++)
            {
                cells[i] = reader.GetValue(i);
                kinds[i] |= KindOf(cells[i]);
                if (kinds[i].HasFlag(Kinds.Bytes)) throw HasBytes(reader.GetName(i));
                bytes += cells[i] is string text ? sizeof(char) * (long)text.Length : sizeof(long);
            }
            if (bytes > bytesMax) throw RowFile.TooLarge(bytesMax);
            staged.Add(cells);
        }
        return kinds;
    }

    private static Kinds KindOf(object cell) => cell switch
    {
        DBNull => Kinds.None,
        long whole => (Int128)(double)whole == whole ? Kinds.Integer : Kinds.Integer | Kinds.Wide,
        double => Kinds.Real,
        byte[] => Kinds.Bytes,
        _ => Kinds.Text,
    };

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
        (Kinds.Integer or (Kinds.Integer | Kinds.Wide), not (ColumnType.Number or ColumnType.Text))
            or (Kinds.None, ColumnType.Integer) =>
            RowColumn.Integers(name, Int64Type.Default, (r, c) => r.GetInt64(c)),
        (Kinds.Real or (Kinds.Real | Kinds.Integer), not ColumnType.Text)
            or (Kinds.None or Kinds.Integer, ColumnType.Number) => RowColumn.Numbers(name),
        _ => RowColumn.Texts(name, Text),
    };

    /// <summary>As SQLite writes it, unless that is another number: it writes 15 digits of one.</summary>
    private static string Text(DbDataReader row, int column)
    {
        var text = row.GetString(column);
        return row.GetValue(column) is double number
            && !(double.TryParse(text, CultureInfo.InvariantCulture, out var read) && read.Equals(number))
                ? number.ToString("R", CultureInfo.InvariantCulture)
                : text;
    }

    private static SourceException HasBytes(string name) => new(
        "unsupported-type",
        $"Column {name} of the source holds bytes, which are not taken: leave it out with a query.");

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>PRAGMA, VALUES and EXPLAIN have rows too. Comments may stand before it.</summary>
    [GeneratedRegex(@"^(?>(\s|--[^\n]*\n|/\*.*?\*/)*)(SELECT|WITH)\b", RegexOptions.IgnoreCase
        | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Select();
}
