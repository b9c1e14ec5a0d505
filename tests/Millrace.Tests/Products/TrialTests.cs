using System.Net;
using System.Text.Json;
using Millrace.Node.Api;
using Millrace.Node.Commands;
using Millrace.Tests.Commands;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Products;

/// <summary>The dry run: who could read what, and when.</summary>
public sealed class TrialTests(TwoNodes nodes)
{
    private const string Profile = "https://millrace.dev/odrl/";

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task It_answers_for_each_peer_under_each_offer_and_agreement(string database)
    {
        var (holder, reader) = (await nodes.ParticipantAsync(database), await nodes.AcrossAsync(database));
        var offer = Odrl.Offer(
            Odrl.Constraint($"{Profile}seat", "eq", "CN"), Odrl.Count(3), Odrl.Purpose("research"),
            Odrl.Columns("id", "name"), Odrl.Mask("name", "first:1"), Odrl.Row("id", "1"));
        var product = await holder.PublishAsync("id,name,age\n1,Ada,36\n2,Bob,40\n", offer);
        var research = new TrialDraft(Purpose: "research");
        var anyone = Assert.Single((await TryAsync(holder, research)).Answers);
        Assert.Equal(("anyone", "no-seat"), (anyone.Participant, anyone.Refusal?.Code));

        await RecordAsync(holder, new Member(reader.Did, Seat: "CN"));
        Assert.Equal("no-purpose", Assert.Single((await TryAsync(holder, new TrialDraft())).Answers).Refusal?.Code);
        await RecordAsync(holder, new Member("did:web:else.example", Seat: "US"));
        var agreement = await reader.AgreeAsync(holder, product);
        var transfer = await reader.TransferAsync(agreement, "research");
        using (var read = await reader.Node.Http.GetAsync(
            reader.Path($"transfers/{transfer.Id}/data"), TestNode.Cancel))
            Assert.Equal(HttpStatusCode.OK, read.StatusCode);

        var entries = (await holder.EvidenceAsync()).Count;
        var answers = (await TryAsync(holder, research)).Answers;
        Assert.Equal(3, answers.Count);
        Assert.Equal(
            "wrong-seat", Assert.Single(answers, a => a.Participant == "did:web:else.example").Refusal?.Code);
        Assert.Equal(3, Assert.Single(answers, a => a.Participant == reader.Did && a.Under == "offer").ReadsLeft);
        var agreed = Assert.Single(answers, a => a.Under == "agreement");
        Assert.Equal((agreement, 2), (agreed.Terms, agreed.ReadsLeft));
        Assert.Equal(
            ["id integer ", "name text first:1"], agreed.Plan!.Columns.Select(c => $"{c.Name} {c.Type} {c.Mask}"));
        Assert.Equal(["age"], agreed.Plan.Hidden);
        Assert.Equal(("rows where id is 1", "满足以下条件的行：id等于1"), (agreed.Plan.Rows, agreed.Plan.RowsZh));
        Assert.Equal(entries, (await holder.EvidenceAsync()).Count); // It leaves no trace.

        await holder.WithdrawAsync(agreement);
        var gone = (await TryAsync(holder, research with { Participant = reader.Did })).Answers;
        Assert.Equal("withdrawn", Assert.Single(gone, a => a.Under == "agreement").Refusal?.Code);
    }

    [Fact]
    public async Task It_answers_for_another_time_and_for_terms_that_are_not_offered_yet()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await holder.PublishAsync("id\n1\n");
        var end = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var draft = new TrialDraft(
            Policy: JsonElement.Parse(Odrl.Offer(Odrl.Until(end)).ToJsonString()), At: end.AddDays(-1));
        var before = await TryAsync(holder, draft);
        Assert.Equal((end.AddDays(-1), null), (before.At, Assert.Single(before.Answers).Refusal));
        var after = Assert.Single((await TryAsync(holder, draft with { At = end })).Answers);
        Assert.Equal(("draft", "expired"), (after.Under, after.Refusal?.Code));
    }

    [Theory]
    [InlineData("trips", """{"purpose":"fun"}""", "unknown-purpose")]
    [InlineData("trips", """{"policy":{"permission":[]}}""", "bad-policy")]
    [InlineData("none", "{}", "not-found")]
    public async Task What_cannot_be_tried_is_told(string product, string json, string code)
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await holder.PublishAsync("id\n1\n");
        using var answer = await holder.PostTextAsync($"products/{product}/trial", json);
        Assert.Equal(code, (await TestNode.ProblemAsync(answer)).Code);
    }

    [Fact]
    public async Task The_command_shows_who_could_read_and_ends_with_one_where_nobody_could()
    {
        await using var node = await FakeNode.StartAsync(TestNode.Cancel, "me");
        node.Gives(
            "POST /api/v1/participants/me/products/rides/trial",
            """
            {"product":"rides","at":"2026-01-02T03:04:05Z","answers":[
             {"participant":"did:web:a","under":"offer","terms":"o1","permission":"permission[0]","readsLeft":3,
              "plan":{"hash":"ab","columns":[{"name":"id","type":"integer"},{"name":"n","type":"text","mask":"hash"}],
                      "hidden":["x"],"rows":"all rows","rowsZh":"全部行"}},
             {"participant":"did:web:b","under":"offer","terms":"o1",
              "refusal":{"code":"no-seat","reason":"No seat.","rule":"permission[0].constraint[0]"}}]}
            """);
        var result = await CommandRunner.RunAsync(node, "policy", "check", "--product", "rides");
        Assert.Equal(ExitCode.Done, result.ExitCode);
        Assert.Contains("yes, permission[0]", result.Output, StringComparison.Ordinal);
        Assert.Contains("id, n (hash); all rows", result.Output, StringComparison.Ordinal);
        Assert.Contains("no: No seat. (no-seat, permission[0].constraint[0])", result.Output, StringComparison.Ordinal);

        node.Gives(
            "POST /api/v1/participants/me/products/rides/trial",
            """
            {"product":"rides","at":"2026-01-02T03:04:05Z","answers":[{"participant":"did:web:b","under":"offer",
             "terms":"o1","refusal":{"code":"no-seat","reason":"No seat."}}]}
            """);
        Assert.Equal(
            ExitCode.Refused, (await CommandRunner.RunAsync(node, "policy", "check", "--product", "rides")).ExitCode);
    }

    private static Task<Trial> TryAsync(TestParticipant holder, TrialDraft draft) =>
        holder.PostAsync("products/trips/trial", draft, ApiJson.Wire.TrialDraft, ApiJson.Wire.Trial);

    private static Task<Member> RecordAsync(TestParticipant who, Member member) =>
        who.PostAsync("members", member, ApiJson.Wire.Member, ApiJson.Wire.Member);
}
