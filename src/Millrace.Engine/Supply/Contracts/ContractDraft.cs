using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Millrace.Engine.Duck;
using Millrace.Engine.Supply.Classification;
using Millrace.Engine.Supply.Fields;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.Contracts;

/// <summary>
/// Drafts a contract from what a table holds now, for a person to correct. Of columns that are classified as sensitive
/// no value enters it.
/// </summary>
public static class ContractDraft
{
    private const int ValuesMax = 9, RowsOfAValue = 10;

    /// <summary>Fewer rows differ by accident; of more columns a rule would be longer than it is worth.</summary>
    private const int RowsOfAKeyMin = 100, KeyColumnsMax = 50;

    private const int ShapeLengthMax = 40; // Longer texts have their shape cut off.

    /// <param name="name">Of the table.</param>
    /// <param name="levelOf">The level of a column, 1 to 4.</param>
    /// <param name="relations">What every row keeps across columns.</param>
    public static JsonObject Of(
        string name, TableProfile profile, Func<string, int> levelOf, IReadOnlyList<ColumnRelation> relations)
    {
        var elements = ColumnMatcher.Match(profile).ToDictionary(c => c.Column, c => c.Proposed?.Element);
        var draft = Frame(
            name, "the table as it is",
            [
                .. profile.Columns.Select(
                    c => Property(c, profile.Rows, levelOf(c.Name), elements.GetValueOrDefault(c.Name))),
            ]);
        JsonNode[] rules =
        [
            .. Keys(profile, relations.OfType<FewRepeats>().FirstOrDefault()),
            .. relations.Where(r => r is not FewRepeats).Select(Relation),
        ];
        if (rules.Length > 0)
            draft["schema"]![0]!["quality"] = new JsonArray(rules);
        return draft;
    }

    /// <summary>A draft of the columns of one table.</summary>
    /// <param name="source">What it is drafted from, for a sentence.</param>
    internal static JsonObject Frame(string name, string source, JsonNode[] properties) => new()
    {
        ["apiVersion"] = "v3.1.0",
        ["kind"] = "DataContract",
        ["id"] = name,
        ["name"] = name,
        ["version"] = "1.0.0",
        ["status"] = "draft",
        ["description"] = new JsonObject
        {
            ["purpose"] = $"Drafted from {source}. Correct it, then set the status to active: a draft shows its rules "
                + "and refuses nothing.",
        },
        ["schema"] = new JsonArray(new JsonObject
        {
            ["name"] = name,
            ["logicalType"] = "object",
            ["properties"] = new JsonArray(properties),
        }),
        ["customProperties"] = new JsonArray(new JsonObject
        {
            ["property"] = "millrace.gate",
            ["value"] = "refuse",
        }),
    };

    /// <summary>
    /// Keys of several columns that hold in all rows, or else that no row repeats another; where some do, that no more
    /// of them do.
    /// </summary>
    private static IEnumerable<JsonNode> Keys(TableProfile profile, FewRepeats? repeats)
    {
        if (profile.Rows < RowsOfAKeyMin)
            return [];
        if (profile.CompositeKeys is [{ RepeatsBelow: null }, ..] keys)
            return keys.Select(k => Unique(string.Join('+', k.Columns), k.Columns));
        var isSaid = (profile.DuplicateRows > 0 && repeats is null) || profile.Columns.Count > KeyColumnsMax
            || profile.Columns.Any(c => IsUnique(c, profile.Rows));
        return isSaid ? [] : [Unique("rows", [.. profile.Columns.Select(c => c.Name)], repeats?.Rows ?? 0)];
    }

    private static JsonObject Unique(string name, IReadOnlyList<string> columns, long repeats = 0) => new()
    {
        ["name"] = $"{name}.unique",
        ["metric"] = "duplicateValues",
        [repeats == 0 ? "mustBe" : "mustBeLessOrEqualTo"] = repeats,
        ["arguments"] = new JsonObject { ["properties"] = Names(columns) },
    };

    private static JsonObject Relation(ColumnRelation relation) => relation switch
    {
        ColumnOrder order => Own($"{order.Lesser}.at-most-{order.Greater}", new JsonObject
        {
            ["condition"] = $"{Sql.Name(order.Lesser)} <= {Sql.Name(order.Greater)}",
        }),
        RowsInOrder rows => InOrder(rows),
        ColumnSum sum => Own($"{sum.Total}.sum-of-{string.Join('+', sum.Parts)}", new JsonObject
        {
            ["sum"] = Names(sum.Parts),
            ["equals"] = sum.Total,
        }),
        ColumnDependency one => Own($"{one.Dependent}.determined-by-{string.Join('+', one.Determinant)}", new JsonObject
        {
            ["determinant"] = Names(one.Determinant),
            ["dependent"] = one.Dependent,
        }),
        _ => throw new InvalidOperationException("A relation of no known kind."),
    };

    /// <summary>A warning, for it is no fault by itself: whoever sorts the rows anew breaks it.</summary>
    private static JsonObject InOrder(RowsInOrder rows)
    {
        var implementation = new JsonObject { ["ascending"] = rows.Column };
        if (rows.Within.Count > 0) implementation["within"] = Names(rows.Within);
        var rule = Own(string.Join(".within-", [$"{rows.Column}.ascending", .. rows.Within]), implementation);
        rule["severity"] = "warning";
        return rule;
    }

