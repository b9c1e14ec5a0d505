using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Millrace.Node;
using Millrace.Node.Api;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Catalogues;
using Millrace.Protocol.Policies;
using Millrace.Tests.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace Millrace.Tests.Catalogues;

public sealed class SearchTests(TwoNodes nodes)
{
    private const string Csv = "day,rain\n2001-01-22,3\n";

    public static TheoryData<string> Databases => TestNode.Databases;

    [Theory, MemberData(nameof(Databases))]
    public async Task Words_find_products_by_title_keyword_description_and_id(string database)
    {
        var (holder, reader) = await MeetAsync(database);
        await PublishAsync(holder, "a", "Rain and wind", "Measured at the lake.", "weather");
        await PublishAsync(holder, "b", "芝加哥天气预报", "每日数据");
        await PublishAsync(holder, "c", "Lake levels", "With rain.");

        Assert.Equal(["a", "c"], await FindAsync(reader, "RAIN"));
        Assert.Equal(["c", "a"], await FindAsync(reader, "lake"));
        Assert.Equal(["a"], await FindAsync(reader, "weather lake"));
        Assert.Equal(["b"], await FindAsync(reader, "天气"));
        Assert.Equal(["b"], await FindAsync(reader, "气"));
        Assert.Equal(["b"], await FindAsync(reader, "数据 芝加哥"));
        Assert.Empty(await FindAsync(reader, "天数"));
        Assert.Empty(await FindAsync(reader, "rain snow"));
        Assert.Empty(await FindAsync(reader, "%' OR 1=1 --"));
        Assert.Empty(await FindAsync(reader, "!?"));
        Assert.Equal(["a", "b", "c"], await FindAsync(reader, " "));
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task What_changed_or_went_is_found_no_more_by_its_old_words(string database)
    {
        await using var peer = await RawPeer.StartAsync();
        var reader = await nodes.ParticipantAsync(database, "searcher");
        await AddAsync(reader, peer.Did);
        IReadOnlyList<Dataset> listed = [Listed("x", "Rain"), Listed("y", "Wind")];
        peer.Answer = _ => Reply.With(Catalogue(peer, listed));
        Assert.Equal(["x", "y"], await FindAsync(reader, ""));

        listed = [Listed("x", "Snow")];
        Assert.Equal(["x"], await FindAsync(reader, "rain")); // As last read.
        Assert.Equal(["x"], await FindAsync(reader, "snow", "&fresh=true"));
        Assert.Empty(await FindAsync(reader, "rain"));
        Assert.Empty(await FindAsync(reader, "wind"));
        Assert.Equal(["x"], await FindAsync(reader, ""));
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task Old_answers_say_how_old_they_are_and_are_read_again(string database)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
        await using var node = await TestNode.StartAsync(database, time);
        await using var peer = await RawPeer.StartAsync(time);
        var reader = await node.AddAsync("reader");
        await AddAsync(reader, peer.Did);
        peer.Answer = _ => Reply.With(Catalogue(peer, [Listed("x", "Rain")]));
        var began = time.GetUtcNow();
        var first = await AskAsync(reader, "?q=rain");
        Assert.Equal(new CatalogueRead(peer.Did, began, 1), Assert.Single(first.Catalogues!));

        peer.Answer = _ => Reply.Broken;
        var age = Limits.Default.CatalogueAge;
        time.Advance(age - TimeSpan.FromSeconds(1));
        Assert.Empty((await AskAsync(reader, "?q=rain")).Unreachable); // Young enough: nobody was asked.
        time.Advance(TimeSpan.FromSeconds(1));
        // The clock stands still, so the search waits until the attempt is over.
        var away = await AskAsync(reader, "?q=rain");
        Assert.Equal("x", Assert.Single(away.Datasets).Id);
        Assert.Equal(peer.Did, Assert.Single(away.Unreachable).Provider);
        Assert.Equal(began, Assert.Single(away.Catalogues!).ReadAt);

        peer.Answer = _ => Reply.With(Catalogue(peer, [Listed("x", "Rain"), Listed("y", "Rain")]));
        time.Advance(age);
        var again = await AskAsync(reader, "?q=rain");
        Assert.Equal(2, again.Datasets.Count);
        Assert.Empty(again.Unreachable);
        Assert.Equal(began + age * 2, Assert.Single(again.Catalogues!).ReadAt);
    }

    [Fact]
    public async Task A_reading_that_takes_long_keeps_only_the_search_waiting_that_began_it()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
        await using var node = await TestNode.StartAsync("sqlite", time);
        await using var peer = await RawPeer.StartAsync(time);
        var reader = await node.AddAsync("reader");
        await AddAsync(reader, peer.Did);
        var catalogue = Reply.With(Catalogue(peer, [Listed("x", "Rain")]));
        peer.Answer = _ => catalogue;
        Assert.Single(await FindAsync(reader, "rain"));

        using var goOn = new ManualResetEventSlim();
        peer.Answer = _ =>
        {
            goOn.Wait(TestNode.Cancel);
            return catalogue;
        };
        time.Advance(Limits.Default.CatalogueAge);
        var first = FindAsync(reader, "rain");
        await Until.SeenAsync(
            async () =>
            {
                time.Advance(Limits.Default.CatalogueWait / 10);
                await reader.EvidenceAsync();
                return first.IsCompleted;
            },
            done => done);
        Assert.Single(await first);
        Assert.Single(await FindAsync(reader, "rain")); // The clock stands still: whoever waited would wait for ever.
        goOn.Set();
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task A_product_or_offer_that_is_named_is_found_however_new_it_is(string database)
    {
        var (holder, reader) = await MeetAsync(database);
        Assert.Empty(await FindAsync(reader, ""));
        var product = await PublishAsync(holder, "新 天气", "Rain");

        var byOffer = await AskAsync(reader, $"?id={Uri.EscapeDataString(product.Offers[0].Id)}");
        Assert.Equal(product.Id, Assert.Single(byOffer.Datasets).Id);
        var byId = await AskAsync(reader, $"?id={Uri.EscapeDataString(product.Id)}");
        Assert.Equal(product.Offers[0].Id, Assert.Single(byId.Datasets).Offers[0].Id);
        Assert.Empty((await AskAsync(reader, "?id=rain")).Datasets);
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task Names_and_texts_of_any_kind_are_kept_and_found(string database)
    {
        await using var peer = await RawPeer.StartAsync();
        var reader = await nodes.ParticipantAsync(database, "searcher");
        await AddAsync(reader, peer.Did);
        string[] ids = ["a/b?c#d%20", "nul\0tab\t", new('长', 800), "'; DROP TABLE term; --", "𠮷😀"];
        peer.Answer = _ => Reply.With(Catalogue(peer, [.. ids.Select(id => Listed(id, "Mixed \0 \uFFFF 𠮷野家 title"))]));
        Assert.Equal(ids.Order(), (await FindAsync(reader, "𠮷野 TITLE")).Order());
        foreach (var id in ids)
            Assert.Equal(id, Assert.Single((await AskAsync(reader, $"?id={Uri.EscapeDataString(id)}")).Datasets).Id);
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task A_catalogue_of_many_pages_is_read_whole_and_shown_in_pages(string database)
    {
        var (count, page) = (Limits.Default.PageMax * 2 + 7, Limits.Default.PageMax);
        await using var node = await TestNode.StartAsync(database);
        var (holder, reader) = (await node.AddAsync("holder"), await node.AddAsync("reader"));
        await AddAsync(reader, holder.Did);
        await SeedAsync(node, holder, count);

        var first = await AskAsync(reader, $"?limit={page}");
        Assert.Equal((page, true), (first.Datasets.Count, first.More));
        Assert.Equal(count, Assert.Single(first.Catalogues!).Datasets);
        var last = await AskAsync(reader, $"?limit={page}&skip={2 * page}");
        Assert.Equal((7, false), (last.Datasets.Count, last.More));
        Assert.Equal($"p{count - 1:D6}", last.Datasets[^1].Id);
        var middle = await AskAsync(reader, $"?q=number+{page}");
        Assert.Equal($"p{page:D6}", Assert.Single(middle.Datasets).Id);
        var usual = await AskAsync(reader, $"?q=number&provider={Uri.EscapeDataString(holder.Did)}");
        Assert.Equal((Limits.Default.HitsUsual, true), (usual.Datasets.Count, usual.More));
    }

    [Theory]
    [InlineData("again", 2)] // Its second page names itself.
    [InlineData("", 3)]
    public async Task A_catalogue_without_end_is_given_up_and_what_was_read_of_it_is_found(string next, int pagesRead)
    {
        await using var node = await TestNode.StartAsync(
            "sqlite", limits: Limits.Default with { CataloguePagesMax = 3 });
        await using var peer = await RawPeer.StartAsync();
        var reader = await node.AddAsync("reader");
        await AddAsync(reader, peer.Did);
        var pages = 0;
        peer.Answer = _ => Reply.With(Catalogue(peer, [Listed($"d{pages++}", "Rain")])) with
        {
            Link = $"<{peer.Callback}/catalog/request?{(next.Length > 0 ? next : pages)}>; rel=\"next\"",
        };
        var found = await AskAsync(reader, "?q=rain");
        Assert.Equal(
            Enumerable.Range(0, pagesRead).Select(i => $"d{i}"), found.Datasets.Select(d => d.Id).Order());
        Assert.Contains("no end", Assert.Single(found.Unreachable).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_catalogue_is_measured_as_it_is_read_for_PostgreSQL_would_take_it_for_an_empty_one()
    {
        await using var node = await TestNode.StartAsync("postgresql");
        await using var peer = await RawPeer.StartAsync();
        var reader = await node.AddAsync("reader");
        await AddAsync(reader, peer.Did);
        peer.Answer = _ => Reply.With(
            Catalogue(peer, [.. Enumerable.Range(0, 1_000).Select(i => Listed($"d{i}", $"Rain {i}"))]));
        Assert.Single((await AskAsync(reader, "?q=rain+999")).Datasets);
        await using var database = await node.OpenDatabaseAsync();
        var known = await database.ReadAsync(
            s => s.CountAsync(
                "SELECT reltuples::bigint FROM pg_class WHERE oid = 'term'::regclass", [], TestNode.Cancel),
            TestNode.Cancel);
        Assert.InRange(known, 2_000, 100_000);
    }

    [Fact]
    public async Task A_data_set_that_cannot_be_used_keeps_nobody_from_the_others()
    {
        await using var peer = await RawPeer.StartAsync();
        var reader = await nodes.ParticipantAsync("sqlite", "searcher");
        await AddAsync(reader, peer.Did);
        peer.Answer = _ =>
        {
            var catalogue = JsonNode.Parse(Wire.Write(Catalogue(peer, [Listed("x", "Rain"), Listed("y", "Rain")])))!;
            catalogue["dataset"]![0]!["hasPolicy"]![0]!["permission"] = new JsonArray();
            return new Reply(200, Encoding.UTF8.GetBytes(catalogue.ToJsonString()));
        };
        var found = await AskAsync(reader, "?q=rain");
        Assert.Equal("y", Assert.Single(found.Datasets).Id);
        var read = Assert.Single(found.Catalogues!);
        Assert.Equal((1, 1), (read.Datasets, read.LeftOut));
        Assert.Contains("dataset[0].hasPolicy[0]", read.LeftOutFor, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_that_takes_long_keeps_nothing_back_of_the_others_and_can_be_removed()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
        await using var node = await TestNode.StartAsync("sqlite", time);
        await using var quick = await RawPeer.StartAsync(time);
        await using var slow = await RawPeer.StartAsync(time);
        var reader = await node.AddAsync("reader");
        await AddAsync(reader, quick.Did);
        await AddAsync(reader, slow.Did);
        quick.Answer = _ => Reply.With(Catalogue(quick, [Listed("x", "Rain")]));
        using var goOn = new ManualResetEventSlim();
        slow.Answer = _ =>
        {
            goOn.Wait(TestNode.Cancel);
            return Reply.With(Catalogue(slow, [Listed("y", "Rain")]));
        };
        var first = AskAsync(reader, "?q=rain");
        await Until.SeenAsync(
            async () =>
            {
                time.Advance(Limits.Default.CatalogueFirstWait / 10);
                await reader.EvidenceAsync();
                return first.IsCompleted;
            },
            done => done);
        Assert.Equal("x", Assert.Single((await first).Datasets).Id);
        var late = Assert.Single((await first).Unreachable);
        Assert.Equal(slow.Did, late.Provider);
        Assert.Contains("still being read", late.Reason, StringComparison.Ordinal);
        goOn.Set();
        await Until.SeenAsync(async () => (await FindAsync(reader, "rain")).Count, found => found == 2);

        await reader.PostAsync(
            "peers/remove", new PeerDraft(slow.Did), ApiJson.Wire.PeerDraft, ApiJson.Wire.Peer);
        Assert.Equal(["x"], await FindAsync(reader, "rain"));
        Assert.Equal(quick.Did, Assert.Single(await reader.GetAsync("peers", ApiJson.Wire.IReadOnlyListPeer)).Did);
    }

    [Theory, MemberData(nameof(Databases))]
    public async Task A_holder_finds_its_own_products_by_their_words_as_they_are_now(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await PublishAsync(holder, "a", "Rain", "Of 天气.");
        await PublishAsync(holder, "b", "Wind and rain");
        await PublishAsync(holder, "a", "Snow");
        Assert.Equal(["b"], await OwnAsync("rain"));
        Assert.Equal(["a"], await OwnAsync("snow"));
        Assert.Equal(["a"], await OwnAsync("天气"));
        Assert.Empty(await OwnAsync("hail"));
        Assert.Equal(["a", "b"], await OwnAsync(""));

        async Task<IEnumerable<string>> OwnAsync(string words) => from product in await holder.GetAsync(
            $"products?q={Uri.EscapeDataString(words)}", ApiJson.Wire.IReadOnlyListProduct) select product.Id;
    }

    private async Task<(TestParticipant Holder, TestParticipant Reader)> MeetAsync(string database)
    {
        var (holder, reader) = (await nodes.AcrossAsync(database, "holder"),
            await nodes.ParticipantAsync(database, "searcher"));
        await AddAsync(reader, holder.Did);
        return (holder, reader);
    }

    private static Task<Peer> AddAsync(TestParticipant reader, string did) =>
        reader.PostAsync("peers", new PeerDraft(did), ApiJson.Wire.PeerDraft, ApiJson.Wire.Peer);

    private static async Task<Product> PublishAsync(
        TestParticipant holder, string id, string title, string? description = null, params string[] keywords)
    {
        using var answer = await holder.UploadAsync(
            new ProductDraft(id, title, description, keywords.Length > 0 ? keywords : null),
            ("table.csv", Encoding.UTF8.GetBytes(Csv)));
        return await TestNode.ReadAsync(answer, ApiJson.Wire.Product);
    }

    private static Task<CatalogueHits> AskAsync(TestParticipant reader, string query) =>
        reader.GetAsync($"catalogue{query}", ApiJson.Wire.CatalogueHits);

    private static async Task<IReadOnlyList<string>> FindAsync(
        TestParticipant reader, string words, string more = "") =>
        [.. (await AskAsync(reader, $"?q={Uri.EscapeDataString(words)}{more}")).Datasets.Select(d => d.Id)];

    private static Dataset Listed(string id, string title) => new()
    {
        Id = id,
        Title = title,
        Offers = [DefaultOffer.Create($"urn:offer:{Uri.EscapeDataString(id)[..Math.Min(50, id.Length)]}", "did:web:x")],
        Distributions = [new Distribution("HttpData-PULL", "service")],
    };

    private static Catalogue Catalogue(RawPeer peer, IReadOnlyList<Dataset> datasets) => new()
    {
        Id = "catalogue",
        ParticipantId = peer.Did,
        Datasets = datasets,
        Services = [new DataService("service", peer.Callback)],
    };

    /// <summary>Products without data: a catalogue needs no more.</summary>
    private static async Task SeedAsync(TestNode node, TestParticipant holder, int count)
    {
        await using var database = await node.OpenDatabaseAsync();
        await database.WriteAsync(
            async unit =>
            {
                for (var i = 0; i < count; i++)
                {
                    var id = string.Create(CultureInfo.InvariantCulture, $"p{i:D6}");
                    var product = new ProductRecord(
                        id, string.Create(CultureInfo.InvariantCulture, $"Number {i}"), "", [],
                        DateTimeOffset.UnixEpoch, 1, new TableSchema([]),
                        [new OfferRecord(DefaultOffer.Create($"urn:offer:{id}", holder.Did), OfferHandling.Accept)],
                        new VersionFigures(i, null));
                    await Tables.Products.SaveAsync(unit, new(holder.Id, id, 0, product), TestNode.Cancel);
                }
            },
            TestNode.Cancel);
    }
}
