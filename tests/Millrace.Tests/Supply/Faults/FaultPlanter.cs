using System.Globalization;
using DuckDB.NET.Data;
using Millrace.Protocol.Policies;

namespace Millrace.Tests.Supply.Faults;

/// <summary>What goes wrong in tables.</summary>
internal enum Fault
{
    /// <summary>A cell has lost its value.</summary>
    Nulls,

    /// <summary>Two cells of a row, of the same type, stand in each other's place.</summary>
    Swapped,

    /// <summary>A date is a year off.</summary>
    ShiftedDates,

    /// <summary>A row stands there twice.</summary>
    Duplicates,

    /// <summary>A number is in a unit a thousand times smaller.</summary>
    Thousandfold,

    /// <summary>A number is in kilometres instead of miles.</summary>
    OtherUnit,
}

/// <summary>A table with faults.</summary>
/// <param name="Rows">Those that are faulty, counted from 1.</param>
internal sealed record PlantedTable(string Path, IReadOnlySet<long> Rows);

/// <summary>
/// Plants faults into a copy of a real table: which rows and cells, a hash of the row's number and the seed says, so
/// that the same faults stand there each time. A change that changes nothing (a swap of equal values) is not planted.
/// </summary>
internal static class FaultPlanter
{
    private const int PairsMax = 10;

    /// <param name="parquet">The clean table.</param>
    /// <param name="share">Of the rows, 0 to 1.</param>
    /// <returns>Null: no column can have this fault.</returns>
    public static PlantedTable? Plant(
        string parquet, TableSchema schema, Fault fault, double share, int seed, string target)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        var rows = string.Create(CultureInfo.InvariantCulture, $"""
            (SELECT *, file_row_number AS planted_r,
              hash(file_row_number * 1000003 + {seed}) % 1000000 < {share * 1_000_000:0} AS planted_p,
              hash(file_row_number * 7919 + {seed + 1}) AS planted_w
            FROM read_parquet('{parquet}', file_row_number = true))
            """);
        var columns = string.Join(", ", schema.Columns.Select(c => Name(c.Name)));
        if (fault == Fault.Duplicates)
        {
            Run(connection, $"COPY (SELECT {columns} FROM {rows} UNION ALL "
                + $"SELECT {columns} FROM {rows} WHERE planted_p) TO '{target}' (FORMAT parquet)");
            var clean = Numbers(connection, $"SELECT count(*) FROM '{parquet}'").Single();
            var all = Numbers(connection, $"SELECT count(*) FROM '{target}'").Single();
            return new PlantedTable(target, Enumerable.Range(1, (int)(all - clean)).Select(i => clean + i).ToHashSet());
        }
        List<(Column Column, string New)[]> ways = [.. Ways(schema, fault)];
        if (ways.Count == 0) return null;
        var cells = schema.Columns.Select(c => Cell(c, ways));
        Run(connection, $"COPY (SELECT {string.Join(", ", cells)} FROM {rows}) TO '{target}' (FORMAT parquet)");
        var changed = string.Join(" OR ", ways.Select((way, i) => $"({Chosen(i, ways.Count)} AND {Changes(way)})"));
        var faulty = Numbers(connection, $"SELECT planted_r + 1 FROM {rows} WHERE planted_p AND ({changed})");
        return new PlantedTable(target, faulty.ToHashSet());
    }

    private static string Changes((Column Column, string New)[] way) =>
        $"({string.Join(" OR ", way.Select(w => $"{w.New} IS DISTINCT FROM {Name(w.Column.Name)}"))})";

    /// <summary>The ways in which a row can have the fault, each with the new values of cells.</summary>
    private static IEnumerable<(Column, string)[]> Ways(TableSchema schema, Fault fault) => fault switch
    {
        Fault.Nulls => schema.Columns.Select(c => new[] { (c, "NULL") }),
        Fault.Swapped => schema.Columns
            .SelectMany((a, i) => schema.Columns.Skip(i + 1).Where(b => b.Type == a.Type).Select(b => (a, b)))
            .Take(PairsMax)
            .Select(p => new[] { (p.a, Name(p.b.Name)), (p.b, Name(p.a.Name)) }),
        Fault.ShiftedDates => schema.Columns
            .Where(c => c.Type is ColumnType.Date or ColumnType.Timestamp)
            .Select(c => new[] { (c, $"({Name(c.Name)} + INTERVAL 1 YEAR)") }),
        Fault.Thousandfold => Scaled(schema, "1000"),
        Fault.OtherUnit => Scaled(schema, "1.609344"),
        _ => [],
    };

    private static IEnumerable<(Column, string)[]> Scaled(TableSchema schema, string factor) => schema.Columns
        .Where(c => c.Type is ColumnType.Integer or ColumnType.Decimal or ColumnType.Number)
        .Select(c => new[] { (c, $"(CAST({Name(c.Name)} AS DOUBLE) * {factor})") });

    /// <summary>The cell, with the fault where it is planted, in a type of the same kind.</summary>
    private static string Cell(Column column, List<(Column Column, string New)[]> ways)
    {
        var name = Name(column.Name);
        var whens = ways.SelectMany((way, i) => way.Where(w => w.Column == column).Select(
            w => $"WHEN planted_p AND {Chosen(i, ways.Count)} THEN {Typed(w.New, column.Type)}")).ToList();
        return whens.Count == 0 ? name : $"CASE {string.Join(' ', whens)} ELSE {name} END AS {name}";
    }

    private static string Typed(string value, ColumnType type) => type switch
    {
        ColumnType.Integer => $"CAST({value} AS BIGINT)",
        ColumnType.Decimal => $"CAST({value} AS DECIMAL(28, 6))",
        ColumnType.Date => $"CAST({value} AS DATE)",
        _ => value,
    };

    private static string Chosen(int way, int of) => $"planted_w % {of} = {way}";

    private static string Name(string column) => $"\"{column.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static void Run(DuckDBConnection connection, string statement)
    {
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }

    private static List<long> Numbers(DuckDBConnection connection, string statement)
    {
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        using var reader = command.ExecuteReader();
        var numbers = new List<long>();
        while (reader.Read()) numbers.Add(Convert.ToInt64(reader.GetValue(0), CultureInfo.InvariantCulture));
        return numbers;
    }
}
