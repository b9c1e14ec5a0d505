using Millrace.Engine.Duck;
using Millrace.Engine.Supply.Fields;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.Conversions;

/// <summary>A table some of whose columns are converted.</summary>
/// <param name="Relation">The SELECT that gives it.</param>
/// <param name="Done">The conversions, all of each said.</param>
internal sealed record TableConversion(TableSchema Schema, string Relation, IReadOnlyList<Conversion> Done)
{
    private const int StrangersTold = 4, ToldMax = 40;

    /// <summary>
    /// The columns that the source should have: digits in a column of codes are codes, and one without values is to
    /// hold numbers if these are converted.
    /// </summary>
    public static TableSchema? Expected(TableSchema? expected, IReadOnlyList<Conversion> wished)
    {
        if (wished.Count == 0)
            return expected;
        var sources = wished.Select(w => new Column(
            w.Column, FieldPacks.Lists.Contains(w.To) ? ColumnType.Text : ColumnType.Number)).ToList();
        return new TableSchema(
            [.. sources, .. (expected?.Columns ?? []).Where(c => sources.All(s => s.Name != c.Name))]);
    }

    /// <exception cref="SourceException">A column cannot be converted so, or a value has no code.</exception>
    public static TableConversion Of(
        DuckSession session, TableSchema schema, string relation, IReadOnlyList<Conversion> wished)
    {
        if (wished.GroupBy(w => w.Column).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw ConvertedColumn.Wrong($"{twice.Key} is to be converted twice.");
        var converted = wished.ToDictionary(w => w.Column, w => ConvertedColumn.Of(w, schema));
        var columns = schema.Columns.Select(c => converted.TryGetValue(c.Name, out var to)
            ? (Name: to.Done.Published, to.Type, to.Expression)
            : (c.Name, c.Type, Expression: Sql.Name(c.Name))).ToList();
        if (columns.GroupBy(c => c.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is
            { } same)
        {
            throw ConvertedColumn.Wrong(
                $"The table would have two columns {same.Key}: give the converted one another name, as in "
                + "temp_f=Cel as temperature.");
        }
        foreach (var column in converted.Values.Where(c => c.Codes is not null))
            Understood(session, relation, column);
        var cells = columns.Select(c => $"{c.Expression} AS {Sql.Name(c.Name)}");
        return new TableConversion(
            new TableSchema([.. columns.Select(c => new Column(c.Name, c.Type))]),
            $"SELECT {string.Join(", ", cells)} FROM ({relation})", [.. wished.Select(w => converted[w.Column].Done)]);
    }

    /// <summary>A value that no code stands for would be lost.</summary>
    private static void Understood(DuckSession session, string relation, ConvertedColumn column)
    {
        var known = string.Join(", ", column.Codes!.Keys.Select(Sql.Text));
        var strangers = session.Rows(
            $"SELECT DISTINCT left(CAST({Sql.Name(column.Done.Column)} AS VARCHAR), {ToldMax}) FROM ({relation}) "
            + $"WHERE {ConvertedColumn.Cell(column.Done.Column)} NOT IN ({known}) ORDER BY 1 LIMIT {StrangersTold}")
            .Select(r => $"\"{r[0]}\"").ToList();
        if (strangers.Count > 0)
        {
            string Sentence(string which) =>
                $"{column.Done.Column} holds values that {column.Done.To} has no code for{which}: mend them, or "
                + "publish the column as it is.";
            // Who publishes it is helped by seeing them.
            throw ConvertedColumn.Wrong(Sentence($", among them {string.Join(", ", strangers)}"), kept: Sentence(""));
        }
    }
}
