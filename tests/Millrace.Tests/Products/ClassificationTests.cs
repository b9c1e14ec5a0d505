using System.Net;
using System.Text;
using System.Text.Json;
using Millrace.Node.Api;
using Millrace.Tests.Delivery;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Products;

/// <summary>Sensitive columns are found when a table is published, and guarded until a person decides.</summary>
public sealed class ClassificationTests(TwoNodes nodes)
{
    private const string Table = "id,phone,city\n1,13800138000,Wuhan\n2,13900139000,Xian\n";

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_sensitive_column_is_masked_whatever_the_offer_says(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        var product = await holder.PublishAsync(Table, Odrl.Offer());
        Assert.Equal(
            [("id", 1, null), ("phone", 3, "hash"), ("city", 1, null)],
            product.Classification!.Columns.Select(c => (c.Column, c.Level, c.Guard)));
        var guarded = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, product));

        var decided = await DecideAsync(holder, new LevelDraft("phone", 1, "A. Lin", "Phones of wards."));
        Assert.Equal((1, 1, null, "A. Lin"), (
            decided.Level, decided.Columns[1].Level, decided.Columns[1].Guard, decided.Columns[1].Decision!.Person));
        Assert.Equal(3, decided.Columns[1].Proposed);
        var open = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, product));

        Assert.DoesNotContain("13800138000", await TextAsync(guarded), StringComparison.Ordinal); // Frozen.
        Assert.Equal("id,phone,city\r\n1,13800138000,Wuhan\r\n2,13900139000,Xian\r\n", await TextAsync(open));
        var entry = Assert.Single(await holder.EvidenceAsync("classification-decided"));
        Assert.Equal("Phones of wards.", entry.Body.GetProperty("data").GetProperty("reason").GetString());
        Assert.Equal(2, (await holder.EvidenceAsync("default-plan-set")).Count);
    }

    [Fact]
    public async Task A_person_may_find_a_column_more_sensitive()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await holder.PublishAsync(Table);
        var decided = await DecideAsync(holder, new LevelDraft("city", 4, "A. Lin", "Where patients live."));
        Assert.Equal((4, 4, "null"), (decided.Level, decided.Columns[2].Level, decided.Columns[2].Guard));
    }

    [Fact]
    public async Task A_decision_upwards_holds_when_more_is_found()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await holder.PublishAsync("id,note\n1,a\n2,b\n");
        await DecideAsync(holder, new LevelDraft("note", 4, "A. Lin", "What patients say."));
        var next = await holder.PublishAsync("id,note\n1,a@example.org\n2,b@example.org\n");
        Assert.Equal((3, 4), (next.Classification!.Columns[1].Proposed, next.Classification.Columns[1].Level));
    }

    [Fact]
    public async Task What_the_holder_masked_by_choice_stays_masked()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await holder.PublishAsync(Table);
        await PlanAsync(holder, """{"masks":{"phone":"null"}}""", HttpStatusCode.OK);
        var decided = await DecideAsync(holder, new LevelDraft("phone", 1, "A. Lin", "Of wards."));
        Assert.Equal("null", decided.Columns[1].Guard);
    }

    [Fact]
    public async Task The_default_plan_cannot_open_a_sensitive_column()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await holder.PublishAsync(Table);
        await PlanAsync(holder, "{}", HttpStatusCode.BadRequest, "sensitive-open");
        await PlanAsync(holder, """{"hidden":["phone"]}""", HttpStatusCode.OK);
        await DecideAsync(holder, new LevelDraft("phone", 2, "A. Lin", "Of wards."));
        await PlanAsync(holder, "{}", HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_version_in_which_a_column_has_become_sensitive_waits_until_it_is_masked()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await holder.PublishAsync("id,note\n1,a\n2,b\n");
        const string Mails = "id,note\n1,a@example.org\n2,b@example.org\n";
        Assert.Equal("sensitive-open", (await RefusedAsync(holder, Mails)).Code);
        Assert.Single((await holder.GetAsync("products/trips", ApiJson.Wire.Product)).Versions);
        await PlanAsync(holder, """{"masks":{"note":"hash"}}""", HttpStatusCode.OK);
        Assert.Equal(2, (await holder.PublishAsync(Mails)).Versions.Count);
        // A decision on what is known now does not cover what a later version may bring.
        await DecideAsync(holder, new LevelDraft("note", 1, "A. Lin", "Role accounts."));
        const string Accounts = "id,note\n1,DE89370400440532013000\n2,GB82WEST12345698765432\n";
        Assert.Equal("sensitive-open", (await RefusedAsync(holder, Accounts)).Code);
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task What_becomes_sensitive_is_masked_for_agreements_that_run_until_a_person_decides(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        var product = await holder.PublishAsync("id,note\n1,a\n2,b\n", Odrl.Offer());
        var old = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, product));
        Assert.Equal("id,note\r\n1,a\r\n2,b\r\n", await TextAsync(old));
        await PlanAsync(holder, """{"masks":{"note":"null"}}""", HttpStatusCode.OK);
        Assert.Equal("id,note\r\n1,a\r\n2,b\r\n", await TextAsync(old)); // A holder alone narrows no contract.

        await holder.PublishAsync("id,note\n1,a@example.org\n2,b@example.org\n");
        Assert.Equal("id,note\r\n1,\r\n2,\r\n", await TextAsync(old));
        await holder.PublishAsync("id,note\n1,a@example.org\n2,c@example.org\n");
        Assert.Single(await holder.EvidenceAsync("agreement-masked")); // Nothing changed for it.

        await DecideAsync(holder, new LevelDraft("note", 1, "A. Lin", "Role accounts."));
        Assert.Equal("id,note\r\n1,a@example.org\r\n2,c@example.org\r\n", await TextAsync(old));
        Assert.Equal(
            ["""{"note":"null"}""", "{}"],
            (await holder.EvidenceAsync("agreement-masked")).Select(
                e => e.Body.GetProperty("data").GetProperty("masks").GetRawText()));
    }

    [Theory]
    [InlineData("phone", "last:4", true)]
    [InlineData("phone", "last:5", false)]
    [InlineData("phone", "first:99", false)]
    [InlineData("name", "first:1", true)]
    [InlineData("name", "first:2", false)]
    [InlineData("card", "hash", true)]
    [InlineData("card", "round:1", false)]
    [InlineData("born", "date:year", true)]
    [InlineData("born", "date:month", false)]
    public async Task A_mask_that_leaves_too_much_guards_nothing(string column, string mask, bool isEnough)
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await holder.PublishAsync(
            "phone,name,card,born\n"
            + "+86 13800138000,张伟,4111111111111111,1990-02-03\n+86 13900139000,王芳,5500005555555559,1985-11-30\n");
        var masks = new Dictionary<string, string>
        {
            ["phone"] = "hash",
            ["name"] = "hash",
            ["card"] = "hash",
            ["born"] = "null",
            [column] = mask,
        };
        await PlanAsync(
            holder, JsonSerializer.Serialize(new { masks }),
            isEnough ? HttpStatusCode.OK : HttpStatusCode.BadRequest, isEnough ? null : "sensitive-open");
    }

    [Fact]
    public async Task A_sensitive_column_that_a_version_adds_is_masked_as_in_a_new_product()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await holder.PublishAsync("id\n1\n2\n");
        var next = await holder.PublishAsync("id,mail\n1,a@example.org\n2,b@example.org\n");
        Assert.Equal(
            [("id", null), ("mail", "hash")], next.Classification!.Columns.Select(c => (c.Column, c.Guard)));
    }

    [Fact]
    public async Task A_decision_does_not_hold_for_another_kind_of_the_same_level()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        const string Phones = "id,phone,city\n1,138-0013-8000,Wuhan\n2,139-0013-9000,Xian\n";
        await holder.PublishAsync(Phones);
        await DecideAsync(holder, new LevelDraft("phone", 1, "A. Lin", "Phones of wards."));
        var more = await holder.PublishAsync(Phones + "3,137-0013-7000,Wuhan\n");
        Assert.Equal((1, 3), (more.Classification!.Columns[1].Level, more.Classification.Columns[1].Proposed));
        const string Homes = "id,phone,city\n1,北京市海淀区中关村大街27号,Wuhan\n2,杭州市西湖区文三路90号,Xian\n";
        Assert.Equal("sensitive-open", (await RefusedAsync(holder, Homes)).Code);
    }

    [Theory]
    [InlineData("""{"column":"phone","level":5,"person":"A","reason":"b"}""", "bad-level")]
    [InlineData("""{"column":"phone","level":0,"person":"A","reason":"b"}""", "bad-level")]
    [InlineData("""{"column":"nobody","level":1,"person":"A","reason":"b"}""", "unknown-column")]
    [InlineData("""{"column":"phone","level":1,"person":" ","reason":"b"}""", "undecided")]
    [InlineData("""{"column":"phone","level":1,"person":"A","reason":""}""", "undecided")]
    public async Task A_decision_needs_a_column_a_level_a_person_and_a_reason(string json, string code)
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await holder.PublishAsync(Table);
        using var answer = await holder.PostTextAsync("products/trips/classification", json);
        Assert.Equal(code, (await TestNode.ProblemAsync(answer)).Code);
        Assert.Empty(await holder.EvidenceAsync("classification-decided"));
    }

    private static async Task<Problem> RefusedAsync(TestParticipant holder, string csv)
    {
        using var answer = await holder.UploadAsync(
            new ProductDraft("trips"), ("table.csv", Encoding.UTF8.GetBytes(csv)));
        return await TestNode.ProblemAsync(answer);
    }

    private static Task<Classification> DecideAsync(TestParticipant holder, LevelDraft draft) => holder.PostAsync(
        "products/trips/classification", draft, ApiJson.Wire.LevelDraft, ApiJson.Wire.Classification);

    private static async Task PlanAsync(
        TestParticipant holder, string json, HttpStatusCode status, string? code = null)
    {
        using var answer = await holder.PostTextAsync("products/trips/default-plan", json);
        Assert.Equal(status, answer.StatusCode);
        if (code is not null)
            Assert.Equal(code, (await TestNode.ProblemAsync(answer)).Code);
    }

    private static async Task<string> TextAsync(DataAccess access) =>
        Encoding.UTF8.GetString((await DataTests.ReadAsync(access.Request(HttpMethod.Get))).Content);
}
