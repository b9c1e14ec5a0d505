using System.Text.Json.Nodes;
using Millrace.Engine.Supply.Contracts;

namespace Millrace.Engine.Supply.Fields;

/// <summary>
/// Drafts a data contract from the elements that a table's columns are proposed to hold: what each means, and the rules
/// of its element. It promises what the standard says, not what the table happens to hold.
/// </summary>
public static class FieldContract
{
    public static JsonObject Of(string name, TableProfile profile, IReadOnlyList<MatchedColumn> columns)
    {
        var types = profile.Columns.ToDictionary(c => c.Name, c => ContractDraft.LogicalType(c.Type));
        var found = columns.Where(c => c.Proposed is not null).Select(c => (c.Column, Match: c.Proposed!)).ToList();
        var draft = ContractDraft.Frame(
            name, "the elements that the columns were proposed to hold",
            [.. found.Select(f => Property(f.Column, types[f.Column], f.Match))]);
        if (Weights(found.Select(f => f.Match.Field).FirstOrDefault(f => f != FieldPacks.Common)) is { } weights)
            draft["customProperties"]!.AsArray().Add((JsonNode)weights);
        return draft;
    }

    private static JsonObject Property(string column, string type, ElementMatch match)
    {
        var element = match.Element;
        var property = new JsonObject
        {
            ["name"] = column,
            ["logicalType"] = type,
            ["businessName"] = $"{element.En.Term} ({element.Zh.Term})",
            ["description"] = $"{element.En.Definition} {element.Zh.Definition}",
            ["tags"] = new JsonArray($"element:{match.Field}/{element.Id}"),
        };
        if (element.Rules is { } rules && Options(rules, type, match) is { Count: > 0 } options)
            property["logicalTypeOptions"] = options;
        if (element.Rules is { Required: true }) property["required"] = true;
        if (element.Rules is { Unique: true }) property["unique"] = true;
        if (type == "string" && element.Lists is { Count: > 0 } lists)
            property["quality"] = new JsonArray(Allowed(FieldPacks.Find(match.Field)!, lists));
        return property;
    }

    /// <summary>Bounds are those of the element's unit; a column in another unit, or of texts, has none.</summary>
    private static JsonObject Options(ElementRules rules, string type, ElementMatch match)
    {
        var options = new JsonObject();
        if (type is "integer" or "number" && (match.Unit is null || match.Unit == match.Element.Unit))
        {
            if (rules.Minimum is { } low) options["minimum"] = low;
            if (rules.Maximum is { } high) options["maximum"] = high;
        }
        if (type == "string" && rules.Pattern is { } pattern) options["pattern"] = $"^(?:{pattern})$";
        return options;
    }

    private static JsonObject Allowed(FieldPack pack, IReadOnlyList<string> lists) => new()
    {
        ["metric"] = "invalidValues",
        ["mustBe"] = 0,
        ["dimension"] = "conformity",
        ["arguments"] = new JsonObject
        {
            ["validValues"] = new JsonArray(
                [.. lists.SelectMany(l => pack.Lists[l].All).Select(v => (JsonNode)v)]),
        },
    };

    private static JsonObject? Weights(string? field) =>
        field is not null && FieldPacks.Find(field) is { Weights.Count: > 0 } pack
            ? new JsonObject
            {
                ["property"] = "millrace.weights",
                ["value"] = new JsonObject(pack.Weights.Select(
                    w => KeyValuePair.Create(w.Key, (JsonNode?)JsonValue.Create(w.Value)))),
            }
            : null;
}
