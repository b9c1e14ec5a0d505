using Millrace.Log;

namespace Millrace.Tests.Crashes;

/// <summary>What must hold of the books of both sides once nothing is on its way.</summary>
internal static class Invariants
{
    private static readonly string[] _order =
        ["Requested", "Agreed", "Verified", "Finalized", "Started", "Completed", "Terminated"];

    /// <exception cref="Xunit.Sdk.XunitException">
    /// Something was lost, doubled, or is not the same on both sides.
    /// </exception>
    public static void Check(Books provider, Books consumer, Ledger ledger)
    {
        Paired("negotiation", provider.Negotiations, consumer.Negotiations);
        Paired("transfer", provider.Transfers, consumer.Transfers);
        Agreements(provider, consumer);
        foreach (var side in (Books[])[provider, consumer])
        {
            Moves("negotiation", side.Negotiations, side.Facts("negotiation-moved"));
            Moves("transfer", side.Transfers, side.Facts("transfer-moved"));
            Same("agreement-finalized", side.Agreements.Select(a => a.Id), side, "agreement");
            Same("agreement-withdrawn", side.Agreements.Where(IsWithdrawn).Select(a => a.Id), side, "agreement");
            Assert.Single(side.Facts("participant-added"));
            Places(side);
        }
        Published(provider, ledger);
        Reads(provider, ledger);
        Received(consumer, ledger);
        Kept(provider, consumer, ledger);
    }

    /// <summary>The root over the first so many entries.</summary>
    public static string Root(Books side, long size) =>
        Convert.ToHexStringLower(
            TreeEdge.Empty.Append([.. side.Log.Take((int)size).Select(f => MerkleTree.HashLeaf(f.Bytes))]).Next.Root());

    private static bool IsWithdrawn(Row agreement) => agreement.Body["withdrawal"] is not null;

    private static void Paired(string what, IReadOnlyList<Row> provider, IReadOnlyList<Row> consumer)
    {
        var theirs = consumer.ToDictionary(r => r.Id);
        foreach (var ours in provider)
        {
            var peer = ours.Text("process", "peerPid")!;
            Assert.True(theirs.Remove(peer, out var other), $"The consumer has no {what} {peer} for {ours.Id}.");
            Assert.Equal(ours.Id, other.Text("process", "peerPid"));
            Assert.True(State(ours) == State(other), $"{what} {ours.Id}: {State(ours)}, {peer}: {State(other)}.");
        }
        Assert.True(theirs.Count == 0, $"The provider does not know {what} {string.Join(", ", theirs.Keys)}.");
    }

    private static string State(Row process) => process.Text("process", "state")!;

    private static void Agreements(Books provider, Books consumer)
    {
        foreach (var side in (Books[])[provider, consumer])
            Assert.Equal(
                side.Negotiations.Where(n => State(n) == "Finalized").Select(n => n.Id).Order(),
                side.Agreements.Select(a => a.Text("negotiation")!).Order());
        Assert.Equal(provider.Agreements.Select(a => a.Id), consumer.Agreements.Select(a => a.Id));
    }

    /// <summary>The log tells each move once, in the order of the protocol, up to the state that is stored.</summary>
    private static void Moves(string process, IReadOnlyList<Row> rows, IEnumerable<Fact> facts)
    {
        var told = facts.GroupBy(f => f.Text(process)!).ToDictionary(g => g.Key, g => g.Select(f => f.Text("state")!));
        Assert.Equal(rows.Select(r => r.Id).Order(), told.Keys.Order());
        foreach (var row in rows)
        {
            var states = told[row.Id].ToList();
            Assert.True(
                states.SequenceEqual(states.Distinct().OrderBy(s => Array.IndexOf(_order, s))) &&
                states[0] == _order[0] && states[^1] == State(row),
                $"{process} {row.Id} is {State(row)}; its log tells {string.Join(" → ", states)}.");
        }
    }

    /// <summary>Exactly the rows that are stored have an entry of this type, and one each.</summary>
    private static void Same(string type, IEnumerable<string> rows, Books side, string member) =>
        Assert.Equal(rows.Order(), side.Facts(type).Select(f => f.Text(member)!).Order());

