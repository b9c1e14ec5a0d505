using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Node.Api;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Products;

/// <summary>Descriptions, read by somebody else's processors of JSON-LD and SHACL.</summary>
public sealed class DescriptionTests(TwoNodes nodes)
{
    private const string Dcat = "http://www.w3.org/ns/dcat#", Croissant = "http://mlcommons.org/croissant/";
    private const string Odrl = "http://www.w3.org/ns/odrl/2/";
    private const string Type = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    [Fact]
    public async Task Others_read_what_is_described()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        var offer = Nodes.Odrl.Offer(
            Nodes.Odrl.Columns("id", "day"), Nodes.Odrl.Purpose("research"), Nodes.Odrl.Within("P1Y"));
        var product = await holder.PublishAsync(
            "id,day,amount,手机\n1,2001-01-01,1.5,13800138000\n2,2001-01-02,2.5,13912345678\n", offer);
        using var reader = await DescriptionReader.StartAsync();

        var dcat = await reader.QuadsAsync(await DescribeAsync(holder, "dcat"));
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

        // Its indicator of GB/T 36344-2018 beside the characteristic, A and B, the total and what that rests on.
        Assert.Contains(
            "<https://millrace.dev/ns/gbt36344/0201> <http://www.w3.org/ns/dqv#inCategory> "
            + "<https://millrace.dev/ns/gbt36344/02> .", dcat, StringComparison.Ordinal);
        Assert.Contains("<https://millrace.dev/ns/elementsChecked> \"8.0E0\"", dcat, StringComparison.Ordinal);
        Assert.Contains("<https://millrace.dev/ns/quality/total/2>", dcat, StringComparison.Ordinal);
        Assert.Contains(
            "<https://millrace.dev/ns/quality/cells-with-a-value/1/completeness>", dcat, StringComparison.Ordinal);
        Assert.Contains("<http://www.w3.org/ns/dqv#value> \"2.222E-1\"", dcat, StringComparison.Ordinal);

