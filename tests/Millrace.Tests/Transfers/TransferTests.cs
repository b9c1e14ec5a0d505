using System.Net;
using Millrace.Node.Api;
using Millrace.Node.Identity;
using Millrace.Protocol.Policies;
using Millrace.Protocol.Transfers;
using Millrace.Tests.Nodes;
using Transfer = Millrace.Protocol.Transfers.TransferState;

namespace Millrace.Tests.Transfers;

public sealed class TransferTests(TwoNodes nodes)
{
    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_purpose_must_be_signed_by_the_consumer_for_this_agreement_and_be_one_that_is_allowed(
        string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        await using var stranger = await RawPeer.StartAsync();
        using var other = ParticipantKey.Generate("key-1");
        var product = await holder.PublishAsync("id\n1\n", Odrl.Offer(Odrl.Purpose("operations")));
        var (agreement, second) = (await peer.AgreeAsync(holder, product), await peer.AgreeAsync(holder, product));
        var now = TimeProvider.System.GetUtcNow();
        string Signed(ParticipantKey key, string did, DateTimeOffset at) => SignedPurpose.Issue(
            key, did, holder.Did, agreement, Purposes.Namespace + "operations", "test", at, RawReader.NewPid());

        (string? Purpose, string Code, string? Rule)[] wrong =
        [
            (null, "no-purpose", "permission[0].constraint[0]"),
            (peer.Sign(holder, agreement, "marketing"), "wrong-purpose", "permission[0].constraint[0]"),
            (peer.Sign(holder, agreement, "no-such-purpose"), "unknown-term", null),
            (peer.Sign(holder, second, "operations"), "purpose-agreement", null),
            (stranger.Sign(holder, agreement, "operations"), "purpose-issuer", null),
            (Signed(other, peer.Did, now), "token-signature", null),
            (Signed(peer.Key, peer.Did, now.AddHours(-1)), "purpose-stale", null),
            ("operations", "token-unreadable", null),
            (Unsigned(peer.Sign(holder, agreement, "operations")), "token-algorithm", null),
        ];
        foreach (var (purpose, code, rule) in wrong)
        {
            var asking = peer.Asking(agreement, purpose);
            using var answer = await peer.PostAsync(holder, "transfers/request", asking);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            var refused = await RawPeer.ReadAsync<TransferRefused>(answer);
            Assert.Equal((code, asking.ConsumerPid), (refused.Code, refused.ConsumerPid));
            var entry = (await holder.EvidenceAsync())[^1];
            Assert.Equal("transfer-refused", entry.Type);
            var data = entry.Body.GetProperty("data");
            Assert.Equal(code, data.GetProperty("code").GetString());
            Assert.Equal(rule, data.GetProperty("rule").GetString());
        }
        Assert.Empty(await holder.GetAsync("transfers", ApiJson.Wire.IReadOnlyListTransfer));

        // A narrower purpose is one of the allowed ones.
        var access = await peer.AccessAsync(holder, agreement, peer.Sign(holder, agreement, "maintenance"));
        var (read, _) = await Delivery.DataTests.ReadAsync(access.Request(HttpMethod.Get));
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        var opened = (await holder.EvidenceAsync()).Single(e => e.Type == "read-opened");
        Assert.Equal(
            Purposes.Namespace + "maintenance", opened.Body.GetProperty("data").GetProperty("purpose").GetString());
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Only_the_consumer_of_an_agreement_gets_access_under_it(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        await using var stranger = await RawPeer.StartAsync();
        var agreement = await peer.AgreeAsync(holder, await holder.PublishAsync("id\n1\n"));
        foreach (var (who, asking, code) in new[]
        {
            (stranger, stranger.Asking(agreement), "unknown-agreement"),
            (peer, peer.Asking("urn:none"), "unknown-agreement"),
            (peer, peer.Asking(agreement) with { Format = "Kafka-PUSH" }, "unknown-format"),
        })
        {
            using var answer = await who.PostAsync(holder, "transfers/request", asking);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Equal(code, (await RawPeer.ReadAsync<TransferRefused>(answer)).Code);
        }
        await holder.WithdrawAsync(agreement);
        using var late = await peer.PostAsync(holder, "transfers/request", peer.Asking(agreement));
        Assert.Equal("withdrawn", (await RawPeer.ReadAsync<TransferRefused>(late)).Code);
        Assert.Empty(stranger.Left());
        using var again = await holder.PostTextAsync($"agreements/{agreement}/withdrawal", """{"ground":"breach"}""");
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        Assert.Equal("withdrawn", (await TestNode.ProblemAsync(again)).Code);
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_repeat_has_no_effect_a_stranger_sees_nothing_and_a_bad_step_changes_nothing(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        await using var stranger = await RawPeer.StartAsync();
        var agreement = await peer.AgreeAsync(holder, await holder.PublishAsync("id\n1\n"));
        var asking = peer.Asking(agreement);
        var pids = new HashSet<string>();
        for (var i = 0; i < 3; i++)
        {
            using var asked = await peer.PostAsync(holder, "transfers/request", asking);
            Assert.Equal(HttpStatusCode.Created, asked.StatusCode);
            pids.Add((await RawPeer.ReadAsync<TransferStatus>(asked)).ProviderPid);
        }
        var pid = Assert.Single(pids);
        await peer.ReceiveAsync("/start");
        Assert.DoesNotContain(peer.Left(), r => r.Path.StartsWith("transfers", StringComparison.Ordinal));

        var (consumer, id) = (asking.ConsumerPid, RawReader.NewPid());
        foreach (var (path, message, code) in new (string, TransferMessage, string)[]
        {
            ("start", new TransferStarted(RawReader.NewPid(), consumer, pid), "bad-transition"),
            ("completion", new TransferCompleted(RawReader.NewPid(), "urn:other", pid), "wrong-pid"),
            ("completion", new TransferSuspended(RawReader.NewPid(), consumer, pid, null, ["x"]), "wrong-type"),
        })
        {
            using var answer = await peer.PostAsync(holder, $"transfers/{pid}/{path}", message);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            var refused = await RawPeer.ReadAsync<TransferRefused>(answer);
            Assert.Equal((code, consumer, pid), (refused.Code, refused.ConsumerPid, refused.ProviderPid));
        }
        using (var seen = await stranger.GetAsync(holder, $"transfers/{pid}"))
            Assert.Equal(HttpStatusCode.NotFound, seen.StatusCode);
        using (var sent = await stranger.PostAsync(
            holder, $"transfers/{pid}/completion", new TransferCompleted(id, consumer, pid)))
            Assert.Equal(HttpStatusCode.NotFound, sent.StatusCode);
        Assert.Equal(Transfer.Started, await StateAsync(peer, holder, pid));

        for (var i = 0; i < 2; i++) // The second is a repeat of the first.
        {
            using var done = await peer.PostAsync(
                holder, $"transfers/{pid}/completion", new TransferCompleted(id, consumer, pid));
            Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        }
        Assert.Equal(Transfer.Completed, await StateAsync(peer, holder, pid));
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Nothing_is_read_while_a_transfer_is_suspended_or_after_it_is_complete(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        var agreement = await peer.AgreeAsync(holder, await holder.PublishAsync("id\n1\n"));
        var access = await peer.AccessAsync(holder, agreement);
        var (consumer, pid) = (access.ConsumerPid, access.ProviderPid);
        foreach (var (path, message, status) in new (string, TransferMessage, HttpStatusCode)[]
        {
            ("suspension", new TransferSuspended(RawReader.NewPid(), consumer, pid, null, ["Later."]),
                HttpStatusCode.Forbidden),
            ("start", new TransferStarted(RawReader.NewPid(), consumer, pid), HttpStatusCode.OK),
            ("completion", new TransferCompleted(RawReader.NewPid(), consumer, pid), HttpStatusCode.Forbidden),
        })
        {
            using var moved = await peer.PostAsync(holder, $"transfers/{pid}/{path}", message);
            Assert.Equal(HttpStatusCode.OK, moved.StatusCode);
            var (read, _) = await Delivery.DataTests.ReadAsync(access.Request(HttpMethod.Get));
            Assert.Equal(status, read.StatusCode);
        }
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task While_the_provider_holds_access_no_transfer_of_the_agreement_opens_it(string database)
    {
        var (holder, reader) = (await nodes.ParticipantAsync(database), await nodes.AcrossAsync(database));
        var agreement = await reader.AgreeAsync(holder, await holder.PublishAsync("id\n1\n"));
        var ours = await reader.TransferAsync(agreement, "research");
        var theirs = Assert.Single(await holder.GetAsync("transfers", ApiJson.Wire.IReadOnlyListTransfer));
        await ActAsync(holder, theirs.Id, "suspend");
        var held = await Until.SeenAsync(
            () => reader.GetAsync($"transfers/{Uri.EscapeDataString(ours.Id)}", ApiJson.Wire.Transfer),
            t => t.State == "SUSPENDED");
        Assert.Equal(("provider", "We look into it."), (held.Suspension?.By, held.Suspension?.Reason));
        Assert.Equal(["terminate"], held.Acts);

        using var resumed = await reader.PostTextAsync(
            $"transfers/{Uri.EscapeDataString(ours.Id)}/acts", """{"act":"start"}""");
        Assert.Equal("on-hold", (await TestNode.ProblemAsync(resumed)).Code);
        Assert.Equal("on-hold", (await reader.TransferAsync(agreement, "research")).Refusal?.Code);

        await ActAsync(holder, theirs.Id, "start");
        Assert.Equal("STARTED", (await reader.TransferAsync(agreement, "research")).State);

        static Task<Node.Api.Transfer> ActAsync(TestParticipant holder, string id, string act) => holder.PostAsync(
            $"transfers/{Uri.EscapeDataString(id)}/acts", new TransferAct(act, Reason: "We look into it."),
            ApiJson.Wire.TransferAct, ApiJson.Wire.Transfer);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_consumer_knows_of_a_withdrawal_when_its_transfer_ends_or_it_asks_for_another(bool isRunning)
    {
        var (holder, reader) = (await nodes.ParticipantAsync("sqlite"), await nodes.AcrossAsync("sqlite"));
        var agreement = await reader.AgreeAsync(holder, await holder.PublishAsync("id\n1\n"));
        if (isRunning)
            await reader.TransferAsync(agreement, "research");
        using var withdrawn = await holder.PostTextAsync(
            $"agreements/{Uri.EscapeDataString(agreement)}/withdrawal",
            """{"ground":"breach","note":"You shared it."}""");
        Assert.Equal(HttpStatusCode.OK, withdrawn.StatusCode);
        if (!isRunning)
        {
            Assert.Equal("active", (await reader.AgreementAsync(agreement)).State);
            Assert.Equal("withdrawn", (await reader.TransferAsync(agreement, "research")).Refusal?.Code);
        }
        var told = await Until.SeenAsync(() => reader.AgreementAsync(agreement), a => a.State == "withdrawn");
        Assert.Contains("breach", told.Withdrawal?.Note, StringComparison.Ordinal);
        Assert.Contains("It says: You shared it.", told.Withdrawal?.Note, StringComparison.Ordinal);
        Assert.Single(await reader.EvidenceAsync("agreement-withdrawn"));
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_refused_transfer_says_why_on_the_consumers_side(string database)
    {
        var (holder, reader) = (await nodes.ParticipantAsync(database), await nodes.AcrossAsync(database));
        var product = await holder.PublishAsync("id\n1\n", Odrl.Offer(Odrl.Purpose("operations")));
        var agreement = await reader.AgreeAsync(holder, product);
        var refused = await reader.TransferAsync(agreement, "marketing");
        Assert.Equal(("TERMINATED", "wrong-purpose"), (refused.State, refused.Refusal?.Code));
        Assert.Contains("permission[0].constraint[0]", refused.Refusal?.Reason, StringComparison.Ordinal);
        using var data = await reader.Node.Http.GetAsync(reader.Path($"transfers/{refused.Id}/data"), TestNode.Cancel);
        Assert.Equal(HttpStatusCode.Conflict, data.StatusCode);
        using var nonsense = await reader.PostTextAsync(
            "transfers", $$"""{"agreement":"{{agreement}}","purpose":"nonsense"}""");
        Assert.Equal(HttpStatusCode.BadRequest, nonsense.StatusCode);
        await TestNode.ProblemAsync(nonsense);
        Assert.Equal("STARTED", (await reader.TransferAsync(agreement, "operations")).State);
    }

    private static async Task<Transfer> StateAsync(RawPeer peer, TestParticipant holder, string pid)
    {
        using var answer = await peer.GetAsync(holder, $"transfers/{pid}");
        return (await RawPeer.ReadAsync<TransferStatus>(answer)).State;
    }

    /// <summary>The same statement under the algorithm <c>none</c>.</summary>
    private static string Unsigned(string jws)
    {
        var header = """{"alg":"none","typ":"millrace-purpose+jwt"}"""u8;
        return $"{System.Buffers.Text.Base64Url.EncodeToString(header)}.{jws.Split('.')[1]}.";
    }
}