    private static JsonObject Own(string name, JsonObject implementation) => new()
    {
        ["name"] = name,
        ["type"] = "custom",
        ["engine"] = "millrace",
        ["implementation"] = implementation,
    };

    private static JsonArray Names(IReadOnlyList<string> columns) => new([.. columns.Select(c => (JsonNode)c)]);

    private static bool IsUnique(ColumnProfile column, long rows) =>
        column is { DistinctIsExact: true, Type: not (ColumnType.Number or ColumnType.Boolean) }
        && column.Distinct == rows - column.Nulls && column.Distinct > 1;

    /// <summary>
    /// What a column seems to be, for a person to put right: the meaning of the element that is proposed for it, and
    /// what the profile counts.
    /// </summary>
    private static string Description(ColumnProfile column, long rows, bool isSensitive, DataElement? element)
    {
        var span = !isSensitive && Range(column) is not null ? $" from {column.Min} to {column.Max}" : "";
        var distinct = Invariant($"{(column.DistinctIsExact ? "" : "about ")}{column.Distinct} different values");
        var missing = column.Nulls == 0 ? "none missing" : Invariant($"{column.Nulls} of {rows} missing");
        var meaning = element is null ? "" : $"{element.En.Definition} {element.Zh.Definition} ";
        return $"Draft: {meaning}{LogicalType(column.Type)}{span}, {distinct}, {missing}.";
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static JsonObject Property(ColumnProfile column, long rows, int level, DataElement? element)
    {
        var property = new JsonObject
        {
            ["name"] = column.Name,
            ["logicalType"] = LogicalType(column.Type),
            ["description"] = Description(column, rows, level >= LevelRule.Sensitive, element),
        };
        if (rows == 0)
            return property;
        if (column.Nulls == 0)
            property["required"] = true;
        var values = rows - column.Nulls;
        if (IsUnique(column, rows))
            property["unique"] = true;
        if (level >= LevelRule.Sensitive)
        {
            property["classification"] = $"level-{level}";
            return property;
        }
        if (Range(column) is { } range)
            property["logicalTypeOptions"] = range;
        var isChoice = column is { Type: ColumnType.Text, Distinct: > 1 and <= ValuesMax, DistinctIsExact: true }
            && column.Frequent.Sum(f => f.Count) == values && values >= RowsOfAValue * column.Distinct;
        if (isChoice)
            property["quality"] = new JsonArray(new JsonObject
            {
                ["metric"] = "invalidValues",
                ["mustBe"] = 0,
                ["dimension"] = "conformity",
                ["arguments"] = new JsonObject
                {
                    ["validValues"] = new JsonArray([.. column.Frequent.Select(f => (JsonNode)f.Value)]),
                },
            });
        else if (Pattern(column, rows) is { } pattern)
            property["logicalTypeOptions"] = new JsonObject { ["pattern"] = pattern };
        return property;
    }

    private static JsonObject? Range(ColumnProfile column)
    {
        if (column is not { Min: { } min, Max: { } max })
            return null;
        return column.Type switch
        {
            ColumnType.Date or ColumnType.Timestamp => new JsonObject { ["minimum"] = min, ["maximum"] = max },
            ColumnType.Integer or ColumnType.Decimal or ColumnType.Number
                when Number(min) is { } low && Number(max) is { } high =>
                new JsonObject { ["minimum"] = low, ["maximum"] = high },
            _ => null,
        };
    }

    private static decimal? Number(string text) => decimal.TryParse(
        text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The one form that all texts have; null: they have several, or it is not known.</summary>
    private static string? Pattern(ColumnProfile column, long rows)
    {
        if (column.Text is not { LengthMin: > 0, LengthMax: <= ShapeLengthMax } text
            || text.ShapesOfRows != rows
            || text.Shapes.Sum(s => s.Count) != rows - column.Nulls
            || !text.Shapes.All(s => s.Value.Contains('9')))
        {
            return null;
        }
        var exact = text.Shapes.Select(s => Regex(s.Value, isExact: true)).Distinct().ToList();
        var loose = text.Shapes.Select(s => Regex(s.Value, isExact: false)).Distinct().ToList();
        return exact is [var one] ? one : loose is [var some] ? some : null;
    }

    private static string Regex(string shape, bool isExact)
    {
        var regex = new StringBuilder("^");
        for (var i = 0; i < shape.Length;)
        {
            var start = i;
            while (i < shape.Length && shape[i] == shape[start]) i++;
            var (one, isClass) = shape[start] switch
            {
                '9' => ("[0-9]", true),
                'a' => ("[a-z]", true),
                'A' => ("[A-Z]", true),
                '汉' => (@"\p{Han}", true),
                _ => (System.Text.RegularExpressions.Regex.Escape(shape[start].ToString()), false),
            };
            if (!isClass)
                regex.Insert(regex.Length, one, i - start);
            else
                regex.Append(one).Append(
                    !isExact ? "+" : i - start > 1 ? FormattableString.Invariant($"{{{i - start}}}") : "");
        }
        return regex.Append('$').ToString();
    }

    internal static string LogicalType(ColumnType type) => type switch
    {
        ColumnType.Integer => "integer",
        ColumnType.Decimal or ColumnType.Number => "number",
        ColumnType.Boolean => "boolean",
        ColumnType.Date => "date",
        ColumnType.Timestamp => "timestamp",
        ColumnType.Time => "time",
        _ => "string",
    };
}
