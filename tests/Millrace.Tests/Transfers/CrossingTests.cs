using Millrace.Node;
using Millrace.Node.Api;
using Millrace.Protocol.Transfers;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Transfers;

/// <summary>Messages of both sides that cross, and what comes late.</summary>
public sealed class CrossingTests(TwoNodes nodes)
{
    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Both_sides_may_suspend_and_both_complete_at_once(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        var access = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, await PublishedAsync(holder)));
        foreach (var (act, state) in new[]
        {
            ("suspend", TransferState.Suspended), ("start", TransferState.Started),
            ("complete", TransferState.Completed),
        })
        {
            peer.Answer = r => r.Method == "GET" ? Reply.With(Status(access, state)) : Reply.Refused;
            await ActAsync(holder, access, act);
            await peer.ReceiveAsync($"transfers/{access.ConsumerPid}");
            Assert.Equal(state.ToString().ToUpperInvariant(), (await ShownAsync(holder, access)).State);
        }
        Assert.DoesNotContain(peer.Left(), r => r.Path.EndsWith("/termination", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_completion_that_the_peer_did_not_take_becomes_an_end_on_both_sides(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        var access = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, await PublishedAsync(holder)));
        peer.Answer = r => r switch
        {
            { Method: "GET" } => Reply.With(Status(access, TransferState.Suspended)),
            _ => r.Path.EndsWith("/completion", StringComparison.Ordinal) ? Reply.Refused : Reply.Ok,
        };
        await ActAsync(holder, access, "complete");
        await peer.ReceiveAsync("/termination");
        var shown = await ShownAsync(holder, access);
        Assert.Equal(("TERMINATED", "no"), (shown.State, shown.Refusal?.Code));
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task What_was_decided_after_a_refused_message_still_reaches_the_peer(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        var access = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, await PublishedAsync(holder)));
        var isWell = false;
        peer.Answer = r => !r.Path.EndsWith("/suspension", StringComparison.Ordinal) ? Reply.Ok
            : Volatile.Read(ref isWell) ? Reply.Refused : Reply.Broken;
        await ActAsync(holder, access, "suspend");
        await ActAsync(holder, access, "terminate");
        Volatile.Write(ref isWell, true);
        await peer.ReceiveAsync("/termination");
        Assert.Equal("TERMINATED", (await ShownAsync(holder, access)).State);
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task An_answer_that_names_another_state_for_good_ends_the_transfer(string database)
    {
        await using var node = await TestNode.StartAsync(
            database, limits: Limits.Default with { QuestionsMax = 2 });
        var holder = await node.AddAsync("holder");
        await using var peer = await RawPeer.StartAsync();
        var access = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, await PublishedAsync(holder)));
        peer.Answer = _ => Reply.With(Status(access, TransferState.Started));
        await ActAsync(holder, access, "suspend");
        for (var i = 0; i < 3; i++)
            await peer.ReceiveAsync($"transfers/{access.ConsumerPid}");
        var told = (await peer.ReceiveAsync("/termination")).Read<TransferEnded>();
        Assert.Equal("state-differs", told.Code);
        Assert.Equal("TERMINATED", (await ShownAsync(holder, access)).State);
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_copy_of_a_refused_message_is_refused_again_though_it_would_be_allowed_now(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        var access = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, await PublishedAsync(holder)));
        var (consumer, pid) = (access.ConsumerPid, access.ProviderPid);
        var resumed = new TransferStarted(RawReader.NewPid(), consumer, pid);
        await SendAsync("start", resumed, "bad-transition");
        await SendAsync("suspension", new TransferSuspended(RawReader.NewPid(), consumer, pid, null, ["Later."]), null);
        await SendAsync("start", resumed, "refused-before");
        Assert.Equal("SUSPENDED", (await ShownAsync(holder, access)).State);
        await SendAsync("start", resumed with { Id = RawReader.NewPid() }, null);
        Assert.Equal("STARTED", (await ShownAsync(holder, access)).State);

        async Task SendAsync(string path, TransferMessage message, string? code)
        {
            using var answer = await peer.PostAsync(holder, $"transfers/{pid}/{path}", message);
            Assert.Equal(code is null ? 200 : 400, (int)answer.StatusCode);
            if (code is not null)
                Assert.Equal(code, (await RawPeer.ReadAsync<TransferRefused>(answer)).Code);
        }
    }

    private static Task<Product> PublishedAsync(TestParticipant holder) => holder.PublishAsync("id\n1\n");

    private static TransferStatus Status(DataAccess access, TransferState state) =>
        new(null, access.ConsumerPid, access.ProviderPid, state);

    private static async Task ActAsync(TestParticipant holder, DataAccess access, string act)
    {
        using var acted = await holder.PostTextAsync(
            $"transfers/{access.ProviderPid}/acts", $$"""{"act":"{{act}}"}""");
        Assert.Equal(200, (int)acted.StatusCode);
    }

    private static Task<Node.Api.Transfer> ShownAsync(TestParticipant holder, DataAccess access) =>
        holder.GetAsync($"transfers/{access.ProviderPid}", ApiJson.Wire.Transfer);
}
