using System.Data;
using System.Data.Common;
using System.Globalization;
using Apache.Arrow.Types;
using Millrace.Engine.Supply;
using Npgsql;

namespace Millrace.Node.Sources;

/// <summary>Rows of PostgreSQL, as of one moment.</summary>
internal sealed class PostgresRows : IDatabaseRows
{
    private const int DigitsMax = 28; // Those of the decimal of .NET.

    /// <summary>PostgreSQL counts days and microseconds from 2000-01-01.</summary>
    private const int DaysTo2000 = 10_957;

    private const long MicrosecondsTo2000 = DaysTo2000 * TimeSpan.MicrosecondsPerDay;

    /// <summary>What a table can have, from 2000 on; what PostgreSQL has for infinity lies beyond.</summary>
    private const long DaysMax = 1_999_000_000, MicrosecondsMax = 8_999_000_000_000_000_000;

    private static readonly HashSet<string> _allowed = new(
        ["Host", "Port", "Database", "Username", "SSL Mode"], StringComparer.OrdinalIgnoreCase);

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly IReadOnlyList<string?> _kinds;

    private PostgresRows(NpgsqlConnection connection, NpgsqlTransaction transaction, DbDataReader reader,
        IReadOnlyList<RowColumn> columns, IReadOnlyList<string?> kinds) =>
        (_connection, _transaction, Reader, Columns, _kinds) = (connection, transaction, reader, columns, kinds);

    public DbDataReader Reader { get; }

    public IReadOnlyList<RowColumn> Columns { get; }

    public bool AreStaged => false;

    public string? KindOf(int column) => _kinds[column];

