using System.Diagnostics;
using System.Globalization;
using Millrace.Node;
using Millrace.Node.Api;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol.Policies;

namespace Millrace.Benchmarks;

/// <summary>
/// A holder with 100 000 products. The analyst's node reads its whole catalogue over HTTP, then answers searches from
/// its index; and the holder's node shows pages, to a peer that asks with a token.
/// </summary>
internal static class CatalogueMeasure
{
    private const double GoalMilliseconds = 50;
    private const int Products = 100_000;
    private const int AtOnce = 500;
    private const int Repeats = 100;

    private static readonly TimeSpan _readingMax = TimeSpan.FromMinutes(10);

    private static readonly (string Words, string What)[] Questions =
    [
        ("weather", "English, one word of every fifth title"),
        ("hourly weather station", "English, three common words"),
        ("weather 4711", "English, a common and a rare word"),
        ("天气", "Chinese, two characters of every fifth title"),
        ("上海 天气预报", "Chinese, two words"),
        ("snowflake", "a word that does not occur"),
    ];

    public static async Task<IReadOnlyList<Figure>> RunAsync(Bench bench, CancellationToken cancel)
    {
        var figures = new List<Figure>(await OnAsync(bench, "SQLite", null, cancel));
        await using var postgres = await PostgresServer.StartAsync(bench, cancel);
        if (postgres is null)
            Bench.Say("PostgreSQL is not installed: not measured.");
        else
            figures.AddRange(await OnAsync(bench, "PostgreSQL", postgres.CreateAsync, cancel));
        return figures;
    }

    private static async Task<IReadOnlyList<Figure>> OnAsync(
        Bench bench, string name, Func<CancellationToken, Task<string>>? create, CancellationToken cancel)
    {
        var connections = new List<string?>();
        await using var space = await Space.StartAsync(
            bench,
            create is null ? null : async c =>
            {
                connections.Add(await create(c));
                return connections[^1]!;
            },
            cancel);
        var holder = space.Holder.Participant;
        await FillAsync(
            new DatabaseOptions(
                connections.Count > 0 ? connections[0] : null, Path.Combine(space.HolderNode.Folder, "millrace.db")),
            holder, cancel);

        Bench.Say($"  {name}: reading the catalogue…");
        var (reading, again, readAt) = (new Samples(), new Samples(), DateTimeOffset.MinValue);
        await reading.TimeAsync(ReadAsync);
        await again.TimeAsync(ReadAsync);
        var figures = new List<Figure>
        {
            new($"{name}, reading and indexing {Products} data sets of a peer", reading.Median / 1000, "s"),
            new($"{name}, reading them again unchanged", again.Median / 1000, "s"),
        };
        using var peer = await PagePeer.StartAsync(holder, cancel);
        figures.AddRange(await TimeAsync($"{name}, a page of 500 of the catalogue", () => peer.PageAsync(cancel)));
        foreach (var (words, what) in Questions)
            figures.AddRange(await TimeAsync(
                $"{name}, search: {what}", () => SearchAsync($"?q={Uri.EscapeDataString(words)}&limit=20")));
        return figures;

        // A search waits some seconds only for what is being read: it is asked until the whole catalogue is there.
        async Task ReadAsync()
        {
            var before = readAt;
            var watch = Stopwatch.StartNew();
            for (var query = "?fresh=true&limit=1"; readAt == before; query = "?limit=1")
            {
                if (watch.Elapsed > _readingMax)
                    throw new InvalidOperationException($"The catalogue is not whole after {_readingMax}.");
                await Task.Delay(100, cancel);
                if ((await SearchAsync(query)).Catalogues is [{ Datasets: Products } read])
                    readAt = read.ReadAt;
            }
        }

        Task<CatalogueHits> SearchAsync(string query) =>
            space.Analyst.GetAsync($"catalogue{query}", ApiJson.Wire.CatalogueHits, cancel);
    }

    private static async Task<IEnumerable<Figure>> TimeAsync(string what, Func<Task> run)
    {
        for (var i = 0; i < Repeats / 4; i++)
            await run();
        var samples = new Samples();
        for (var i = 0; i < Repeats; i++)
            await samples.TimeAsync(run);
        return
        [
            new($"{what}, p50", samples.Median, "ms"),
            new($"{what}, p95", samples.P95, "ms", new(Bound.ValueAtMost, GoalMilliseconds)),
        ];
    }

    /// <summary>
    /// Writes the products beside the running node: publishing as many files is not what is measured.
    /// </summary>
    private static async Task FillAsync(DatabaseOptions options, Participant holder, CancellationToken cancel)
    {
        await using var database = await Database.OpenAsync(options, Limits.Default, cancel);
        for (var from = 0; from < Products; from += AtOnce)
        {
            var products = Enumerable.Range(from, AtOnce).Select(i => Made(i, holder.Did)).ToList();
            await database.WriteAsync(
                async unit =>
                {
                    foreach (var product in products)
                        await Tables.Products.SaveAsync(unit, new(holder.Id, product.Id, 0, product), cancel);
                },
                cancel);
        }
    }

    /// <summary>A product like any other: an English or a Chinese title, two sentences, keywords, terms.</summary>
    private static ProductRecord Made(int i, string holder)
    {
        string[] fields = ["weather", "traffic", "energy", "harvest", "health"];
        string[] zh = ["天气预报", "交通流量", "能源消耗", "粮食产量", "医疗服务"];
        string[] towns = ["Chicago", "Rotterdam", "Nairobi", "Lima", "Osaka", "Gdańsk", "Porto"];
        string[] cities = ["上海", "北京", "广州", "成都", "西安", "武汉", "杭州"];
        var number = i.ToString(CultureInfo.InvariantCulture);
        var isChinese = i % 2 == 0;
        var id = $"product-{i.ToString("D6", CultureInfo.InvariantCulture)}";
        return new ProductRecord(
            id,
            isChinese ? $"{cities[i % 7]}{zh[i % 5]}数据集 {number}" : $"{towns[i % 7]} {fields[i % 5]} series {number}",
            isChinese
                ? $"每小时更新的{zh[i % 5]}记录，由{cities[i % 7]}的观测站采集，用于规划和研究。"
                : $"Hourly {fields[i % 5]} readings of station {i % 1000} in {towns[i % 7]}, checked and complete. "
                    + "For planning and research.",
            [fields[i % 5], isChinese ? zh[i % 5] : towns[i % 7]], DateTimeOffset.UnixEpoch, 1,
            new TableSchema([new Column("at", ColumnType.Timestamp), new Column("reading", ColumnType.Decimal)]),
            [new OfferRecord(DefaultOffer.Create($"urn:offer:{id}", holder), OfferHandling.Accept)],
            new VersionFigures(i * 10, 90));
    }
}
