using Millrace.Engine.Duck;
using Millrace.Engine.Supply.Fields;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.Conversions;

/// <summary>A conversion that was held against its table.</summary>
/// <param name="Done">All of it said.</param>
/// <param name="Type">Of the column that comes of it.</param>
/// <param name="Expression">That reads it from a row of the table.</param>
/// <param name="Codes">By what the column may hold, in lower case, the code; null: it is measured.</param>
internal sealed record ConvertedColumn(
    Conversion Done, ColumnType Type, string Expression, IReadOnlyDictionary<string, string>? Codes = null)
{
    /// <exception cref="SourceException">The table has no such column, or it cannot be converted so.</exception>
    public static ConvertedColumn Of(Conversion wish, TableSchema schema)
    {
        var column = schema.Find(wish.Column) ?? throw Wrong(
            $"The table has no column {wish.Column} to convert. One that is converted already is taken with --convert "
            + "none.");
        if (FieldPacks.Codes(wish.To) is { } codes)
            return wish.From is null ? Coded(wish, codes) : throw Wrong(
                $"{wish.To} is a list of codes: what the values of {wish.Column} mean is looked up there. Leave "
                + $"{wish.From} out.");
        if (!ColumnFigures.IsNumeric(column.Type))
            throw Wrong(
                $"{wish.Column} holds other values than numbers, which have no unit, or numbers with more digits than "
                + "can be converted: round them.");
        var (from, to) = UnitsOf(wish);
        var name = Usable(wish.Name) ?? UnitName.Replace(wish.Column, from, to);
        return new ConvertedColumn(
            new Conversion(wish.Column, to.Code, from.Code, name), ColumnType.Number,
            UnitScale.Between(from, to).Sql(Sql.Name(wish.Column)));
    }

    private static (Unit From, Unit To) UnitsOf(Conversion wish)
    {
        var to = Units.Named(wish.To);
        if (to.Count == 0)
            throw Wrong($"There is no unit and no list of codes {wish.To}: see millrace fields units.");
        IReadOnlyList<Unit> from = wish.From is { } said
            ? Units.Named(said)
            : [.. ColumnWords.Of(wish.Column).Measured().Select(m => m.Unit).Distinct()];
        if (from.Count == 0)
            throw Wrong(wish.From is null
                ? $"The name {wish.Column} says no unit: say it as in {wish.Column}=[degF]:Cel."
                : $"There is no unit {wish.From}: see millrace fields units.");
        var pairs = from.SelectMany(f => to.Where(t => t.Dimension == f.Dimension).Select(t => (f, t))).ToList();
        return pairs switch
        {
            [] => throw Wrong(
                $"{wish.Column} is in {string.Join(" or ", from.Select(u => u.Code))}, which measures something else "
                + $"than {wish.To}."),
            [var (f, t)] when f == t => throw Wrong($"{wish.Column} is in {t.Code} already."),
            [var pair] => pair,
            _ => throw Wrong($"{wish} can be read in several ways; use the codes of millrace fields units."),
        };
    }

    private static ConvertedColumn Coded(Conversion wish, IReadOnlyDictionary<string, string> codes)
    {
        var cases = codes.Select(r => $"WHEN {Sql.Text(r.Key)} THEN {Sql.Text(r.Value)}");
        return new ConvertedColumn(
            wish with { Name = Usable(wish.Name) ?? wish.Column }, ColumnType.Text,
            $"CASE {Cell(wish.Column)} {string.Join(' ', cases)} END", codes);
    }

    private static string? Usable(string? name) => name is null || (name.Length > 0 && !name.Any(char.IsControl))
        ? name : throw Wrong("A converted column needs a name that can be read.");

    /// <summary>How a value is looked up.</summary>
    internal static string Cell(string column) => $"lower(trim(CAST({Sql.Name(column)} AS VARCHAR)))";

    internal static SourceException Wrong(string message, string? kept = null) => new("bad-conversion", message, kept);
}
