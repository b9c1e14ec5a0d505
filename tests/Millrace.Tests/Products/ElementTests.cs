using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Millrace.Engine.Supply.Fields;
using Millrace.Node.Api;
using Millrace.Node.Commands;
using Millrace.Tests.Commands;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Products;

/// <summary>What a person confirms that columns hold: kept, told to others, and read back.</summary>
public sealed class ElementTests(TwoNodes nodes)
{
    private const string Table = "date,country,temp_max\n2001-01-01,DE,5.5\n2001-01-02,FR,7.5\n";
    private const string Iri = "https://millrace.dev/ns/element/common/calendar-date";

    /// <summary>As they are, once the holder has said what only the holder knows.</summary>
    [Fact]
    public async Task The_terms_of_each_field_can_be_published_with()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        var published = 0;
        foreach (var pack in FieldPacks.All.Where(p => p.Offer is not null))
        {
            string[] own = pack.Offer!.Template switch
            {
                "research" => ["until=2099-01-01"],
                "pay-per-use" => ["amount=0.02"],
                _ => [],
            };
            var offer = await CommandRunner.RunAsync(
                CommandRunner.NoStart, ["fields", "offer", pack.Field, .. own]);
            Assert.Equal(("", ExitCode.Done), (offer.Error, offer.ExitCode));
            var product = await holder.PublishAsync(Table, JsonNode.Parse(offer.Output)!.AsObject());
            Assert.Equal(++published, product.Offers.Count);
        }
        Assert.Equal(6, published);
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_proposal_becomes_a_fact_only_by_a_persons_word_and_stays_for_later_versions(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await holder.PublishAsync(Table);
        var date = (await ShownAsync(holder)).Columns[0];
        Assert.Equal(("common/calendar-date", null), (date.Proposed!.Element.Element, date.Confirmed));
        Assert.Equal(
            ("公历中的某一天。", 0),
            (date.Proposed.Element.Zh!.Definition, (await FoundAsync(holder, "date")).Count));

        var confirmed = (await DecideAsync(holder, "date", "calendar-date")).Columns[0];
        Assert.Equal(
            ("common/calendar-date", null, "A. Lin"),
            (confirmed.Confirmed!.Element, confirmed.Proposed, confirmed.Decision!.Person));
        Assert.Equal(["trips"], await FoundAsync(holder, "date"));
        Assert.Equal(["trips"], await FoundAsync(holder, "日期"));

        await holder.PublishAsync(Table + "2001-01-03,IT,9.5\n");
        var later = await ShownAsync(holder);
        Assert.Equal((2, "common/calendar-date"), (later.Version, later.Columns[0].Confirmed!.Element));

        // Changed, and then taken back: what a person said last holds.
        var changed = (await DecideAsync(holder, "date", "common/date-time")).Columns[0];
        Assert.Equal("common/date-time", changed.Confirmed!.Element);
        var rejected = (await DecideAsync(holder, "date", null)).Columns[0];
        Assert.Equal(
            (null, null, "common/calendar-date"), (rejected.Confirmed, rejected.Proposed, rejected.Decision!.Rejected));
        Assert.Empty(await FoundAsync(holder, "date"));
        Assert.Equal(
            [("element-confirmed", "common/calendar-date"), ("element-confirmed", "common/date-time"),
                ("element-rejected", null)],
            (await holder.EvidenceAsync("element-confirmed", "element-rejected")).Select(e =>
                (e.Type, e.Body.GetProperty("data").GetProperty("element").GetString())));
    }

    [Theory]
    [InlineData("""{"column":"date","element":"common/nothing","person":"A","reason":"b"}""", "unknown-element")]
    [InlineData("""{"column":"temp_max","element":"calendar-date","person":"A","reason":"b"}""", "element-misfit")]
    [InlineData("""{"column":"temp_max","element":"imo-number","person":"A","reason":"b"}""", "element-misfit")]
    [InlineData("""{"column":"nobody","element":"calendar-date","person":"A","reason":"b"}""", "unknown-column")]
    [InlineData("""{"column":"date","element":"calendar-date","person":" ","reason":"b"}""", "undecided")]
    [InlineData("""{"column":"date","element":"calendar-date","person":"A","reason":""}""", "undecided")]
    [InlineData("""{"column":"_x","person":"A","reason":"b"}""", "nothing-proposed")]
    public async Task A_decision_needs_an_element_that_fits_a_person_and_a_reason(string json, string code)
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await holder.PublishAsync(Table.Replace("country", "_x", StringComparison.Ordinal));
        using var answer = await holder.PostTextAsync("products/trips/elements", json);
        var problem = await TestNode.ProblemAsync(answer);
        Assert.Equal((HttpStatusCode.BadRequest, code), (answer.StatusCode, problem.Code));
        Assert.All((await ShownAsync(holder)).Columns, c => Assert.Null(c.Confirmed));
        Assert.Empty(await holder.EvidenceAsync("element-confirmed", "element-rejected"));
        using var none = await holder.PostTextAsync("products/none/elements", json);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Others_find_and_see_what_is_confirmed_of_the_columns_that_their_offers_show(string database)
    {
        var (holder, reader) = (await nodes.ParticipantAsync(database), await nodes.AcrossAsync(database));
        await holder.PublishAsync(Table, Odrl.Offer(Odrl.Columns("date", "temp_max"), Odrl.Mask("date", "date:year")));
        await AddPeerAsync(reader, holder);
        Assert.Empty((await SearchAsync(reader, "date")).Datasets);
        foreach (var (column, element) in ((string, string)[])
            [("date", "calendar-date"), ("country", "country-code-2"), ("temp_max", "air-temperature-max")])
        {
            await DecideAsync(holder, column, element);
        }
        foreach (var words in (string[])["date", "日期"])
        {
            var hit = Assert.Single((await SearchAsync(reader, words)).Datasets);
            // The column that no offer shows is told to nobody.
            Assert.Equal(
                [("date", "common/calendar-date"), ("temp_max", "common/air-temperature-max")],
                hit.Elements!.Select(e => (e.Column, e.Element.Element)));
            Assert.NotEmpty(hit.Elements![0].Element.En!.Definition);
        }
        await DecideAsync(holder, "date", null);
        Assert.Empty((await SearchAsync(reader, "date")).Datasets);
    }

