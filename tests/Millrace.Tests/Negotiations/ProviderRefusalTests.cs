using System.Net;
using Millrace.Node.Api;
using Millrace.Protocol.Negotiations;
using Millrace.Protocol.Policies;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Negotiations;

/// <summary>What a provider answers to a consumer that does not keep the protocol, message by message.</summary>
public sealed class ProviderRefusalTests(TwoNodes nodes)
{
    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_request_for_what_is_not_on_offer_is_refused_and_leaves_nothing(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        var product = await holder.PublishAsync("id\n1\n", Odrl.Offer(Odrl.Count(3)));
        var ended = await holder.PublishAsync(
            "id\n1\n", Odrl.Offer(Odrl.Until(new(2001, 1, 1, 0, 0, 0, TimeSpan.Zero))), "ended");
        var offer = product.Offer();
        var generous = offer with { Permissions = [new Rule { Action = Terms.Use }] };

        foreach (var (asked, code) in new[]
        {
            (offer with { Id = "urn:none" }, "unknown-offer"),
            (offer with { Target = "none" }, "unknown-offer"),
            (offer with { Target = ended.Id }, "unknown-offer"),
            (generous, "offer-changed"),
            (ended.Offer(), "expired"),
        })
        {
            var opening = peer.Opening(asked);
            using var answer = await peer.PostAsync(holder, "negotiations/request", opening);
            var refused = await RefusedAsync(answer, code);
            Assert.Equal(opening.ConsumerPid, refused.ConsumerPid);
            Assert.NotEmpty(refused.ProviderPid);
        }
        Assert.Empty(await holder.GetAsync("negotiations", ApiJson.Wire.IReadOnlyListNegotiation));
        Assert.DoesNotContain(await holder.EvidenceAsync(), e => e.Type == "negotiation-moved");
        Assert.Empty(peer.Left());
    }

