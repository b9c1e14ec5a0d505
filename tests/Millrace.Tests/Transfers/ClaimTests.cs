using System.Net;
using System.Text.Json.Nodes;
using Millrace.Node.Api;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Transfers;

/// <summary>What is recorded of a consumer decides: in negotiations, when a transfer starts, at each read.</summary>
public sealed class ClaimTests(TwoNodes nodes)
{
    private const string Profile = "https://millrace.dev/odrl/";
    private const string Space = "did:web:space.example";

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_seat_is_asked_at_the_negotiation_and_stays_as_it_was_when_the_transfer_began(string database)
    {
        var (holder, reader) = (await nodes.ParticipantAsync(database), await nodes.AcrossAsync(database));
        var product = await holder.PublishAsync(
            "id\n1\n", Odrl.Offer(Odrl.Constraint($"{Profile}seat", "isPartOf", "CN")));
        Assert.Equal("no-seat", await RefusedAsync(reader, holder, product));
        await RecordAsync(holder, new Member(reader.Did, Seat: "US"));
        Assert.Equal("wrong-seat", await RefusedAsync(reader, holder, product));
        await RecordAsync(holder, new Member(reader.Did, Seat: "CN-SH"));
        var agreement = await reader.AgreeAsync(holder, product);
        var transfer = await reader.TransferAsync(agreement);

        await RecordAsync(holder, new Member(reader.Did, Seat: "US"));
        Assert.Equal(HttpStatusCode.OK, await ReadAsync(reader, transfer.Id));
        var next = await reader.TransferAsync(agreement);
        Assert.Equal(("TERMINATED", "wrong-seat"), (next.State, next.Refusal?.Code));
        var opened = Assert.Single(await holder.EvidenceAsync("read-opened"));
        Assert.Equal("CN-SH", opened.Body.GetProperty("data").GetProperty("claims").GetProperty("seat").GetString());
        Assert.Equal(3, (await holder.EvidenceAsync("member-recorded")).Count);
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task The_place_of_use_and_a_membership_are_asked_at_each_read(string database)
    {
        var (holder, reader) = (await nodes.ParticipantAsync(database), await nodes.AcrossAsync(database));
        var product = await holder.PublishAsync(
            "id\n1\n",
            Odrl.Offer(
                Odrl.Constraint("odrl:spatial", "isNoneOf", new JsonArray("US")),
                Odrl.Constraint($"{Profile}membership", "eq", $"Member@{Space}")));
        var member = new Member(reader.Did, Place: "CN", Memberships: [new MembershipInfo("Member", Space)]);
        await RecordAsync(holder, member with { Place = "US" });
        var agreement = await reader.AgreeAsync(holder, product); // Where it is used is not asked yet.
        Assert.Equal("wrong-place", (await reader.TransferAsync(agreement)).Refusal?.Code);

        await RecordAsync(holder, member);
        var transfer = await reader.TransferAsync(agreement);
        Assert.Equal(HttpStatusCode.OK, await ReadAsync(reader, transfer.Id));
        foreach (var (change, code) in new[]
                 {
                     (member with { Place = "US" }, "wrong-place"), (member with { Place = null }, "no-place"),
                     (member with { Memberships = [] }, "no-membership"),
                     (member with { Memberships = [new MembershipInfo("Member", holder.Did)] }, "no-membership"),
                 })
        {
            await RecordAsync(holder, change);
            using var refused = await reader.Node.Http.GetAsync(reader.Path($"transfers/{transfer.Id}/data"),
                TestNode.Cancel);
            Assert.Equal(code, (await TestNode.ProblemAsync(refused)).Code);
        }

        await RecordAsync(holder, member);
        Assert.Equal(HttpStatusCode.OK, await ReadAsync(reader, transfer.Id));
    }

    [Fact]
    public async Task The_operators_register_goes_before_the_holders_own()
    {
        await using var node = await TestNode.StartAsync("sqlite");
        var space = await node.AddAsync("space", isOperator: true);
        var (holder, reader) = (await node.AddAsync("holder"), await node.AddAsync("reader"));
        var product = await holder.PublishAsync(
            "id\n1\n", Odrl.Offer(Odrl.Constraint("odrl:industry", "eq", "G5412")));
        await RecordAsync(holder, new Member(reader.Did, Industry: "G5412"));
        await RecordAsync(space, new Member(reader.Did, Seat: "CN"));
        Assert.Equal("no-industry", await RefusedAsync(reader, holder, product));
        await RecordAsync(space, new Member(reader.Did, Industry: "G5412"));
        await reader.AgreeAsync(holder, product);
    }

    [Fact]
    public async Task A_read_waits_until_the_provider_found_the_precondition_met()
    {
        var (holder, reader) = (await nodes.ParticipantAsync("sqlite"), await nodes.AcrossAsync("sqlite"));
        var offer = Odrl.Offer();
        offer["permission"]![0]!["duty"] = new JsonArray(new JsonObject
        {
            ["action"] = $"{Profile}sign",
            ["constraint"] = new JsonArray(Odrl.Constraint($"{Profile}form", "eq", "no-resale")),
        });
        var product = await holder.PublishAsync("id\n1\n", offer);
        var agreement = await reader.AgreeAsync(holder, product);
        Assert.Equal("duty-open", (await reader.TransferAsync(agreement)).Refusal?.Code);

        foreach (var (who, duty, code) in new[]
                 {
                     (holder, "permission[0].duty[1]", "no-such-duty"),
                     (reader, "permission[0].duty[0]", "not-provider"),
                 })
        {
            using var refused = await who.PostTextAsync($"agreements/{agreement}/duties", $$"""{"duty":"{{duty}}"}""");
            Assert.Equal(code, (await TestNode.ProblemAsync(refused)).Code);
        }

        var met = await holder.PostAsync(
            $"agreements/{agreement}/duties", new DutyDraft("permission[0].duty[0]", "by mail"),
            ApiJson.Wire.DutyDraft, ApiJson.Wire.Agreement);
        Assert.Equal("by mail", Assert.Single(met.Duties!).Note);
        var transfer = await reader.TransferAsync(agreement);
        Assert.Equal(HttpStatusCode.OK, await ReadAsync(reader, transfer.Id));
        Assert.Single(await holder.EvidenceAsync("duty-done"));
    }

    [Theory]
    [InlineData("""{"did":"did:web:a.example","seat":"China"}""", "bad-claim")]
    [InlineData("""{"did":"did:web:a.example","memberships":[{"type":"M","issuer":"space"}]}""", "bad-claim")]
    [InlineData("""{"did":"analyst","seat":"CN"}""", "did-unreadable")]
    public async Task What_is_recorded_is_looked_at_first(string json, string code)
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        using var answer = await holder.PostTextAsync("members", json);
        Assert.Equal(code, (await TestNode.ProblemAsync(answer)).Code);
        Assert.Empty(await holder.GetAsync("members", ApiJson.Wire.IReadOnlyListMember));
    }

    private static Task<Member> RecordAsync(TestParticipant who, Member member) =>
        who.PostAsync("members", member, ApiJson.Wire.Member, ApiJson.Wire.Member);

    /// <summary>The code with which a negotiation was refused.</summary>
    private static async Task<string?> RefusedAsync(TestParticipant reader, TestParticipant holder, Product product)
    {
        var ended = await reader.NegotiateAsync(holder.Did, product.Id, product.Offers[0].Id);
        Assert.Equal("TERMINATED", ended.State);
        return ended.Refusal?.Code;
    }

    private static async Task<HttpStatusCode> ReadAsync(TestParticipant reader, string transfer)
    {
        using var answer = await reader.Node.Http.GetAsync(reader.Path($"transfers/{transfer}/data"), TestNode.Cancel);
        return answer.StatusCode;
    }
}
