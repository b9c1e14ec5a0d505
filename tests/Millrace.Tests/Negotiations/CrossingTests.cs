using Millrace.Node;
using Millrace.Node.Api;
using Millrace.Protocol.Negotiations;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Negotiations;

/// <summary>What a refusal leads to once the peer has been asked where it is.</summary>
public sealed class CrossingTests(TwoNodes nodes)
{
    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_refused_message_ends_nothing_where_the_peer_is_in_the_same_state(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        peer.Answer = r => r switch // It takes the agreement, and answers as if it had not.
        {
            { Method: "GET" } => Reply.With(
                Status(r.Path["negotiations/".Length..], "urn:any", NegotiationState.Agreed)),
            _ => r.Path.EndsWith("/agreement", StringComparison.Ordinal) ? Reply.Refused : Reply.Ok,
        };
        var product = await holder.PublishAsync("id\n1\n");
        var (opening, pid) = await ProviderRefusalTests.OpenAsync(peer, holder, product);
        await peer.ReceiveAsync($"negotiations/{opening.ConsumerPid}"); // The question.

        using var verified = await peer.PostAsync(
            holder, $"negotiations/{pid}/agreement/verification",
            new AgreementVerified(RawReader.NewPid(), opening.ConsumerPid, pid));
        Assert.Equal(200, (int)verified.StatusCode);
        await peer.ReceiveAsync("/events");
        var shown = await holder.GetAsync($"negotiations/{pid}?wait=30", ApiJson.Wire.Negotiation);
        Assert.Equal(("FINALIZED", null), (shown.State, shown.Refusal));
        Assert.Empty(peer.Left());
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_peer_that_is_ahead_is_asked_again_until_its_message_has_come(string database)
    {
        var reader = await nodes.ParticipantAsync(database, "reader");
        await using var peer = await RawPeer.StartAsync();
        var (pid, opening) = await PeerAnswerTests.BeginAsync(peer, reader, "verification", Reply.Refused);
        var ordinary = peer.Answer;
        peer.Answer = r => r.Path == "negotiations/urn:theirs"
            ? Reply.With(Status(pid, "urn:theirs", NegotiationState.Finalized))
            : ordinary(r);
        var agreement = PeerAnswerTests.Agreement(peer, reader, opening);
        using var agreed = await peer.PostAsync(reader, $"negotiations/{pid}/agreement", agreement);
        await peer.ReceiveAsync("negotiations/urn:theirs");
        await peer.ReceiveAsync("negotiations/urn:theirs");
        using var final = await peer.PostAsync(
            reader, $"negotiations/{pid}/events", new NegotiationFinalized(RawReader.NewPid(), pid, "urn:theirs"));
        Assert.Equal(200, (int)final.StatusCode);
        Assert.Equal("active", (await reader.AgreementAsync(agreement.Agreement.Id)).State);
        Assert.DoesNotContain(peer.Left(), r => r.Path.EndsWith("/termination", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_peer_that_is_elsewhere_ends_it_for_the_reason_of_its_refusal(string database)
    {
        var reader = await nodes.ParticipantAsync(database, "reader");
        await using var peer = await RawPeer.StartAsync();
        var (pid, opening) = await PeerAnswerTests.BeginAsync(peer, reader, "verification", Reply.Refused);
        var ordinary = peer.Answer;
        peer.Answer = r => r.Path == "negotiations/urn:theirs"
            ? Reply.With(Status(pid, "urn:theirs", NegotiationState.Agreed))
            : ordinary(r);
        using var agreed = await peer.PostAsync(
            reader, $"negotiations/{pid}/agreement", PeerAnswerTests.Agreement(peer, reader, opening));
        await peer.ReceiveAsync("negotiations/urn:theirs");
        await peer.ReceiveAsync("/termination");
        var shown = await reader.GetAsync($"negotiations/{pid}?wait=30", ApiJson.Wire.Negotiation);
        Assert.Equal(("TERMINATED", "no"), (shown.State, shown.Refusal?.Code));
    }

    [Theory]
    [InlineData(401, 1, "FINALIZED", 2)] // Its token may have been used up by a request that was lost: once more.
    [InlineData(401, 99, "TERMINATED", 2)]
    [InlineData(409, 99, "TERMINATED", 1)]
    [InlineData(404, 2, "FINALIZED", 3)] // The peer is a moment behind.
    [InlineData(404, 99, "TERMINATED", 3)]
    [InlineData(429, 4, "FINALIZED", 5)]
    public async Task What_a_status_says_decides_how_often_a_message_is_sent(
        int status, int times, string state, int sent)
    {
        await using var node = await TestNode.StartAsync(
            "sqlite", limits: Limits.Default with { NotFoundAttemptsMax = 3 });
        var holder = await node.AddAsync("holder");
        await using var peer = await RawPeer.StartAsync();
        var count = 0;
        peer.Answer = r => r.Path.EndsWith("/agreement", StringComparison.Ordinal) && count++ < times
            ? new Reply(status, [])
            : Reply.Ok;
        var (opening, pid) = await ProviderRefusalTests.OpenAsync(peer, holder, await holder.PublishAsync("id\n1\n"));
        for (var i = 1; i < sent; i++)
            await peer.ReceiveAsync("/agreement");
        if (state == "FINALIZED")
        {
            using var verified = await peer.PostAsync(
                holder, $"negotiations/{pid}/agreement/verification",
                new AgreementVerified(RawReader.NewPid(), opening.ConsumerPid, pid));
        }
        var shown = await holder.GetAsync($"negotiations/{pid}?wait=30", ApiJson.Wire.Negotiation);
        Assert.Equal((state, sent), (shown.State, Volatile.Read(ref count)));
    }

    private static NegotiationStatus Status(string consumer, string provider, NegotiationState state) =>
        new(null, consumer, provider, state);
}