    [Theory]
    [InlineData("", "malformed")]
    [InlineData("[]", "malformed")]
    [InlineData("{\"@type\":\"ContractRequestMessage\",\"@type\":\"x\"}", "malformed")]
    [InlineData("{}", "missing-member")]
    [InlineData(
        """{"@context":["https://w3id.org/dspace/2025/1/context.jsonld"],"@type":"CatalogRequestMessage"}""",
        "wrong-type")]
    [InlineData(
        """
        {"@context":["https://w3id.org/dspace/2025/1/context.jsonld"],"@type":"ContractRequestMessage",
         "consumerPid":"urn:x","offer":{"@type":"Offer","@id":"urn:y","target":"t","permission":[{"action":"use"}]}}
        """,
        "missing-member")]
    public async Task A_body_that_is_no_contract_request_gets_an_error_with_both_pids(string body, string code)
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await using var peer = await RawPeer.StartAsync();
        using var answer = await peer.PostAsync(holder, "negotiations/request", body);
        var refused = await RefusedAsync(answer, code);
        Assert.NotEmpty(refused.ConsumerPid);
        Assert.NotEmpty(refused.ProviderPid);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_before_it_is_read_to_its_end()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await using var peer = await RawPeer.StartAsync();
        var body = new byte[holder.Node.Options.Limits.MessageBytesMax + 1];
        using var answer = await peer.PostAsync(holder, "negotiations/request", body);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("too-large", (await RawPeer.ReadAsync<NegotiationRefused>(answer)).Code);
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task The_same_first_message_again_leads_to_the_same_negotiation(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        var product = await holder.PublishAsync("id\n1\n");
        var opening = peer.Opening(product.Offer());
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 5).Select(_ => peer.PostAsync(holder, "negotiations/request", opening)));
        var pids = new HashSet<string>();
        foreach (var answer in answers)
        {
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            var status = await RawPeer.ReadAsync<NegotiationStatus>(answer);
            Assert.Equal(NegotiationState.Requested, status.State);
            pids.Add(status.ProviderPid);
            answer.Dispose();
        }
        Assert.Single(pids);
        await peer.ReceiveAsync("/agreement");
        Assert.Single(await holder.GetAsync("negotiations", ApiJson.Wire.IReadOnlyListNegotiation));
        Assert.Empty(peer.Left()); // One agreement came, not five.
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task What_the_state_does_not_allow_is_refused_and_changes_nothing(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        var product = await holder.PublishAsync("id\n1\n");
        var (opening, pid) = await OpenAsync(peer, holder, product);
        var consumer = opening.ConsumerPid;

        // AGREED: only a verification or an end may come now.
        (string Path, NegotiationMessage Message, string Code)[] wrong =
        [
            ("request", new ContractRequest(RawReader.NewPid(), consumer, pid, opening.Offer, null), "bad-transition"),
            ("events", new OfferAccepted(RawReader.NewPid(), consumer, pid), "bad-transition"),
            ("events", new NegotiationFinalized(RawReader.NewPid(), consumer, pid), "bad-transition"),
            ("agreement/verification", new AgreementVerified(RawReader.NewPid(), "urn:other", pid), "wrong-pid"),
            ("agreement/verification", new AgreementVerified(RawReader.NewPid(), consumer, "urn:other"), "wrong-pid"),
            ("agreement/verification", new OfferAccepted(RawReader.NewPid(), consumer, pid), "wrong-type"),
            ("offers", new ContractOffer(RawReader.NewPid(), consumer, pid, opening.Offer, null), "bad-transition"),
        ];
        foreach (var (path, message, code) in wrong)
        {
            using var answer = await peer.PostAsync(holder, $"negotiations/{pid}/{path}", message);
            var refused = await RefusedAsync(answer, code);
            Assert.Equal((consumer, pid), (refused.ConsumerPid, refused.ProviderPid));
            Assert.Equal(NegotiationState.Agreed, await StateAsync(peer, holder, pid));
        }

        var verified = new AgreementVerified(RawReader.NewPid(), consumer, pid);
        using (var good = await peer.PostAsync(holder, $"negotiations/{pid}/agreement/verification", verified))
            Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        await peer.ReceiveAsync("/events");
        // FINALIZED: nothing may come any more; but the message that was taken before gets its answer again.
        using (var again = await peer.PostAsync(holder, $"negotiations/{pid}/agreement/verification", verified))
            Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        using (var fresh = await peer.PostAsync(
            holder, $"negotiations/{pid}/agreement/verification", verified with { Id = RawReader.NewPid() }))
            await RefusedAsync(fresh, "bad-transition");
        using (var end = await peer.PostAsync(
            holder, $"negotiations/{pid}/termination",
            new NegotiationEnded(RawReader.NewPid(), consumer, pid, "x", ["y"])))
            await RefusedAsync(end, "bad-transition");
        Assert.Equal(NegotiationState.Finalized, await StateAsync(peer, holder, pid));
        Assert.Single(await holder.GetAsync("agreements", ApiJson.Wire.IReadOnlyListAgreement));
        Assert.Empty(peer.Left());
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_consumer_may_end_a_negotiation_that_is_not_final(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        var (opening, pid) = await OpenAsync(peer, holder, await holder.PublishAsync("id\n1\n"));
        using var end = await peer.PostAsync(
            holder, $"negotiations/{pid}/termination",
            new NegotiationEnded(RawReader.NewPid(), opening.ConsumerPid, pid, "changed-mind", ["Too dear."]));
        Assert.Equal(HttpStatusCode.OK, end.StatusCode);
        var shown = (await holder.GetAsync("negotiations", ApiJson.Wire.IReadOnlyListNegotiation)).Single();
        Assert.Equal(("TERMINATED", "changed-mind", "Too dear."),
            (shown.State, shown.Refusal?.Code, shown.Refusal?.Reason));
        Assert.Empty(await holder.GetAsync("agreements", ApiJson.Wire.IReadOnlyListAgreement));
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_stranger_learns_nothing_of_a_negotiation(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        var other = await nodes.ParticipantAsync(database, "other");
        await using var peer = await RawPeer.StartAsync();
        await using var stranger = await RawPeer.StartAsync();
        var (opening, pid) = await OpenAsync(peer, holder, await holder.PublishAsync("id\n1\n"));
        var verified = new AgreementVerified(RawReader.NewPid(), opening.ConsumerPid, pid);

        foreach (var (who, at, name) in new[]
        {
            (stranger, holder, pid), (peer, other, pid), (peer, holder, "urn:uuid:none"),
        })
        {
            using var shown = await who.GetAsync(at, $"negotiations/{name}");
            using var sent = await who.PostAsync(at, $"negotiations/{name}/agreement/verification", verified);
            using var broken = await who.PostAsync(at, $"negotiations/{name}/events", "no json");
            foreach (var answer in (HttpResponseMessage[])[shown, sent, broken])
            {
                Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
                Assert.Empty(await answer.Content.ReadAsByteArrayAsync(TestNode.Cancel));
            }
        }
        Assert.Equal(NegotiationState.Agreed, await StateAsync(peer, holder, pid));
    }

    internal static async Task<(ContractRequest Opening, string ProviderPid)> OpenAsync(
        RawPeer peer, TestParticipant holder, Product product)
    {
        var opening = peer.Opening(product.Offer());
        using var opened = await peer.PostAsync(holder, "negotiations/request", opening);
        var status = await RawPeer.ReadAsync<NegotiationStatus>(opened);
        await peer.ReceiveAsync($"{opening.ConsumerPid}/agreement");
        return (opening, status.ProviderPid);
    }

    private static async Task<NegotiationRefused> RefusedAsync(HttpResponseMessage answer, string code)
    {
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var refused = await RawPeer.ReadAsync<NegotiationRefused>(answer);
        Assert.Equal(code, refused.Code);
        Assert.NotEmpty(refused.Reasons);
        return refused;
    }

    private static async Task<NegotiationState> StateAsync(RawPeer peer, TestParticipant holder, string pid)
    {
        using var answer = await peer.GetAsync(holder, $"negotiations/{pid}");
        return (await RawPeer.ReadAsync<NegotiationStatus>(answer)).State;
    }
}
