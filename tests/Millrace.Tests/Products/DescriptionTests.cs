using System.Text;
using System.Text.Json.Nodes;
using Millrace.Node.Api;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Products;

/// <summary>Descriptions, read by somebody else's processor of JSON-LD.</summary>
public sealed class DescriptionTests(TwoNodes nodes)
{
    private const string Dcat = "http://www.w3.org/ns/dcat#", Croissant = "http://mlcommons.org/croissant/";
    private const string Odrl = "http://www.w3.org/ns/odrl/2/";
    private const string Type = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

    /// <summary>In safe mode it fails where a member means nothing; no context is fetched from anywhere.</summary>
    private const string Script =
        """
        const jsonld = require('jsonld');
        const document = JSON.parse(require('fs').readFileSync(process.argv[2], 'utf8'));
        const documentLoader = url => { throw new Error('it fetches ' + url); };
        jsonld.toRDF(document, { format: 'application/n-quads', safe: true, documentLoader, base: 'urn:x-base:' })
          .then(quads => process.stdout.write(quads))
          .catch(e => { console.error(JSON.stringify(e, Object.getOwnPropertyNames(e))); process.exit(1); });
        """;

    [Fact]
    public async Task Others_read_what_is_described()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        var offer = Nodes.Odrl.Offer(
            Nodes.Odrl.Columns("id", "day"), Nodes.Odrl.Purpose("research"), Nodes.Odrl.Within("P1Y"));
        var product = await holder.PublishAsync(
            "id,day,amount,手机\n1,2001-01-01,1.5,13800138000\n2,2001-01-02,2.5,13912345678\n", offer);
        using var npm = new NpmFolder();
        await npm.WriteAsync("package.json", """{"private":true,"dependencies":{"jsonld":"9.0.0"}}""");
        await npm.WriteAsync("quads.js", Script);
        await npm.InstallAsync();

        var dcat = await QuadsAsync(npm, holder, "dcat");
        var file = product.Latest.Files.Single();
        Assert.Contains($"> <{Type}> <{Dcat}Dataset> .", dcat, StringComparison.Ordinal);
        Assert.Contains("<http://purl.org/dc/terms/title> \"table\" .", dcat, StringComparison.Ordinal);
        Assert.Contains("<http://purl.org/dc/terms/description> \"table\" .", dcat, StringComparison.Ordinal);
        Assert.Contains($"<{Dcat}accessURL> <{holder.Dsp}> .", dcat, StringComparison.Ordinal);
        Assert.Contains($"<http://spdx.org/rdf/terms#checksumValue> \"{file.Sha256}\"", dcat, StringComparison.Ordinal);
        Assert.Contains("<http://www.w3.org/ns/dqv#hasQualityMeasurement>", dcat, StringComparison.Ordinal);
        // The canonical form of 1, as every cell has a value.
        Assert.Contains(
            "<http://www.w3.org/ns/dqv#value> \"1.0E0\"^^<http://www.w3.org/2001/XMLSchema#double>", dcat,
            StringComparison.Ordinal);

        var croissant = await QuadsAsync(npm, holder, "croissant");
        Assert.Contains($"> <{Type}> <https://schema.org/Dataset> .", croissant, StringComparison.Ordinal);
        Assert.Contains(
            "<http://purl.org/dc/terms/conformsTo> \"http://mlcommons.org/croissant/1.1\"", croissant,
            StringComparison.Ordinal);
        Assert.Contains($"<https://schema.org/sha256> \"{file.Sha256}\"", croissant, StringComparison.Ordinal);
        Assert.Contains($"<{Croissant}dataType> <https://schema.org/Date> .", croissant, StringComparison.Ordinal);
        Assert.Contains("level 3 of GB/T 43697-2024", croissant, StringComparison.Ordinal);
        Assert.Equal(4, Count(croissant, $"<{Type}> <{Croissant}Field> ."));

        foreach (var quads in (string[])[dcat, croissant])
        {
            Assert.Equal(1, Count(quads, $"<{Type}> <{Odrl}Offer> ."));
            Assert.Contains($"<{Odrl}action> <{Odrl}use> .", quads, StringComparison.Ordinal);
            Assert.Equal(3, Count(quads, $"<{Odrl}operator> <{Odrl}"));
            Assert.Contains(
                $"<{Odrl}leftOperand> <https://millrace.dev/odrl/column> .", quads, StringComparison.Ordinal);
            Assert.DoesNotContain("13800138000", quads, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Of_several_files_the_columns_are_read_from_all()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await holder.PublishAsync("id\n1\n");
        using var more = await holder.UploadAsync(
            new ProductDraft("trips", Append: true), ("more.csv", "id\n2\n"u8.ToArray()));
        await TestNode.ReadAsync(more, ApiJson.Wire.Product);
        var croissant = JsonNode.Parse(await DescribeAsync(holder, "croissant"))!;
        Assert.Equal(
            ["cr:FileObject", "cr:FileObject", "cr:FileSet"],
            croissant["distribution"]!.AsArray().Select(d => (string?)d!["@type"]));
        Assert.Equal("parts", (string?)croissant["recordSet"]![0]!["field"]![0]!["source"]!["fileSet"]!["@id"]);

        using var unknown = await holder.Node.Http.GetAsync(
            holder.Path("products/trips/description?form=rdf"), TestNode.Cancel);
        Assert.Equal("unknown-form", (await TestNode.ProblemAsync(unknown)).Code);
        using var none = await holder.Node.Http.GetAsync(
            holder.Path("products/none/description"), TestNode.Cancel);
        Assert.Equal("not-found", (await TestNode.ProblemAsync(none)).Code);
    }

    private static async Task<string> QuadsAsync(NpmFolder npm, TestParticipant holder, string form)
    {
        await npm.WriteAsync($"{form}.json", await DescribeAsync(holder, form));
        return await npm.RunAsync("node", "quads.js", $"{form}.json");
    }

    private static async Task<string> DescribeAsync(TestParticipant holder, string form)
    {
        using var answer = await holder.Node.Http.GetAsync(
            holder.Path($"products/trips/description?form={form}"), TestNode.Cancel);
        Assert.Equal("application/ld+json", answer.Content.Headers.ContentType?.MediaType);
        return Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync(TestNode.Cancel));
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
