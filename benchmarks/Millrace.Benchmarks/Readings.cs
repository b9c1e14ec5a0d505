using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Node.Api;

namespace Millrace.Benchmarks;

/// <summary>
/// A large table of made-up meter readings, the same on every machine, and offers that show a part of it. Made here, so
/// that a measure needs no file.
/// </summary>
internal static class Readings
{
    private const string Mr = "https://millrace.dev/odrl/";

    /// <summary>Makes a table and has the holder publish it.</summary>
    public static async Task<Product> PublishAsync(
        Space space, Duck duck, string folder, int rows, CancellationToken cancel)
    {
        var source = Path.Combine(folder, $"readings-{rows}.parquet");
        Write(duck, source, rows);
        return await space.Holder.PublishAsync(source, new ProductDraft($"readings-{rows}", "Readings"), cancel);
    }

    /// <summary>
    /// An offer of five of the six columns, three of them masked, and of the rows of three kinds. The first row differs
    /// from offer to offer, so that each has a view of its own.
    /// </summary>
    /// <param name="pseudonyms">Whether stations become pseudonyms rather than being cut.</param>
    public static JsonElement Offer(int firstRow, bool pseudonyms)
    {
        var permission = new JsonObject
        {
            ["action"] = "odrl:use",
            ["constraint"] = new JsonArray(
                Constraint("column", "isAnyOf", new JsonArray("id", "taken", "station", "reading", "kind")),
                Constraint("mask/taken", "eq", "date:month"),
                Constraint("mask/station", "eq", pseudonyms ? "hash" : "first:9"),
                Constraint("mask/reading", "eq", "round:0.5"),
                Constraint("row/kind", "isAnyOf", new JsonArray("heat", "power", "water")),
                Constraint("row/id", "gteq", firstRow.ToString(CultureInfo.InvariantCulture))),
        };
        var offer = new JsonObject { ["profile"] = new JsonArray(Mr), ["permission"] = new JsonArray(permission) };
        using var document = JsonDocument.Parse(offer.ToJsonString());
        return document.RootElement.Clone();
    }

    /// <summary>What that offer shows, as a person would write it.</summary>
    public static string ByHand(string parquet, int firstRow, bool pseudonyms) =>
        $"""
         SELECT id, date_trunc('month', taken)::TIMESTAMP AS taken,
           {(pseudonyms ? "left(sha256('a secret' || station), 32)" : "left(station, 9)")} AS station,
           round(reading / 0.5) * 0.5 AS reading, kind
         FROM read_parquet('{parquet}') WHERE kind IN ('heat', 'power', 'water') AND id >= {firstRow}
         """;

    /// <summary>Six columns: a number, a time, a text of few values, a double, of five values, a long text.</summary>
    private static void Write(Duck duck, string parquet, int rows) => duck.Execute(
        $"""
         COPY (
           SELECT i AS id, TIMESTAMP '2024-01-01' + to_seconds((hash(i) % 31536000)::BIGINT) AS taken,
             'station-' || (100 + hash(i + 1) % 500) AS station, (hash(i + 2) % 10000000) / 100000 AS reading,
             ['heat', 'power', 'water', 'gas', 'cold'][1 + (hash(i + 3) % 5)::INTEGER] AS kind, md5(i::VARCHAR) AS note
           FROM range({rows}) t(i)
         ) TO '{parquet}' (FORMAT parquet, COMPRESSION zstd)
         """);

    private static JsonObject Constraint(string operand, string @operator, JsonNode right) => new()
    {
        ["leftOperand"] = Mr + operand,
        ["operator"] = @operator,
        ["rightOperand"] = right,
    };
}
