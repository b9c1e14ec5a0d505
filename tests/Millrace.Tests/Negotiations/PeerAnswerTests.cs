using Millrace.Node.Api;
using Millrace.Protocol.Catalogues;
using Millrace.Protocol.Negotiations;
using Millrace.Protocol.Policies;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Negotiations;

/// <summary>What becomes of our messages at a peer that refuses them, or is not well.</summary>
public sealed class PeerAnswerTests(TwoNodes nodes)
{
    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_consumer_that_refuses_the_agreement_ends_the_negotiation_and_is_told(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        peer.Answer = r => r.Path.EndsWith("/agreement", StringComparison.Ordinal) ? Reply.Refused : Reply.Ok;
        var product = await holder.PublishAsync("id\n1\n");
        var (_, pid) = await ProviderRefusalTests.OpenAsync(peer, holder, product);

        var told = (await peer.ReceiveAsync("/termination")).Read<NegotiationEnded>();
        Assert.Equal((pid, "no"), (told.ProviderPid, told.Code));
        await SeenAsync(holder, pid, "TERMINATED", "no");
        Assert.Empty(await holder.GetAsync("agreements", ApiJson.Wire.IReadOnlyListAgreement));
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_consumer_that_refuses_the_last_message_gets_an_agreement_that_is_void(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        peer.Answer = r => r.Path.EndsWith("/events", StringComparison.Ordinal) ? Reply.Refused : Reply.Ok;
        var agreement = await peer.AgreeAsync(holder, await holder.PublishAsync("id\n1\n"));
        var shown = await Until.SeenAsync(() => holder.AgreementAsync(agreement), a => a.State == "withdrawn");
        Assert.Equal("mutual", shown.Withdrawal?.Ground);
        using var asked = await peer.PostAsync(holder, "transfers/request", peer.Asking(agreement));
        Assert.Equal(400, (int)asked.StatusCode);
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_provider_that_refuses_the_request_ends_the_negotiation(string database)
    {
        var reader = await nodes.ParticipantAsync(database, "reader");
        await using var peer = await RawPeer.StartAsync();
        peer.Answer = r => r.Method == "GET" ? Reply.With(Dataset()) : Reply.Refused;
        var ended = await reader.NegotiateAsync(peer.Did, "weather", "urn:offer");
        Assert.Equal(("TERMINATED", "no", "Not with me."), (ended.State, ended.Refusal?.Code, ended.Refusal?.Reason));
        Assert.Equal(["negotiations/request"], peer.Left().Where(r => r.Method == "POST").Select(r => r.Path));
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_provider_that_refuses_the_verification_ends_the_negotiation_and_is_told(string database)
    {
        var reader = await nodes.ParticipantAsync(database, "reader");
        await using var peer = await RawPeer.StartAsync();
        var (pid, opening) = await BeginAsync(peer, reader, "verification", Reply.Refused);
        using var agreed = await peer.PostAsync(
            reader, $"negotiations/{pid}/agreement", Agreement(peer, reader, opening));
        Assert.Equal(200, (int)agreed.StatusCode);
        await peer.ReceiveAsync("/verification");
        var told = (await peer.ReceiveAsync("/termination")).Read<NegotiationEnded>();
        Assert.Equal((pid, "urn:theirs"), (told.ConsumerPid, told.ProviderPid));
        await SeenAsync(reader, pid, "TERMINATED", "no");
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task An_agreement_that_is_not_what_was_asked_for_is_refused(string database)
    {
        var reader = await nodes.ParticipantAsync(database, "reader");
        await using var peer = await RawPeer.StartAsync();
        var (pid, opening) = await BeginAsync(peer, reader, "nothing", Reply.Ok);
        var good = Agreement(peer, reader, opening);
        var policy = good.Agreement;
        Policy[] wrong =
        [
            policy with { Assignee = peer.Did },
            policy with { Assigner = reader.Did },
            policy with { Target = "other" },
            policy with { Prohibitions = [new Rule { Action = Terms.Derive }] },
        ];
        foreach (var bad in wrong)
        {
            using var answer = await peer.PostAsync(
                reader, $"negotiations/{pid}/agreement", good with { Id = RawReader.NewPid(), Agreement = bad });
            Assert.Equal(400, (int)answer.StatusCode);
            Assert.Equal("agreement-differs", (await RawPeer.ReadAsync<NegotiationRefused>(answer)).Code);
        }
        using var right = await peer.PostAsync(reader, $"negotiations/{pid}/agreement", good);
        Assert.Equal(200, (int)right.StatusCode);
        await peer.ReceiveAsync("/verification");
        using var final = await peer.PostAsync(
            reader, $"negotiations/{pid}/events", new NegotiationFinalized(RawReader.NewPid(), pid, "urn:theirs"));
        Assert.Equal(200, (int)final.StatusCode);
        Assert.Equal("active", (await reader.AgreementAsync(policy.Id)).State);

        // The next one cannot have its id: it would never become an agreement.
        var (next, second) = await BeginAsync(peer, reader, "nothing", Reply.Ok);
        using var taken = await peer.PostAsync(
            reader, $"negotiations/{next}/agreement",
            Agreement(peer, reader, second) with { Agreement = policy });
        Assert.Equal(400, (int)taken.StatusCode);
        Assert.Equal("agreement-id-taken", (await RawPeer.ReadAsync<NegotiationRefused>(taken)).Code);
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_peer_that_is_not_well_for_a_while_loses_nothing(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        var failures = 0;
        peer.Answer = _ => Interlocked.Increment(ref failures) % 3 == 0 ? Reply.Ok : Reply.Broken;
        var agreement = await peer.AgreeAsync(holder, await holder.PublishAsync("id\n1\n"));
        await Until.SeenAsync(() => Task.FromResult(Volatile.Read(ref failures)), count => count >= 6);
        Assert.Equal("active", (await holder.AgreementAsync(agreement)).State);
        // Each message came three times and was the same each time.
        var left = peer.Left();
        Assert.Equal(2, left.Count(r => r.Path.EndsWith("/agreement", StringComparison.Ordinal)));
        Assert.Equal(2, left.Count(r => r.Path.EndsWith("/events", StringComparison.Ordinal)));
        Assert.Equal(2, left.Select(r => System.Text.Encoding.UTF8.GetString(r.Body)).Distinct().Count());
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Our_next_message_never_overtakes_our_answer(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        var product = await holder.PublishAsync("id\n1\n");
        for (var i = 0; i < 10; i++)
        {
            var opening = peer.Opening(product.Offer());
            using var socket = new System.Net.Sockets.TcpClient();
            await socket.ConnectAsync(holder.Node.Address.Host, holder.Node.Address.Port, TestNode.Cancel);
            // The agreement comes in while the answer to the request must lie in our hands already, read or not.
            bool? answered = null;
            peer.Answer = _ =>
            {
                answered ??= socket.Client.Poll(0, System.Net.Sockets.SelectMode.SelectRead);
                return Reply.Ok;
            };
            var body = Protocol.Wire.Write(opening);
            var head = $"POST /{holder.Id}/dsp/2025-1/negotiations/request HTTP/1.1\r\nHost: x\r\n"
                + $"Authorization: Bearer {peer.Token(holder.Did)}\r\nContent-Type: application/json\r\n"
                + $"Content-Length: {body.Length}\r\n\r\n";
            await socket.Client.SendAsync(
                (byte[])[.. System.Text.Encoding.ASCII.GetBytes(head), .. body], TestNode.Cancel);
            await peer.ReceiveAsync($"{opening.ConsumerPid}/agreement");
            Assert.True(answered);
        }
    }

    private static Dataset Dataset() => new()
    {
        Id = "weather",
        Offers =
        [
            new Policy { Kind = PolicyKind.Offer, Id = "urn:offer", Permissions = [new Rule { Action = "use" }] },
        ],
        Distributions = [new Distribution("HttpData-PULL", new DataService("urn:s", new Uri("http://127.0.0.1/")))],
    };

    /// <summary>The node asks the peer for its one offer.</summary>
    internal static async Task<(string Pid, ContractRequest Opening)> BeginAsync(
        RawPeer peer, TestParticipant reader, string refusedPath, Reply refusal)
    {
        peer.Answer = r => r switch
        {
            { Method: "GET" } => Reply.With(Dataset()),
            { Path: "negotiations/request" } => Reply.With(
                new NegotiationStatus(
                    null, r.Read<ContractRequest>().ConsumerPid, "urn:theirs", NegotiationState.Requested), 201),
            _ => r.Path.EndsWith(refusedPath, StringComparison.Ordinal) ? refusal : Reply.Ok,
        };
        var asked = await reader.PostAsync(
            "negotiations", new NegotiationDraft(peer.Did, "weather", "urn:offer"), ApiJson.Wire.NegotiationDraft,
            ApiJson.Wire.Negotiation);
        return (asked.Id, (await peer.ReceiveAsync("negotiations/request")).Read<ContractRequest>());
    }

    internal static ContractAgreement Agreement(RawPeer peer, TestParticipant reader, ContractRequest opening) => new(
        RawReader.NewPid(), opening.ConsumerPid, "urn:theirs",
        opening.Offer with
        {
            Kind = PolicyKind.Agreement,
            Id = RawReader.NewPid(),
            Assigner = peer.Did,
            Assignee = reader.Did,
            Timestamp = reader.Node.Time.GetUtcNow(),
        });

    private static async Task SeenAsync(TestParticipant participant, string pid, string state, string code)
    {
        var ended = await participant.GetAsync($"negotiations/{pid}?wait=30", ApiJson.Wire.Negotiation);
        Assert.Equal((state, code), (ended.State, ended.Refusal?.Code));
    }
}
