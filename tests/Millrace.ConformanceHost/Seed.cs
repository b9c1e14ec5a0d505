using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Millrace.ConformanceHost;

/// <summary>What the kit expects to be there: data sets with an offer each, and agreements.</summary>
public sealed class Seed(ManagementClient node)
{
    /// <summary>The participant under test, as its addresses name it.</summary>
    public const string Participant = "conformance";

    /// <summary>The data set that the agreements are about.</summary>
    private const string Agreed = "ATP0000";

    private static readonly string[] _catalogued = ["CAT0101", "CAT0102"];

    /// <summary>The offer of a data set. The kit has one of these ids built in.</summary>
    public static string OfferOf(string dataset) => $"CD123:{dataset}:456";

    /// <returns>The participant's id on the wire.</returns>
    public async Task<string> RunAsync(CancellationToken cancel)
    {
        var participant = await node.PostAsync(
            "participants", new JsonObject { ["id"] = Participant, ["title"] = "Connector under test" }, cancel);
        foreach (var dataset in (string[])[.. _catalogued, .. Scripts.ProviderNegotiations.Keys, Agreed])
            await PublishAsync(dataset, cancel);
        var self = (string)participant["did"]!;
        foreach (var agreement in Scripts.ProviderTransfers.Keys)
            await ImportAsync(agreement, "provider", self, AnyCaller.Kit, cancel);
        foreach (var agreement in Scripts.ConsumerTransfers.Keys)
            await ImportAsync(agreement, "consumer", AnyCaller.Kit, self, cancel);
        return self;
    }

    /// <summary>The only rule of every offer and agreement: use.</summary>
    public static JsonObject Use() =>
        new() { ["permission"] = new JsonArray(new JsonObject { ["action"] = "use" }) };

    private async Task PublishAsync(string dataset, CancellationToken cancel)
    {
        using var product = JsonContent.Create(new JsonObject
        {
            ["id"] = dataset,
            ["title"] = $"Data set {dataset}",
            ["offer"] = Use(),
            ["offerId"] = OfferOf(dataset),
            ["handling"] = "manual",
        });
        using var file = new ByteArrayContent(Encoding.UTF8.GetBytes("year,count\n2025,1\n2026,2\n"));
        file.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        using var upload = new MultipartFormDataContent { { product, "product" }, { file, "files", "data.csv" } };
        await node.PostAsync($"participants/{Participant}/products", upload, cancel);
    }

    private Task<JsonObject> ImportAsync(
        string agreement, string role, string assigner, string assignee, CancellationToken cancel)
    {
        var policy = Use();
        policy["@type"] = "Agreement";
        policy["@id"] = agreement;
        policy["target"] = Agreed;
        policy["assigner"] = assigner;
        policy["assignee"] = assignee;
        policy["timestamp"] = "2026-01-01T00:00:00Z";
        return node.PostAsync(
            $"participants/{Participant}/agreements",
            new JsonObject { ["role"] = role, ["peer"] = AnyCaller.Kit, ["policy"] = policy, ["manual"] = true },
            cancel);
    }
}