    /// <exception cref="SourceException">It is not allowed, or has columns that a table cannot have.</exception>
    public static async Task<PostgresRows> OpenAsync(
        SourceAsk ask, SourceSettings settings, Limits limits, CancellationToken cancel)
    {
        var source = ask.Source;
        var connection = new NpgsqlConnection(Connection(source, settings, limits));
        NpgsqlTransaction? transaction = null;
        try
        {
            await connection.OpenAsync(cancel);
            transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
            // In the order of its pages, always: same rows are same bytes.
            await using (var gentle = new NpgsqlCommand(
                "SET TRANSACTION READ ONLY; SET LOCAL synchronize_seqscans = off; "
                + "SET LOCAL max_parallel_workers_per_gather = 0",
                connection, transaction))
            {
                await gentle.ExecuteNonQueryAsync(cancel);
            }
            var sql = source.Statement ?? $"SELECT * FROM {string.Join('.', source.Table!.Split('.').Select(Quoted))}";
            List<(string Name, string Type, RowColumn? Column)> found;
            await using (var shape = await ReadAsync(connection, transaction, sql, CommandBehavior.SchemaOnly, cancel))
                found = [.. Enumerable.Range(0, shape.FieldCount).Select(i => Found(shape, i))];
            if (found.Count == 0)
                throw new SourceException("bad-source", "The query of a source must be a SELECT.");
            if (ask.After is { } mark && found.All(f => f.Name != mark.Column))
                throw Increment.Missing(mark.Column);
            if (found.Any(f => f.Column is null) || ask.After is not null)
            {
                var cells = found.Select(f => Quoted(f.Name) + (f.Column is null ? "::text" : ""));
                sql = $"SELECT {string.Join(", ", cells)} FROM ({sql}\n) AS source{From(ask.After)}";
            }
            // Out of its order a cell can be read twice, which telling rows apart takes.
            var reader = await ReadAsync(
                connection, transaction, sql,
                source.Incremental is null ? CommandBehavior.SequentialAccess : CommandBehavior.Default, cancel);
            return new PostgresRows(
                connection, transaction, reader, [.. found.Select(f => f.Column ?? RowColumn.Texts(f.Name))],
                [.. found.Select(f => f.Column is null ? null : KindOf(f.Type))]);
        }
        catch
        {
            if (transaction is not null)
                await transaction.DisposeAsync();
            await connection.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Reader.DisposeAsync();
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    /// <summary>A batch takes one statement: a second one could end the transaction that only reads.</summary>
    private static async Task<NpgsqlDataReader> ReadAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string sql, CommandBehavior behavior,
        CancellationToken cancel)
    {
        var batch = new NpgsqlBatch(connection, transaction) { BatchCommands = { new NpgsqlBatchCommand(sql) } };
        batch.Timeout = connection.CommandTimeout;
        return await batch.ExecuteReaderAsync(behavior, cancel);
    }

    private static string Connection(SourceDocument source, SourceSettings settings, Limits limits)
    {
        NpgsqlConnectionStringBuilder given;
        try
        {
            given = new NpgsqlConnectionStringBuilder(source.Connection);
        }
        catch (ArgumentException)
        {
            throw new SourceException(
                "bad-source", "The connection must be such as Host=db.example.org;Database=shop;Username=reader.");
        }
        if (given.Keys.FirstOrDefault(k => !_allowed.Contains(k)) is { } other)
            throw new SourceException(
                "bad-source",
                $"The connection may not say {other}: only Host, Port, Database, Username and SSL Mode stand there, "
                + "and passwordFrom names the environment variable of the node that has the password.");
        if (given is not { Host: { Length: > 0 } host, Username.Length: > 0, Database.Length: > 0 }
            || host.AsSpan().ContainsAny(",/\\:"))
        {
            throw new SourceException(
                "bad-source", "The connection must name one Host, a Database and a Username.");
        }
        settings.RequireHost(host, given.Port);
        if (source.PasswordFrom is { } variable)
            given.Password = settings.Secret("passwordFrom", variable);
        given.Pooling = false;
        given.CommandTimeout = (int)limits.SourceSilenceMax.TotalSeconds;
        given.ApplicationName = "millrace";
        return given.ConnectionString;
    }

    /// <summary>A column by the type of its cells; none: they are read as PostgreSQL writes them.</summary>
    private static (string Name, string Type, RowColumn? Column) Found(NpgsqlDataReader shape, int i)
    {
        var (name, type) = (shape.GetName(i), shape.GetPostgresType(i));
        return (name, type.InternalName, type.InternalName switch
        {
            "bool" => RowColumn.Truths(name),
            "int2" or "int4" or "int8" => RowColumn.Integers(name, Int64Type.Default, (r, c) => r.GetInt64(c)),
            "float4" => RowColumn.Floats(name),
            "float8" => RowColumn.Numbers(name),
            "numeric" => Decimals(shape, i, name),
            "date" => RowColumn.Days(
                name, (r, c) => (int)Finite(name, r.GetFieldValue<int>(c), DaysMax) + DaysTo2000),
            "time" => RowColumn.Integers(
                name, new Time64Type(TimeUnit.Microsecond), (r, c) => TimeOfDay(name, r.GetFieldValue<long>(c))),
            "timestamp" or "timestamptz" => RowColumn.Integers(
                name, new TimestampType(TimeUnit.Microsecond, type.InternalName == "timestamptz" ? "UTC" : null),
                (r, c) => Finite(name, r.GetFieldValue<long>(c), MicrosecondsMax) + MicrosecondsTo2000),
            "text" or "varchar" or "bpchar" or "name" => RowColumn.Texts(name),
            "bytea" => throw Unsupported(name, "bytes"),
            ['_', ..] => throw Unsupported(name, "arrays"),
            _ => null,
        });
    }

    private static string? KindOf(string type) => type switch
    {
        "int2" or "int4" or "int8" or "numeric" => "number",
        "date" or "timestamp" or "timestamptz" => type,
        _ => null,
    };

    /// <summary>From the greatest value of last time on; and rows without a value, which are refused.</summary>
    private static string From(Watermark? after)
    {
        if (after is null)
            return "";
        var value = after.Kind switch
        {
            "number" => after.Value,
            "date" => $"date '1970-01-01' + {after.Value}",
            _ => $"{after.Kind} '1970-01-01 00:00:00+00' + interval '{Interval(after.Value)}'",
        };
        return $" WHERE {Quoted(after.Column)} >= {value} OR {Quoted(after.Column)} IS NULL";
    }

    /// <summary>
    /// In parts: PostgreSQL before 15 takes no larger numbers than 32 bits there. Not in days: in a zone of time some
    /// are longer.
    /// </summary>
    private static string Interval(string microseconds)
    {
        var (seconds, rest) = Math.DivRem(
            long.Parse(microseconds, CultureInfo.InvariantCulture), TimeSpan.MicrosecondsPerSecond);
        return string.Create(
            CultureInfo.InvariantCulture, $"{seconds / 3600} hours {seconds % 3600} seconds {rest} microseconds");
    }

    private static RowColumn? Decimals(NpgsqlDataReader shape, int i, string name) =>
        shape.GetColumnSchema()[i] is
            { NumericPrecision: <= DigitsMax and var digits, NumericScale: >= 0 and var scale }
            ? RowColumn.Decimals(name, new Decimal128Type(digits, scale))
            : null;

    private static long Finite(string name, long value, long most) =>
        value < -most || value > most
            ? throw new SourceException(
                "unsupported-type",
                $"Column {name} holds infinity, or a day further away than a table can have: leave such rows out.")
            : value;

    private static long TimeOfDay(string name, long microseconds) =>
        microseconds < TimeSpan.MicrosecondsPerDay
            ? microseconds
            : throw new SourceException(
                "unsupported-type",
                $"Column {name} holds 24:00:00, which no day of a table has: make text of it in a query, with ::text.");

    private static SourceException Unsupported(string name, string what) => new(
        "unsupported-type",
        $"Column {name} of the source holds {what}, which are not taken: leave it out with a query, or make text of "
        + "it.");

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
