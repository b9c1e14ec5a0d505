using System.Globalization;
using System.Net;
using System.Text;
using Millrace.Node;
using Millrace.Node.Products;
using Millrace.Node.Storage.Objects;
using Millrace.Tests.Nodes;
using Millrace.Tests.Sharing;

namespace Millrace.Tests.Delivery;

/// <summary>Governed views are a cache with a bound: what is gone is built again, and has the same bytes.</summary>
public sealed class ViewCacheTests
{
    private const int Agreements = 8;

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Views_beyond_the_bound_go_and_come_back_with_the_same_bytes(string database)
    {
        await using var node = await TestNode.StartAsync(database, limits: Tiny);
        var holder = await node.AddAsync("holder");
        await using var peer = await RawPeer.StartAsync();
        var accesses = await ContractsAsync(peer, holder);
        var first = new List<(string Tag, string Text)>();
        foreach (var access in accesses)
            first.Add(await ReadAsync(access));
        Assert.Equal(Agreements, first.Distinct().Count());
        var views = Views(node);
        Assert.InRange(views.Count, 1, 3); // All of them together are larger than the bound.
        Assert.True(views.Sum(v => v.Length) <= Tiny.CacheBytesMax);

        for (var i = 0; i < Agreements; i++)
            Assert.Equal(first[i], await ReadAsync(accesses[i]));
        await node.RestartAsync();
        // It listens elsewhere now, but what it holds is the same.
        Assert.Equal(first[3], await ReadAsync(At(node, accesses[3])));
        // The original is no view: no bound takes it away.
        Assert.Single(Directory.GetFiles(
            Path.Combine(node.Options.DataFolder, "objects"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Readers_at_once_get_whole_views_while_others_push_them_out()
    {
        await using var node = await TestNode.StartAsync("sqlite", limits: Tiny);
        var holder = await node.AddAsync("holder");
        await using var peer = await RawPeer.StartAsync();
        var accesses = await ContractsAsync(peer, holder);
        var expected = new List<(string Tag, string Text)>();
        foreach (var access in accesses)
            expected.Add(await ReadAsync(access));
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async reader =>
        {
            for (var i = 0; i < 2 * Agreements; i++)
            {
                var which = (reader * 3 + i) % Agreements;
                Assert.Equal(expected[which], await ReadAsync(accesses[which]));
            }
        }));
        Assert.True(Views(node).Sum(v => v.Length) <= Tiny.CacheBytesMax);
        Assert.Empty(Directory.EnumerateFileSystemEntries(
            Path.Combine(node.Options.DataFolder, IncomingFiles.Folder)));
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_view_that_somebody_deleted_or_cut_is_built_again(string database)
    {
        await using var node = await TestNode.StartAsync(database);
        var holder = await node.AddAsync("holder");
        await using var peer = await RawPeer.StartAsync();
        var access = (await ContractsAsync(peer, holder))[1];
        var before = await ReadAsync(access);
        foreach (var harm in (Action<string>[])[File.Delete, path => File.WriteAllText(path, "half")])
        {
            harm(Assert.Single(Views(node)).FullName);
            Assert.Equal(before, await ReadAsync(access));
        }
    }

    [Fact]
    public async Task A_view_that_is_being_sent_stays_to_its_end()
    {
        // The bound has room for none.
        await using var node = await TestNode.StartAsync("sqlite", limits: Tiny with { CacheBytesMax = 0 });
        var holder = await node.AddAsync("holder");
        await using var peer = await RawPeer.StartAsync();
        var noise = await holder.PublishAsync(StreamWorld.Noise(), product: "noise");
        var large = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, noise));
        var others = await ContractsAsync(peer, holder);
        using var reader = await SlowReader.OpenAsync(large.Csv, large.Token);
        foreach (var other in others)
            await ReadAsync(other);
        Assert.Contains(Views(node), v => v.Length == reader.Length);
        Assert.Equal(reader.Length, await reader.ReadToEndAsync());
        await ReadAsync(others[0]);
        await Until.SeenAsync(() => Task.FromResult(Views(node).Count), count => count == 1);
    }

    [Fact]
    public async Task A_file_of_a_signed_url_that_is_gone_is_made_again()
    {
        await using var node = await TestNode.StartAsync("sqlite");
        var holder = await node.AddAsync("holder");
        await using var peer = await RawPeer.StartAsync();
        var reader = await peer.ReadAsync(holder);
        await holder.PublishAsync(SharingWorld.Trips + "4,MDW,dan\n");
        var part = await reader.Client.QueryAsync("""{"predicateHints":["city = 'ORD'"]}""");
        var changes = await reader.Client.GetAsync($"{reader.Client.Table}/changes?startingVersion=2");
        var url = changes.Lines.SelectMany(l => l.EnumerateObject())
            .Where(p => p.Value.TryGetProperty("url", out _)).Select(p => p.Value.GetProperty("url").GetString()!)
            .Single();
        foreach (var one in (string[])[part.Url, url])
        {
            var before = await SharingClient.FileAsync(one);
            Assert.Equal(HttpStatusCode.OK, before.Status);
            Views(node).ForEach(v => v.Delete());
            var after = await SharingClient.FileAsync(one);
            Assert.True(after.Status == HttpStatusCode.OK, after.Text);
            Assert.Equal(before.Headers["ETag"], after.Headers["ETag"]);
            Assert.Equal(before.Body, after.Body);
        }
    }

    /// <summary>Room for about two of the views.</summary>
    private static Limits Tiny => Limits.Default with { CacheBytesMax = 40_000 };

    /// <summary>As many contracts over one table, each with pseudonyms of its own: no two share a view.</summary>
    private static async Task<List<DataAccess>> ContractsAsync(RawPeer peer, TestParticipant holder)
    {
        var table = new StringBuilder("id,who\n");
        for (var i = 0; i < 400; i++)
            table.Append(CultureInfo.InvariantCulture, $"{i},person {i}\n");
        var product = await holder.PublishAsync(
            table.ToString(), Odrl.Offer(Odrl.Mask("who", "hash")), product: "people");
        var accesses = new List<DataAccess>();
        for (var i = 0; i < Agreements; i++)
            accesses.Add(await peer.AccessAsync(holder, await peer.AgreeAsync(holder, product)));
        return accesses;
    }

    private static async Task<(string Tag, string Text)> ReadAsync(DataAccess access)
    {
        var (answer, bytes) = await DataTests.ReadAsync(access.Request(HttpMethod.Get));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (answer.Headers.ETag!.Tag, Encoding.UTF8.GetString(bytes));
    }

    private static DataAccess At(TestNode node, DataAccess access) =>
        access with { Endpoint = new Uri(node.Address, access.Endpoint.PathAndQuery) };

    /// <summary>What is in the cache but for the states of the products' files.</summary>
    private static List<FileInfo> Views(TestNode node)
    {
        var states = Directory
            .EnumerateFiles(Path.Combine(node.Options.DataFolder, "objects"), "*", SearchOption.AllDirectories)
            .SelectMany(o => FileStates.Parts.Select(part => FileStates.KeyOf(Path.GetFileName(o), part)))
            .ToHashSet();
        return
        [
            .. new DirectoryInfo(Path.Combine(node.Options.DataFolder, FileCache.Folder))
                .EnumerateFiles("*", SearchOption.AllDirectories).Where(f => !states.Contains(f.Name)),
        ];
    }
}
