using System.Text.Json.Nodes;
using Millrace.Log;
using Millrace.Node.Api;
using Millrace.Node.Identity;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Evidence;

public sealed class EvidenceTests(TwoNodes nodes)
{
    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Each_step_leaves_one_entry_on_each_side(string database)
    {
        var (holder, reader) = (await nodes.ParticipantAsync(database), await nodes.AcrossAsync(database));
        var product = await holder.PublishAsync("id\n1\n");
        var agreement = await reader.AgreeAsync(holder, product);
        var transfer = await reader.TransferAsync(agreement);
        var path = $"transfers/{transfer.Id}/data?format=csv";
        await reader.Node.Http.GetByteArrayAsync(reader.Path(path), TestNode.Cancel);
        using (var done = await reader.PostAsync($"transfers/{transfer.Id}/completion", null))
            Assert.True(done.IsSuccessStatusCode);
        await Until.SeenAsync(
            async () => (await holder.GetAsync("transfers", ApiJson.Wire.IReadOnlyListTransfer)).Single().State,
            state => state == "COMPLETED");
        // The last byte may have come before the provider has settled that it left.
        await Until.SeenAsync(() => holder.EvidenceAsync("read-closed"), closed => closed.Count == 1);

        string[] contract =
        [
            "negotiation-moved Requested", "negotiation-moved Agreed", "negotiation-moved Verified",
            "negotiation-moved Finalized", "agreement-finalized", "transfer-moved Requested", "transfer-moved Started",
        ];
        Assert.Equal(
            [
                "participant-added", "version-published", "offer-published", .. contract, "read-opened",
                "transfer-moved Completed", "read-closed",
            ],
            Steps(await holder.EvidenceAsync()));
        Assert.Equal(
            ["participant-added", .. contract, "read-begun", "read-received", "transfer-moved Completed"],
            Steps(await reader.EvidenceAsync()));
        // Both speak of the same terms, and of the same read.
        var (theirs, ours) = (await holder.EvidenceAsync(), await reader.EvidenceAsync());
        Assert.Equal(
            Data(theirs, "agreement-finalized", "terms"), Data(ours, "agreement-finalized", "terms"));
        Assert.Equal(Data(theirs, "read-opened", "read"), Data(ours, "read-received", "read"));
        Assert.Equal(Data(theirs, "read-closed", "bytes"), Data(ours, "read-received", "bytes"));

        await holder.WithdrawAsync(agreement);
        Assert.Equal("agreement-withdrawn", (await holder.EvidenceAsync())[^1].Type);
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task An_entry_that_was_changed_removed_or_moved_is_found(string database)
    {
        foreach (var tampering in (string[])
        [
            "UPDATE entry SET body = @body WHERE participant = @participant AND position = 1",
            "DELETE FROM entry WHERE participant = @participant AND position = 1",
            "UPDATE entry SET position = position + 100 WHERE participant = @participant AND position = 1",
        ])
        {
            var holder = await nodes.ParticipantAsync(database);
            await holder.PublishAsync("id\n1\n");
            var before = await holder.EvidenceAsync();
            Assert.Equal(3, before.Count);
            var changed = before[1].Body.GetRawText().Replace("\"rows\":1", "\"rows\":2", StringComparison.Ordinal);
            await using (var direct = await holder.Node.OpenDatabaseAsync())
            {
                Assert.Equal(1, await direct.WriteAsync(
                    u => u.ExecuteAsync(
                        tampering,
                        tampering.Contains("@body", StringComparison.Ordinal)
                            ? [("participant", holder.Id), ("body", System.Text.Encoding.UTF8.GetBytes(changed))]
                            : [("participant", holder.Id)],
                        TestNode.Cancel),
                    TestNode.Cancel));
            }
            var verdict = await holder.VerifyAsync();
            Assert.False(verdict.Valid, tampering);
            Assert.False(verdict.Checks.Single(c => c.Name == "root").Valid);
        }
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_receipt_convinces_whoever_has_only_the_key_that_the_log_publishes(string database)
    {
        var (holder, other) = (await nodes.ParticipantAsync(database), await nodes.ParticipantAsync(database, "other"));
        await holder.PublishAsync("id\n1\n");
        var entries = await holder.EvidenceAsync();
        var (log, foreign) = (await KeyAsync(holder), await KeyAsync(other));
        foreach (var entry in entries)
        {
            var text = await holder.Node.Http.GetStringAsync(
                holder.Path($"evidence/{entry.Index}/receipt"), TestNode.Cancel);
            var receipt = Receipt.Parse(text);
            var bytes = await holder.Node.Http.GetByteArrayAsync(
                holder.Path($"evidence/{entry.Index}/entry"), TestNode.Cancel);
            Assert.Equal(CanonicalJson.Serialize(JsonNode.Parse(entry.Body.GetRawText())), bytes);
            Assert.Equal(entry.Hash, Convert.ToHexStringLower(MerkleTree.HashLeaf(bytes)));
            Assert.True(receipt.Verify(bytes, log));
            Assert.False(receipt.Verify(bytes, foreign));
            Assert.False(receipt.Verify([.. bytes, (byte)' '], log));
            Assert.False((receipt with { Index = (entry.Index + 1) % entries.Count }).Verify(bytes, log));
        }
        foreach (var index in (string[])["-1", $"{entries.Count}", "9223372036854775807"])
        {
            foreach (var what in (string[])["receipt", "entry"])
            {
                using var none = await holder.Node.Http.GetAsync(
                    holder.Path($"evidence/{index}/{what}"), TestNode.Cancel);
                Assert.Equal(404, (int)none.StatusCode);
            }
        }
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_restart_keeps_the_log_and_it_goes_on(string database)
    {
        await using var node = await TestNode.StartAsync(database);
        var holder = await node.AddAsync("holder");
        await holder.PublishAsync("id\n1\n");
        var before = await holder.VerifyAsync();
        await node.RestartAsync();
        var after = await holder.VerifyAsync();
        Assert.True(after.Valid);
        Assert.Equal((before.Size, before.Root, before.Origin), (after.Size, after.Root, after.Origin));
        await holder.PublishAsync("id\n1\n2\n");
        var later = await holder.VerifyAsync();
        Assert.True(later.Valid);
        Assert.Equal(before.Size + 1, later.Size);
    }

    [Fact]
    public async Task The_log_is_read_in_pages_from_either_end()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await holder.PublishAsync("id\n1\n");
        var all = await holder.EvidenceAsync();
        async Task<IEnumerable<long>> IndexesAsync(string query) =>
            (await holder.GetAsync($"evidence?{query}", ApiJson.Wire.EvidencePage)).Entries.Select(e => e.Index);
        Assert.Equal([0, 1], await IndexesAsync("limit=2"));
        Assert.Equal([1, 2], await IndexesAsync("from=1"));
        Assert.Equal([2], await IndexesAsync("from=-1"));
        Assert.Equal([0, 1, 2], await IndexesAsync("from=-99"));
        Assert.Empty(await IndexesAsync("from=99"));
        Assert.Equal(3, all.Count);
        using var bad = await holder.Node.Http.GetAsync(holder.Path("evidence?from=x"), TestNode.Cancel);
        Assert.Equal(400, (int)bad.StatusCode);
        await TestNode.ProblemAsync(bad);
    }

    private static IEnumerable<string> Steps(IReadOnlyList<EvidenceEntry> entries) => entries.Select(e =>
        e.Body.GetProperty("data").TryGetProperty("state", out var state) ? $"{e.Type} {state.GetString()}" : e.Type);

    private static string Data(IReadOnlyList<EvidenceEntry> entries, string type, string member) =>
        entries.Single(e => e.Type == type).Body.GetProperty("data").GetProperty(member).GetRawText();

    /// <summary>The key as a stranger finds it: from the DID to its document, and from there without a token.</summary>
    private static async Task<NoteVerifier> KeyAsync(TestParticipant participant)
    {
        using var stranger = new HttpClient();
        Assert.False(Did.Parse(participant.Did).Refused(out _, out var did));
        var document = did.DocumentUrl(new IdentityOptions { AllowHttpLoopback = true });
        Assert.False(DidDocumentReader.Read(await stranger.GetByteArrayAsync(document, TestNode.Cancel))
            .Refused(out _, out var found));
        Assert.Single(found.Methods); // A second key would make tokens without a key id ambiguous.
        var key = await stranger.GetStringAsync(found.Endpoint(DidDocument.LogKeyService), TestNode.Cancel);
        var shown = await participant.GetAsync("evidence/key", ApiJson.Wire.LogKey);
        Assert.Equal((shown.Key + "\n", shown.Address), (key, found.Endpoint(DidDocument.LogKeyService)));
        return NoteVerifier.Parse(key.TrimEnd('\n'));
    }
}