        var croissant = await reader.QuadsAsync(await DescribeAsync(holder, "croissant"));
        Assert.Contains($"> <{Type}> <https://schema.org/Dataset> .", croissant, StringComparison.Ordinal);
        Assert.Contains(
            "<http://purl.org/dc/terms/conformsTo> \"http://mlcommons.org/croissant/1.1\"", croissant,
            StringComparison.Ordinal);
        Assert.Contains($"<https://schema.org/sha256> \"{file.Sha256}\"", croissant, StringComparison.Ordinal);
        Assert.Contains($"<{Croissant}dataType> <https://schema.org/Date> .", croissant, StringComparison.Ordinal);
        Assert.Equal(1, Count(croissant, $"<{Croissant}dataType> <https://schema.org/Text> .")); // A pseudonym.
        Assert.Contains("level 3 of GB/T 43697-2024", croissant, StringComparison.Ordinal);
        Assert.Contains(
            "<https://schema.org/description> \"Delivered masked (hash).\"", croissant, StringComparison.Ordinal);
        Assert.Contains($"<https://schema.org/creator> <{holder.Did}> .", croissant, StringComparison.Ordinal);
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
    public async Task What_is_described_has_what_its_standards_demand()
    {
        var holder = await DaysAsync();
        using var reader = await DescriptionReader.StartAsync();
        foreach (var (form, faults) in new (string, (string What, string With, string Found)[])[]
        {
            ("dcat",
            [
                ("\"dct:title\": \"table\",", "", "terms/title"),
                ("rdfs:Resource", "rdfs:Class", "accessURL"),
                ("dct:MediaType", "dct:Period", "mediaType"),
                ("spdx:ChecksumAlgorithm", "spdx:File", "algorithm"),
                ("\"foaf:name\":", "\"dct:title\":", "foaf/0.1/name"),
                ("dqv:isMeasurementOf", "dct:relation", "isMeasurementOf"),
                ("\"operator\":", "\"dct:relation\":", "operator"),
            ]),
            ("croissant",
            [
                ("croissant/1.1", "croissant/0.9", "conformsTo"), ("\"sha256\":", "\"name\":", "sha256"),
                ("\"column\": \"id\"", "\"name\": \"id\"", "NodeConstraint"),
            ]),
        })
        {
            var told = JsonNode.Parse(await DescribeAsync(holder, form))!.ToJsonString(_indented);
            var quads = await reader.QuadsAsync(told);
            Assert.Equal("", await reader.BrokenAsync(quads));
            foreach (var (what, with, found) in faults)
            {
                var spoilt = told.Replace(what, with, StringComparison.Ordinal);
                Assert.NotEqual(told, spoilt);
                Assert.Contains(
                    found, await reader.BrokenAsync(await reader.QuadsAsync(spoilt)), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task The_published_shapes_of_dcat_ap_find_nothing_either()
    {
        var published = Environment.GetEnvironmentVariable(DescriptionReader.Variable);
        Assert.SkipUnless(
            published is not null,
            $"Name the file of the published shapes in {DescriptionReader.Variable}: docs/guide/descriptions.md.");
        var holder = await DaysAsync();
        using var reader = await DescriptionReader.StartAsync();
        var quads = await reader.QuadsAsync(await DescribeAsync(holder, "dcat"));
        Assert.Equal("", await reader.BrokenAsync(quads, Path.GetFullPath(published)));
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

    private const string Stated =
        """
        {
          "source": {"title": "Tide levels", "description": "Hourly levels."},
          "provenance": {
            "origin-geography": [{"country": "Germany", "state": "HH"}],
            "generation-period": {"start": "2001-01-01", "end": "2001-12-31"},
            "generation-method": [{"code": "sensors", "description": "Pressure sensors."}]
          },
          "use": {
            "intended-purpose": [{"code": "research", "description": "Flood research."}],
            "storage-forbidden": [{"country": "Nowhere"}]
          }
        }
        """;

    [Fact]
    public async Task What_a_holder_states_of_the_origin_is_kept_logged_and_told_with_what_the_node_knows()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        var product = await PublishAsync(holder, "id,手机\n1,13800138000\n2,13912345678\n", Stated);
        Assert.Equal(("Tide levels", "Hourly levels."), (product.Title, product.Description));

        // A new version keeps what was stated; the date of the one before it is told.
        await PublishAsync(holder, "id,手机\n1,13800138000\n3,13912345670\n", null);
        var told = JsonNode.Parse(await DescribeAsync(holder, "provenance", "application/json"))!;
        Assert.Equal("1.0.0", (string?)told["source"]!["version"]);
        Assert.Equal("Tide levels", (string?)told["source"]!["title"]);
        Assert.NotNull(told["source"]!["issuer"]![0]!["name"]);
        Assert.Equal("Germany", (string?)told["provenance"]!["origin-geography"]![0]!["country"]);
        Assert.Equal("2001-12-31", (string?)told["provenance"]!["generation-period"]!["end"]);
        Assert.Matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", (string?)told["provenance"]!["previous-date"]);
        Assert.Equal("Nowhere", (string?)told["use"]!["storage-forbidden"]![0]!["country"]);
        var regulations = told["use"]!["classification"]!.AsArray();
        Assert.Equal(
            ["GB/T 43697-2024: True", "Regulation (EU) 2016/679: True"],
            regulations.Select(r => $"{r!["regulation"]!["code"]}: {(bool)r["evaluated"]!}"));
        Assert.StartsWith(
            "手机=", (string?)told["use"]!["privacy-enhancing"]![0]!["parameters"]![0], StringComparison.Ordinal);
        Assert.Single(told["use"]!["license"]!.AsArray());

        var digests = (await holder.EvidenceAsync("version-published"))
            .Select(e => e.Body.GetProperty("data").GetProperty("provenance").GetString()).ToList();
        Assert.Equal(2, digests.Count);
        Assert.Equal(digests[0], digests[1]);
        Assert.Equal(64, digests[0]!.Length);
    }

    [Theory]
    [InlineData(
        """
        {"@graph":[{"@type":"x"},{
          "@type":"http://www.w3.org/ns/dcat#Dataset",
          "dcterms:title":[{"@value":"潮位","@language":"zh"},{"@value":"Tides","@language":"en"}],
          "dct:description":{"@value":"Levels."},"dcat:keyword":["sea","tide"]}]}
        """)]
    [InlineData("""{"@type":["sc:Dataset"],"name":"Tides","description":"Levels.","keywords":["sea","tide"]}""")]
    [InlineData("kind: DataContract\nname: Tides\ndescription: {purpose: Levels.}\ntags: [sea, tide]\n")]
    public async Task A_description_from_elsewhere_names_the_product(string about)
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        var product = await PublishAsync(holder, "id\n1\n", about);
        Assert.Equal(("Tides", "Levels."), (product.Title, product.Description));
        Assert.Equal(["sea", "tide"], product.Keywords);
        Assert.Null(product.Provenance);
    }

    [Theory]
    [InlineData("""{"@type":"dcat:Dataset","dct:license":{"@id":"https://example.org/by"}}""")]
    [InlineData("""{"@type":"dcat:Dataset","dct:license":"https://example.org/by"}""")]
    [InlineData("""
        {"@type":"dcat:Dataset","dcat:distribution":[
          {"@type":"dcat:Distribution","dct:license":{"@id":"https://example.org/by","@type":"dct:LicenseDocument"}},
          {"@type":"dcat:Distribution","dct:license":[{"@id":"https://example.org/by"}]}]}
        """)]
    [InlineData("""
        {"@graph":[
          {"@id":"d","@type":"dcat:Dataset","dcat:distribution":{"@id":"f"}},
          {"@id":"f","@type":"dcat:Distribution","dct:license":{"@id":"_:b0"}},
          {"@id":"_:b0","@type":"dct:LicenseDocument","dct:title":"https://example.org/by"}]}
        """)]
    [InlineData("""{"@type":"sc:Dataset","license":{"@type":"CreativeWork","url":"https://example.org/by"}}""")]
    public async Task A_licence_that_a_description_names_is_stated_and_nothing_else_stated_is_lost(string about)
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await PublishAsync(holder, "id\n1\n", Stated);
        foreach (var (csv, description) in new[] { ("id\n2\n", about), ("id\n3\n", null) })
        {
            await PublishAsync(holder, csv, description);
            var told = JsonNode.Parse(await DescribeAsync(holder, "provenance", "application/json"))!;
            Assert.Equal(["https://example.org/by"], told["use"]!["license"]!.AsArray().Select(l => (string?)l));
            Assert.Equal("Germany", (string?)told["provenance"]!["origin-geography"]![0]!["country"]);
            Assert.Equal("Nowhere", (string?)told["use"]!["storage-forbidden"]![0]!["country"]);
        }
    }

    [Fact]
    public async Task What_this_node_says_of_a_contract_is_no_licence_when_it_is_read_back()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await PublishAsync(holder, "id\n1\n", null);
        var own = await DescribeAsync(holder, "croissant");
        Assert.Null((await PublishAsync(holder, "id\n2\n", own)).Provenance);
    }

    [Theory]
    [InlineData("""{"title":"Tides"}""", "A description is a JSON-LD document")]
    [InlineData("Tides", "A description is a JSON-LD document")]
    [InlineData("""{"provenance":{"origin-geografy":[]}}""", "origin-geografy")]
    [InlineData("""{"provenance":{"origin-geography":[{"state":"HH"}]}}""", "country")]
    [InlineData("""{"@type":"Dataset","name":1,"name":2}""", "cannot be read")]
    [InlineData("""{"@type":""", "cannot be read")]
    [InlineData("a: &x 1\nb: *x\n", "anchors")]
    public async Task A_description_that_says_nothing_known_is_refused(string about, string sentence)
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        using var answer = await holder.UploadAsync(
            new ProductDraft("trips", About: about), ("table.csv", "id\n1\n"u8.ToArray()));
        var problem = await TestNode.ProblemAsync(answer);
        Assert.Equal("bad-description", problem.Code);
        Assert.Contains(sentence, problem.Detail, StringComparison.Ordinal);
        Assert.Empty(await holder.GetAsync("products", ApiJson.Wire.IReadOnlyListProduct));
    }

    private static async Task<Product> PublishAsync(TestParticipant holder, string csv, string? about)
    {
        using var answer = await holder.UploadAsync(
            new ProductDraft("trips", About: about), ("table.csv", Encoding.UTF8.GetBytes(csv)));
        return await TestNode.ReadAsync(answer, ApiJson.Wire.Product);
    }

    private static async Task<string> DescribeAsync(
        TestParticipant holder, string form, string mediaType = "application/ld+json")
    {
        using var answer = await holder.Node.Http.GetAsync(
            holder.Path($"products/trips/description?form={form}"), TestNode.Cancel);
        Assert.Equal(mediaType, answer.Content.Headers.ContentType?.MediaType);
        return Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync(TestNode.Cancel));
    }

    private async Task<TestParticipant> DaysAsync()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await holder.PublishAsync(
            "id,day\n1,2001-01-01\n2,2001-01-02\n",
            Nodes.Odrl.Offer(Nodes.Odrl.Columns("id"), Nodes.Odrl.Purpose("research")));
        return holder;
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
