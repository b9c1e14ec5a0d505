using System.Net;
using System.Text.Json.Nodes;

namespace Millrace.Tests.Conformance;

/// <summary>The kit's tests MET and CAT: what the node says of itself and of its data sets.</summary>
public sealed class CatalogueTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task The_version_document_names_the_protocol()
    {
        using var http = new HttpClient();
        var root = host["dataspacetck.dsp.connector.http.base.url"];
        var document = JsonNode.Parse(await http.GetStringAsync(
            $"{root}/.well-known/dspace-version", TestContext.Current.CancellationToken))!;
        var version = Assert.Single(
            document["protocolVersions"]!.AsArray(), v => (string?)v!["version"] == "2025-1")!;
        Assert.Equal("HTTPS", (string?)version["binding"]);
        Assert.Equal(host["dataspacetck.dsp.connector.http.url"], root + (string?)version["path"]);
    }

    [Fact]
    public async Task The_catalogue_holds_the_data_set()
    {
        await using var kit = await Kit.StartAsync(host);
        var catalogue = await kit.SendAsync(
            $"{kit.Connector}/catalog/request",
            new KitMessage().Of("CatalogRequestMessage", ("filter", new JsonArray())), HttpStatusCode.OK);
        Assert.Equal("Catalog", (string?)catalogue!["@type"]);
        Assert.Contains(
            kit.Setting("CAT_01_01_DATASETID"), catalogue["dataset"]!.AsArray().Select(d => (string?)d!["@id"]));
    }

    [Fact]
    public async Task A_data_set_is_shown()
    {
        await using var kit = await Kit.StartAsync(host);
        var id = kit.Setting("CAT_01_02_DATASETID");
        var (status, dataset) = await kit.GetAsync($"{kit.Connector}/catalog/datasets/{id}");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("Dataset", (string?)dataset["@type"]);
        Assert.Equal(id, (string?)dataset["@id"]);
    }

    [Fact]
    public async Task Of_a_data_set_that_is_not_there_an_error_is_shown()
    {
        await using var kit = await Kit.StartAsync(host);
        var (status, error) = await kit.GetAsync(
            $"{kit.Connector}/catalog/datasets/{kit.Setting("CAT_01_03_DATASETID")}");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal("CatalogError", (string?)error["@type"]);
    }
}
