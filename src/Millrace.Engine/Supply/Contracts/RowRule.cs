using System.Globalization;
using System.Numerics;
using Millrace.Engine.Delivery;
using Millrace.Engine.Duck;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.Contracts;

/// <summary>Rules on single rows as SQL: which rows a rule speaks of, and which of those keep it.</summary>
/// <param name="Applies">A condition that is never NULL.</param>
/// <param name="Holds">A condition that is never NULL where the rule applies.</param>
internal sealed record RowRule(string Applies, string Holds)
{
    /// <summary>Null for a rule that is not on single rows.</summary>
    /// <exception cref="ContractException">It does not fit the table.</exception>
    public static RowRule? Of(ContractRule rule, TableSchema schema, Func<string, string> condition) =>
        rule.Test switch
        {
            NoNulls n => new("true", Missing(n, schema, rule.Path)),
            InRange r => Given(r.Column, $"({RangeSql(r, schema, rule.Path)})"),
            OfLength l => Given(l.Column, LengthSql(l, schema, rule.Path)),
            Matches m => Given(
                Typed(m.Column, schema, rule.Path, ColumnType.Text),
                $"regexp_matches({Sql.Name(m.Column)}, {Text(m.Regex, rule.Path)})"),
            OneOf o => Given(o.Column, $"{Sql.Name(o.Column)} IN ({Literals(o.Column, o.Values, schema, rule.Path)})"),
            SumIs s => SumSql(s, schema, rule.Path),
            Condition c => ConditionSql(condition(c.Text)),
            _ => null,
        };

    /// <exception cref="ContractException">The table has no such column.</exception>
    public static ColumnType TypeOf(string column, TableSchema schema, string path) =>
        schema.Find(column)?.Type ?? throw Unfit(path, $"the table has no column {column}");

    public static ContractException Unfit(string path, string what) =>
        new("contract-differs", $"{path}: {what}; mend the contract or the table.");

    /// <summary>Why the engine does not take a rule.</summary>
    public static string WhyNot(ContractRule rule) => rule.Test is Matches m
        ? $"{m.Regex} is no pattern of RE2, which knows neither look-around nor back references"
        : "it cannot be asked of the columns as they are";

    /// <summary>A row has a value in each of the columns.</summary>
    public static string AllGiven(IEnumerable<string> columns) =>
        string.Join(" AND ", columns.Select(c => $"{Sql.Name(c)} IS NOT NULL"));

    private static RowRule Given(string column, string holds) => new($"{Sql.Name(column)} IS NOT NULL", holds);

    private static RowRule ConditionSql(string sql) => new($"({sql}) IS NOT NULL", $"({sql})");

    private static string Missing(NoNulls rule, TableSchema schema, string path)
    {
        TypeOf(rule.Column, schema, path);
        var name = Sql.Name(rule.Column);
        return rule.AlsoMissing.Count == 0
            ? $"{name} IS NOT NULL"
            : $"({name} IS NOT NULL AND {name} NOT IN ({Literals(rule.Column, rule.AlsoMissing, schema, path)}))";
    }

    private static string RangeSql(InRange rule, TableSchema schema, string path)
    {
        var type = TypeOf(rule.Column, schema, path);
        if (type is ColumnType.Text or ColumnType.Boolean or ColumnType.Binary)
            throw Unfit(path, $"{rule.Column} is of type {type} and has no range");
        var name = Sql.Name(rule.Column);
        var parts = new List<string>();
        if (rule.Min is { } min)
            parts.Add($"{name} {(rule.IsMinExcluded ? ">" : ">=")} {Literal(min, type, path)}");
        if (rule.Max is { } max)
            parts.Add($"{name} {(rule.IsMaxExcluded ? "<" : "<=")} {Literal(max, type, path)}");
        if (type == ColumnType.Number) parts.Add($"NOT isnan({name})");
        return string.Join(" AND ", parts);
    }

    private static string LengthSql(OfLength rule, TableSchema schema, string path)
    {
        var length = $"length({Sql.Name(Typed(rule.Column, schema, path, ColumnType.Text))})";
        return string.Create(
            CultureInfo.InvariantCulture, $"{length} BETWEEN {rule.Min ?? 0} AND {rule.Max ?? long.MaxValue}");
    }

    private static RowRule SumSql(SumIs rule, TableSchema schema, string path)
    {
        var types = rule.Columns.Select(c => TypeOf(c, schema, path)).ToList();
        if (types.Any(t => t is not (ColumnType.Integer or ColumnType.Decimal or ColumnType.Number)))
            throw Unfit(path, "only columns of numbers can be added up");
        var isExact = !types.Contains(ColumnType.Number);
        // Wide enough for a sum of many; a column of decimals keeps its own scale.
        string Cell(string column) => isExact
            ? $"CAST({Sql.Name(column)} AS DECIMAL(38, 9))" : $"CAST({Sql.Name(column)} AS DOUBLE)";
        var sum = $"({string.Join(" + ", rule.Parts.Select(Cell))})";
        var total = Cell(rule.Total);
        return new(
            AllGiven(rule.Columns),
            isExact ? $"{sum} = {total}"
                : $"(abs({sum} - {total}) <= 1e-9 * greatest(abs({sum}), abs({total})) AND NOT isnan({sum}))");
    }

    private static string Typed(string column, TableSchema schema, string path, ColumnType type) =>
        TypeOf(column, schema, path) == type
            ? column
            : throw Unfit(path, $"{column} is not of type {type.ToString().ToLowerInvariant()}");

    private static string Literals(string column, IReadOnlyList<string> values, TableSchema schema, string path)
    {
        var type = TypeOf(column, schema, path);
        return string.Join(", ", values.Select(v => Literal(v, type, path)));
    }

    private static string Literal(string value, ColumnType type, string path) => type switch
    {
        ColumnType.Text => Text(value, path),
        ColumnType.Boolean when value is "true" or "false" => value,
        ColumnType.Integer or ColumnType.Decimal when decimal.TryParse(
            value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => RowSql.DecimalLiteral(number),
        ColumnType.Integer when BigInteger.TryParse(value, CultureInfo.InvariantCulture, out var whole) =>
            $"CAST('{whole}' AS DOUBLE)",
        ColumnType.Number when double.TryParse(
            value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) =>
            $"CAST('{number.ToString("R", CultureInfo.InvariantCulture)}' AS DOUBLE)",
        ColumnType.Date when DateOnly.TryParseExact(
            value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) =>
            $"CAST('{value}' AS DATE)",
        ColumnType.Timestamp when DateTimeOffset.TryParse(
            value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) =>
            $"CAST('{moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}' "
            + "AS TIMESTAMP)",
        ColumnType.Time when TimeOnly.TryParse(value, CultureInfo.InvariantCulture, out var time) =>
            $"CAST('{time.ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}' AS TIME)",
        _ => throw Unfit(path, $"a bound or value is not of the column's type {type.ToString().ToLowerInvariant()}"),
    };

    private static string Text(string value, string path)
    {
        try
        {
            return Sql.Text(value);
        }
        catch (ArgumentException)
        {
            throw Unfit(path, "it holds a text that no cell can hold");
        }
    }
}
