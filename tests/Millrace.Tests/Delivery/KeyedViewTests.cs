using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Millrace.Node.Storage;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Delivery;

/// <summary>Views with pseudonyms: what is shared, with whom, and that nobody can work a pseudonym out.</summary>
public sealed class KeyedViewTests(TwoNodes nodes)
{
    private const string Table = "id,who\n1,alice\n2,bob\n3,carol\n";
    private static readonly string[] Names = ["alice", "bob", "carol"];

    public static TheoryData<string, string, int> Masks => new()
    {
        { "sqlite", "first:1", 1 }, { "postgresql", "first:1", 1 },
        { "sqlite", "hash", 2 }, { "postgresql", "hash", 2 },
        { "sqlite", "hash:flu", 1 }, { "postgresql", "hash:flu", 1 },
    };

    [Theory, MemberData(nameof(Masks))]
    public async Task Two_agreements_share_a_view_unless_its_pseudonyms_are_their_own(
        string database, string mask, int views)
    {
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        var product = await holder.PublishAsync(Table, Odrl.Offer(Odrl.Mask("who", mask)));
        var first = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, product));
        var second = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, product));
        foreach (var access in new[] { first, second, first })
            await PseudonymsAsync(access);

        await using var stored = await holder.Node.OpenDatabaseAsync();
        var rows = await stored.ReadAsync(
            s => Tables.Views.ListAsync(s, holder.Id, "", 10, TestNode.Cancel), TestNode.Cancel);
        Assert.Equal(views, rows.Count);
        Assert.Equal(views, rows.Select(row => row.Value.Sha256).Distinct().Count());
    }

    [Fact]
    public async Task A_pseudonym_cannot_be_worked_out_from_what_a_reader_knows()
    {
        var (holder, other) = (await nodes.ParticipantAsync("sqlite"), await nodes.ParticipantAsync("sqlite"));
        await using var peer = await RawPeer.StartAsync();
        var offer = Odrl.Offer(Odrl.Mask("who", "hash"));
        var product = await holder.PublishAsync(Table, offer);
        var mine = await peer.AgreeAsync(holder, product);
        var theirs = await peer.AgreeAsync(holder, product);
        var known = await PseudonymsAsync(await peer.AccessAsync(holder, mine));
        var unknown = await PseudonymsAsync(await peer.AccessAsync(holder, theirs));
        var elsewhere = await PseudonymsAsync(
            await peer.AccessAsync(other, await peer.AgreeAsync(other, await other.PublishAsync(Table, offer))));
        var all = known.Concat(unknown).Concat(elsewhere).ToHashSet();
        Assert.Equal(9, all.Count);

        // All that a reader can try: each name under hashes without a key, and under keys made of what it knows.
        string[] words =
        [
            "", "mask", "hash", "agreement", mine, theirs, $"agreement:{mine}", $"agreement:{theirs}",
            $"mask agreement:{theirs}", holder.Id, holder.Did, other.Did, peer.Did, product.Id, .. known,
        ];
        var secrets = words.SelectMany(word => new[]
        {
            Encoding.UTF8.GetBytes(word), SHA256.HashData(Encoding.UTF8.GetBytes(word)),
            Convert.FromHexString(known[0]),
            HKDF.DeriveKey(HashAlgorithmName.SHA256, new byte[32], 32, info: Encoding.UTF8.GetBytes(word)),
        }).ToList();
        foreach (var name in Names.Select(Encoding.UTF8.GetBytes))
        {
            foreach (var hash in new[] { SHA256.HashData(name), SHA512.HashData(name), SHA384.HashData(name) })
                Assert.DoesNotContain(Convert.ToHexStringLower(hash)[..32], all);
            foreach (var secret in secrets)
                Assert.DoesNotContain(Convert.ToHexStringLower(HMACSHA256.HashData(secret, name))[..32], all);
        }
    }

    [Fact]
    public async Task A_scenario_joins_pseudonyms_of_two_agreements_and_of_no_other_scenario()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await using var peer = await RawPeer.StartAsync();
        var seen = new List<string[]>();
        foreach (var scenario in new[] { "flu", "flu", "cold" })
        {
            var product = await holder.PublishAsync(
                Table, Odrl.Offer(Odrl.Mask("who", $"hash:{scenario}")), $"trips-{seen.Count}");
            seen.Add(await PseudonymsAsync(await peer.AccessAsync(holder, await peer.AgreeAsync(holder, product))));
        }
        Assert.Equal(seen[0], seen[1]);
        Assert.Empty(seen[0].Intersect(seen[2]));
    }

    [Fact]
    public async Task An_offer_beyond_all_bounds_is_refused_at_once()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await holder.PublishAsync(Table);
        var offer = Odrl.Offer([.. Enumerable.Range(0, 10_000).Select(i => Odrl.Count(i))]);
        using var wide = await holder.PostTextAsync(
            "products/trips/offers", new JsonObject { ["policy"] = offer }.ToJsonString());
        Assert.Equal("bad-policy", (await TestNode.ProblemAsync(wide)).Code);
        var deep = $"{{\"policy\":{string.Concat(Enumerable.Repeat("{\"and\":[", 1_000))}1"
            + $"{string.Concat(Enumerable.Repeat("]}", 1_000))}}}";
        using var nested = await holder.PostTextAsync("products/trips/offers", deep);
        Assert.Equal("bad-json", (await TestNode.ProblemAsync(nested)).Code);
    }

    private static async Task<string[]> PseudonymsAsync(DataAccess access)
    {
        var (_, bytes) = await DataTests.ReadAsync(access.Request(HttpMethod.Get));
        return [.. Encoding.UTF8.GetString(bytes).Split("\r\n")[1..4].Select(line => line.Split(',')[1])];
    }
}
