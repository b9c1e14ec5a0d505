using System.Globalization;
using System.Text.Json.Nodes;

namespace Millrace.Tests.Nodes;

/// <summary>Offers as holders write them.</summary>
internal static class Odrl
{
    private const string Profile = "https://millrace.dev/odrl/";

    /// <summary>One permission to use, under all of these constraints.</summary>
    public static JsonObject Offer(params JsonObject[] constraints)
    {
        var permission = new JsonObject { ["action"] = "odrl:use" };
        if (constraints.Length > 0)
            permission["constraint"] = new JsonArray([.. constraints]);
        return new JsonObject
        {
            ["profile"] = new JsonArray(Profile),
            ["permission"] = new JsonArray(permission),
        };
    }

    public static JsonObject Count(long most) => Constraint(
        "odrl:count", "lteq",
        new JsonObject { ["@value"] = most.ToString(CultureInfo.InvariantCulture), ["@type"] = "xsd:integer" });

    public static JsonObject Until(DateTimeOffset end) => Constraint(
        "odrl:dateTime", "lt",
        new JsonObject
        {
            ["@value"] = end.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["@type"] = "xsd:dateTime",
        });

    public static JsonObject Within(string duration) => Constraint(
        $"{Profile}sinceAgreement", "lteq", new JsonObject { ["@value"] = duration, ["@type"] = "xsd:duration" });

    public static JsonObject Purpose(string name) =>
        Constraint("odrl:purpose", "isA", $"https://millrace.dev/purpose/{name}");

    public static JsonObject Columns(params string[] names) =>
        Constraint($"{Profile}column", "isAnyOf", new JsonArray([.. names.Select(n => (JsonNode)n)]));

    public static JsonObject Mask(string column, string mask) => Constraint($"{Profile}mask/{column}", "eq", mask);

    public static JsonObject Row(string column, string value) => Constraint($"{Profile}row/{column}", "eq", value);

    /// <summary>The same offer for an amount in CNY for each agreement.</summary>
    public static JsonObject Priced(JsonObject offer, string amount)
    {
        var priced = offer.DeepClone().AsObject();
        priced["obligation"] = new JsonArray(new JsonObject
        {
            ["action"] = "odrl:compensate",
            ["constraint"] = new JsonArray(
                Constraint(
                    "odrl:payAmount", "eq", new JsonObject { ["@value"] = amount, ["@type"] = "xsd:decimal" }),
                Constraint($"{Profile}currency", "eq", "CNY"), Constraint($"{Profile}per", "eq", "agreement")),
        });
        return priced;
    }

    public static JsonObject Constraint(string left, string @operator, JsonNode right) => new()
    {
        ["leftOperand"] = left,
        ["operator"] = @operator,
        ["rightOperand"] = right,
    };
}