    private static void Places(Books side)
    {
        Assert.Equal(Enumerable.Range(0, side.Log.Count).Select(i => (long?)i), side.Log.Select(f => f.Position));
        Assert.Equal(side.Size, side.Log.Count);
        Assert.Equal(side.Log.Count, side.Log.Select(f => f.Id).Distinct().Count());
    }

    private static void Published(Books provider, Ledger ledger)
    {
        var numbers = Enumerable.Range(1, ledger.Versions).Select(i => (long)i).ToList();
        Assert.Equal(numbers, provider.Versions.Select(v => v.Number("number")));
        Assert.Equal(numbers, provider.Facts("version-published").Select(f => f.Number("version")));
        var product = provider.Products.Single();
        Assert.Equal(ledger.Versions, product.Number("latest"));
        var offers = product.Body["offers"]!.AsArray().Select(o => (string)o!["policy"]!["@id"]!);
        Same("offer-published", offers, provider, "offer");
    }

    private static void Reads(Books provider, Ledger ledger)
    {
        Same("read-opened", provider.Reads.Select(r => r.Id), provider, "read");
        Same("read-closed", provider.Reads.Where(r => (bool)r.Body["closed"]!).Select(r => r.Id), provider, "read");
        var rows = provider.Reads.ToDictionary(r => r.Id);
        Assert.All(
            provider.Facts("read-closed"), f => Assert.Equal(rows[f.Text("read")!].Number("sent"), f.Number("bytes")));
        var opened = provider.Facts("read-opened").ToLookup(f => f.Text("agreement")!);
        var sent = provider.Reads.ToLookup(r => r.Text("agreement")!);
        foreach (var usage in provider.Usage)
        {
            Assert.Equal(opened[usage.Id].Count(), usage.Number("reads"));
            Assert.Equal(opened[usage.Id].Sum(f => f.Number("rows")), usage.Number("rows"));
            Assert.Equal(sent[usage.Id].Sum(r => r.Number("sent")), usage.Number("bytes"));
        }
        var bytes = provider.Usage.ToDictionary(u => u.Id, u => u.Number("bytes"));
        foreach (var (agreement, received) in ledger.Received.Where(r => r.Value > 0))
            Assert.InRange(received, 1, bytes.GetValueOrDefault(agreement));
    }

    /// <summary>The consumer's own account follows from its own log.</summary>
    private static void Received(Books consumer, Ledger ledger)
    {
        var begun = consumer.Facts("read-begun").ToLookup(f => f.Text("agreement")!);
        var received = consumer.Facts("read-received").ToLookup(f => f.Text("agreement")!);
        Assert.Equal(consumer.Usage.Select(u => u.Id).Order(), begun.Select(b => b.Key).Order());
        foreach (var usage in consumer.Usage)
        {
            Assert.Equal(begun[usage.Id].Select(f => f.Text("read")).Distinct().Count(), usage.Number("reads"));
            Assert.Equal(received[usage.Id].Sum(f => f.Number("bytes")), usage.Number("bytes"));
        }
        // What came was announced before, and told once.
        var ends = consumer.Facts("read-received").Select(f => f.Text("begun")!).ToList();
        Assert.Subset(consumer.Facts("read-begun").Select(f => f.Id).ToHashSet(), ends.ToHashSet());
        Assert.Equal(ends.Count, ends.Distinct().Count());
        Assert.Subset(
            begun.Select(b => b.Key).ToHashSet(),
            ledger.Received.Where(r => r.Value > 0).Select(r => r.Key).ToHashSet());
    }

    /// <summary>What a node answered for is there, whatever happened since.</summary>
    private static void Kept(Books provider, Books consumer, Ledger ledger)
    {
        Assert.Subset(consumer.Negotiations.Select(n => n.Id).ToHashSet(), ledger.Negotiations.ToHashSet());
        Assert.Subset(consumer.Transfers.Select(t => t.Id).ToHashSet(), ledger.Transfers.ToHashSet());
        Assert.Equal(
            ledger.Withdrawn.Order(), provider.Agreements.Where(IsWithdrawn).Select(a => a.Id).Order());
        var states = consumer.Transfers.ToDictionary(t => t.Id, State);
        Assert.All(ledger.Completed, t => Assert.Contains(states[t], (string[])["Completed", "Terminated"]));
    }
}