    [Fact]
    public async Task Descriptions_tell_what_is_confirmed_not_what_is_proposed_and_are_read_back()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        using var first = await holder.UploadAsync(
            new ProductDraft("trips", Contract: "apiVersion: v3.1.0\nschema: [{properties: [{name: date}]}]\n"),
            ("table.csv", Encoding.UTF8.GetBytes(Table)));
        await TestNode.ReadAsync(first, ApiJson.Wire.Product);
        foreach (var path in (string[])["description?form=dcat", "description?form=croissant", "contract"])
            Assert.DoesNotContain(Iri, await TextAsync(holder, path), StringComparison.Ordinal);
        await DecideAsync(holder, "date", "calendar-date");

        var dcat = await TextAsync(holder, "description?form=dcat");
        var croissant = await TextAsync(holder, "description?form=croissant");
        var contract = await TextAsync(holder, "contract");
        var columns = JsonNode.Parse(dcat)!["csvw:tableSchema"]!["csvw:column"]!["@list"]!;
        Assert.Equal(Iri, (string?)columns[0]!["csvw:propertyUrl"]!["@value"]);
        Assert.Equal("日期", (string?)columns[0]!["dct:title"]![1]!["@value"]);
        Assert.Null(columns[1]!["csvw:propertyUrl"]);
        Assert.Equal(Iri, (string?)JsonNode.Parse(croissant)!["recordSet"]![0]!["field"]![0]!["equivalentProperty"]);
        Assert.Contains($"url: {Iri}", contract, StringComparison.Ordinal);

        foreach (var (about, i) in ((string[])[dcat, croissant, contract]).Select((a, i) => (a, i)))
        {
            using var copied = await holder.UploadAsync(
                new ProductDraft($"copy-{i}", About: about), ("table.csv", Encoding.UTF8.GetBytes(Table)));
            await TestNode.ReadAsync(copied, ApiJson.Wire.Product);
            var shown = await ShownAsync(holder, $"copy-{i}");
            Assert.Equal(["common/calendar-date", null, null], shown.Columns.Select(c => c.Confirmed?.Element));
        }
        Assert.Equal(4, (await holder.EvidenceAsync("element-confirmed")).Count);
    }

    [Fact]
    public async Task What_a_description_states_neither_overrides_a_person_nor_fits_any_column()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await holder.PublishAsync(Table);
        await DecideAsync(holder, "date", null);
        const string About = """
            {"@type":"Dataset","name":"Trips","recordSet":{"field":[
              {"name":"date","equivalentProperty":"ROOT/common/calendar-date"},
              {"name":"country","equivalentProperty":"https://example.org/country"},
              {"name":"temp_max","equivalentProperty":"ROOT/common/calendar-date"},
              {"name":"elsewhere","equivalentProperty":"ROOT/common/calendar-date"},
              {"name":"temp_max","equivalentProperty":["ROOT/common/nothing"]}]}}
            """;
        var about = About.Replace("ROOT", "https://millrace.dev/ns/element", StringComparison.Ordinal);
        using var again = await holder.UploadAsync(
            new ProductDraft("trips", About: about), ("table.csv", Encoding.UTF8.GetBytes(Table)));
        await TestNode.ReadAsync(again, ApiJson.Wire.Product);
        Assert.All((await ShownAsync(holder)).Columns, c => Assert.Null(c.Confirmed));
        Assert.Empty(await holder.EvidenceAsync("element-confirmed"));
    }

    private static Task<ProductElements> ShownAsync(TestParticipant holder, string product = "trips") =>
        holder.GetAsync($"products/{product}/elements", ApiJson.Wire.ProductElements);

    private static Task<ProductElements> DecideAsync(TestParticipant holder, string column, string? element) =>
        holder.PostAsync(
            "products/trips/elements", new ElementDraft(column, "A. Lin", "I know it.", element),
            ApiJson.Wire.ElementDraft, ApiJson.Wire.ProductElements);

    private static async Task<IReadOnlyList<string>> FoundAsync(TestParticipant holder, string words) =>
        [.. (await holder.GetAsync($"products?q={words}", ApiJson.Wire.IReadOnlyListProduct)).Select(p => p.Id)];

    private static Task<CatalogueHits> SearchAsync(TestParticipant reader, string words) =>
        reader.GetAsync($"catalogue?fresh=true&q={Uri.EscapeDataString(words)}", ApiJson.Wire.CatalogueHits);

    private static async Task AddPeerAsync(TestParticipant reader, TestParticipant holder)
    {
        using var added = await reader.PostTextAsync("peers", $$"""{"address":"{{holder.Did}}"}""");
        Assert.True(added.IsSuccessStatusCode);
    }

    private static async Task<string> TextAsync(TestParticipant holder, string path)
    {
        using var answer = await holder.GetAsync($"products/trips/{path}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(TestNode.Cancel);
    }
}
