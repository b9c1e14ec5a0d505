using System.Net;
using System.Text;
using System.Text.Json;
using Millrace.Node;
using Millrace.Node.Api;
using Millrace.Tests.Architecture;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Products;

/// <summary>Which columns of other products a product joins with, and who is told what.</summary>
public sealed class JoinTests
{
    /// <summary>Three real tables: they join by day, with a key on the side of the weather.</summary>
    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task The_samples_join_by_day_across_holders_and_by_nothing_else(string database)
    {
        await using var node = await TestNode.StartAsync(database);
        var holders = new Dictionary<string, TestParticipant>();
        foreach (var (product, file) in ((string, string)[])
            [("flights", "flights-chicago-2001.parquet"), ("ridership", "l-ridership-2001.csv"),
                ("weather", "weather-chicago-2001.csv")])
        {
            holders[product] = await node.AddAsync($"{product}-office");
            var offer = File.ReadAllText(Path.Combine(SourceTree.Root, "samples", "offers", $"{product}.json"));
            using var published = await holders[product].UploadAsync(
                new ProductDraft(product, Offer: JsonElement.Parse(offer)),
                (file, File.ReadAllBytes(Path.Combine(SourceTree.Root, "samples", file))));
            await TestNode.ReadAsync(published, ApiJson.Wire.Product);
        }
        var weather = await JoinsAsync(holders["weather"], "weather");
        Assert.Equal(2, weather.Compared);
        Assert.Equal(
            [
                ("date", "ridership", "date", "mine", false, 0.9, 0.9),
                ("date", "flights", "departure", "mine", true, 0.9, 0.9),
            ],
            weather.Joins.Select(j => (
                j.Column, j.Product, j.OtherColumn, j.Keys, j.ByDay, j.MineInTheirs ?? 0, j.TheirsInMine ?? 0)));
        Assert.Equal(
            [("date", "weather", "date", "theirs"), ("date", "flights", "departure", "none")],
            (await JoinsAsync(holders["ridership"], "ridership")).Joins.Select(j =>
                (j.Column, j.Product, j.OtherColumn, j.Keys)));
        Assert.Equal(
            [("departure", "weather", "date", "theirs"), ("departure", "ridership", "date", "none")],
            (await JoinsAsync(holders["flights"], "flights")).Joins.Select(j =>
                (j.Column, j.Product, j.OtherColumn, j.Keys)));

        // After a restart what was known of the view is still there; and asking again tells the same.
        await node.RestartAsync();
        Assert.Equal(
            JsonSerializer.Serialize(weather, ApiJson.Wire.ProductJoins),
            JsonSerializer.Serialize(await JoinsAsync(holders["weather"], "weather"), ApiJson.Wire.ProductJoins));
    }

    [Fact]
    public async Task Only_what_the_asker_sees_and_gets_unmasked_takes_part()
    {
        await using var node = await TestNode.StartAsync("sqlite");
        var (asker, holder) = (await node.AddAsync("asker"), await node.AddAsync("holder"));
        await asker.PublishAsync(Codes(200), product: "mine");
        var visible = JsonElement.Parse(
            """{"when":[{"leftOperand":"mr:participant","operator":"eq","rightOperand":"did:web:somebody"}]}""");
        using var hidden = await holder.UploadAsync(
            new ProductDraft("hidden", Visible: visible), ("t.csv", Encoding.UTF8.GetBytes(Codes(200))));
        await TestNode.ReadAsync(hidden, ApiJson.Wire.Product);
        Assert.Equal((0, 0), Count(await JoinsAsync(asker)));

        await holder.PublishAsync(Codes(200), Odrl.Offer(Odrl.Mask("code", "hash")), "masked");
        await holder.PublishAsync(Codes(200), Odrl.Offer(Odrl.Columns("n")), "left-out");
        await holder.PublishAsync(Codes(200), product: "guarded");
        using var plan = await holder.PostTextAsync("products/guarded/default-plan", """{"masks":{"code":"null"}}""");
        Assert.Equal(HttpStatusCode.OK, plan.StatusCode);
        var select = JsonElement.Parse("""{"sql":"SELECT count(*) AS n FROM data","minGroup":5}""");
        using var query = await holder.UploadAsync(
            new ProductDraft("query", Query: select),
            ("t.csv", Encoding.UTF8.GetBytes(Codes(200))));
        await TestNode.ReadAsync(query, ApiJson.Wire.Product);
        Assert.Equal((0, 3), Count(await JoinsAsync(asker)));

        // One offer that shows it is enough.
        using var opened = await holder.PostTextAsync(
            "products/masked/offers", """{"policy":{"permission":[{"action":"use"}]}}""");
        await TestNode.ReadAsync(opened, ApiJson.Wire.OfferInfo);
        var found = await JoinsAsync(asker);
        Assert.Equal(("masked", "code", "values"), Single(found, j => (j.Product, j.OtherColumn, j.By)));
        // The holder of the table is told the same of the asker's, and nobody a value.
        Assert.Equal("mine", (await JoinsAsync(holder, "left-out")).Joins.Single(j => j.Provider == asker.Did).Product);
        Assert.DoesNotContain(
            "C000031", JsonSerializer.Serialize(found, ApiJson.Wire.ProductJoins), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_that_no_offer_shows_take_no_part()
    {
        await using var node = await TestNode.StartAsync("sqlite");
        var (asker, holder) = (await node.AddAsync("asker"), await node.AddAsync("holder"));
        await asker.PublishAsync(Codes(100), product: "mine"); // Those of the rows that are not offered.
        var table = "code,n,kind\n" + string.Concat(Enumerable.Range(0, 200).Select(
            i => $"C{i * 31:D6},{i},{(i < 100 ? "secret" : "open")}\n"));
        await holder.PublishAsync(table, Odrl.Offer(Odrl.Row("kind", "open")), "half");
        Assert.Equal((0, 1), Count(await JoinsAsync(asker)));
        await asker.PublishAsync(Codes(100, from: 100), product: "other");
        var join = Assert.Single((await JoinsAsync(asker, "other")).Joins);
        Assert.Equal(("half", "both", 0.9, 0.9), (join.Product, join.Keys, join.MineInTheirs, join.TheirsInMine));
    }

    [Fact]
    public async Task Sensitive_columns_never_take_part_on_either_side()
    {
        await using var node = await TestNode.StartAsync("sqlite");
        var (asker, holder) = (await node.AddAsync("asker"), await node.AddAsync("holder"));
        var phones = "phone\n" + string.Concat(
            Enumerable.Range(0, 60).Select(i => $"138{10_000_000 + (i * i * 7_919)}\n"));
        await asker.PublishAsync(phones, product: "mine");
        await holder.PublishAsync(phones, product: "theirs");
        Assert.Equal((0, 1), Count(await JoinsAsync(asker)));
        foreach (var (who, product) in ((TestParticipant, string)[])[(asker, "mine"), (holder, "theirs")])
        {
            Assert.Empty((await JoinsAsync(asker)).Joins);
            using var decided = await who.PostTextAsync(
                $"products/{product}/classification",
                """{"column":"phone","level":1,"person":"A. Lin","reason":"Of wards."}""");
            Assert.Equal(HttpStatusCode.OK, decided.StatusCode);
        }
        Assert.Single((await JoinsAsync(asker)).Joins);
    }

    /// <summary>A holder who guesses: the values that he looks for, among a few that he knows.</summary>
    [Fact]
    public async Task A_guesser_learns_nothing_from_few_values_and_never_a_share_between_steps()
    {
        await using var node = await TestNode.StartAsync("sqlite");
        var (guesser, holder) = (await node.AddAsync("guesser"), await node.AddAsync("holder"));
        await holder.PublishAsync(Codes(500), product: "theirs");
        await guesser.PublishAsync(Codes(19), product: "few"); // All of them right.
        Assert.Empty((await JoinsAsync(guesser, "few")).Joins);
        // A table of many columns, each with another guess: one answer for all of them.
        var columns = Enumerable.Range(0, 30).ToList();
        var wide = string.Join(',', columns.Select(c => $"g{c}")) + "\n" + string.Concat(Enumerable.Range(0, 40).Select(
            i => string.Join(',', columns.Select(c => $"C{(i == 0 ? c + 100 : i) * 31:D6}")) + "\n"));
        await guesser.PublishAsync(wide, product: "wide");
        Assert.Single((await JoinsAsync(guesser, "wide")).Joins);
        foreach (var right in (int[])[2, 10, 20, 24, 31, 36, 40])
        {
            var table = "code\n" + string.Concat(Enumerable.Range(0, 40).Select(
                i => i < right ? $"C{i * 31:D6}\n" : $"X{i * 31:D6}\n"));
            await guesser.PublishAsync(table, product: $"guess-{right}");
            var joins = (await JoinsAsync(guesser, $"guess-{right}")).Joins;
            var shown = joins.Where(j => j.Provider == holder.Did).ToList();
            Assert.All(shown, j => Assert.Contains(j.MineInTheirs, (double?[])[0.5, 0.75, 0.9]));
            Assert.All(shown, j => Assert.Null(j.TheirsInMine));
            if (right == 2) // Noise could lift ten to the first step of twenty, once in three hundred tables.
                Assert.Empty(shown);
        }
    }

    [Fact]
    public async Task What_both_confirmed_joins_without_values_that_could_tell()
    {
        await using var node = await TestNode.StartAsync("sqlite");
        var (asker, holder) = (await node.AddAsync("asker"), await node.AddAsync("holder"));
        var areas = "area,n\n" + string.Concat(Enumerable.Range(1, 77).Select(i => $"{110_100 + i},{i * 3.7:0.0}\n"));
        await asker.PublishAsync(areas, product: "mine");
        await holder.PublishAsync(areas.Replace("area", "ward", StringComparison.Ordinal), product: "theirs");
        Assert.Empty((await JoinsAsync(asker)).Joins); // Running numbers of two holders.
        foreach (var (who, product, column) in ((TestParticipant, string, string)[])
            [(asker, "mine", "area"), (holder, "theirs", "ward")])
        {
            await who.PostAsync(
                $"products/{product}/elements", new ElementDraft(column, "A. Lin", "City list.", "division-code"),
                ApiJson.Wire.ElementDraft, ApiJson.Wire.ProductElements);
        }
        Assert.Equal(
            ("both", "common/division-code", "both", 0.9),
            Single(await JoinsAsync(asker), j => (j.By, j.Element!.Element, j.Keys, j.MineInTheirs)));
    }

    [Fact]
    public async Task Only_so_many_products_are_compared_and_the_answer_says_so()
    {
        await using var node = await TestNode.StartAsync(
            "sqlite", limits: Limits.Default with { JoinProductsMax = 2, JoinsMax = 1, PageMax = 2 });
        var (asker, holder) = (await node.AddAsync("asker"), await node.AddAsync("holder"));
        await asker.PublishAsync(Codes(100), product: "mine");
        await holder.PublishAsync(Codes(100), product: "a");
        await holder.PublishAsync(Codes(100), product: "b");
        var two = await JoinsAsync(asker);
        Assert.Equal((1, 2, false), (two.Joins.Count, two.Compared, two.More));
        await holder.PublishAsync(Codes(100), product: "c");
        Assert.Equal((2, true), ((await JoinsAsync(asker)).Compared, (await JoinsAsync(asker)).More));
        using var none = await asker.GetAsync("products/none/joins");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        await TestNode.ProblemAsync(none);
    }

    private static (int Joins, int Compared) Count(ProductJoins joins) => (joins.Joins.Count, joins.Compared);

    private static T Single<T>(ProductJoins joins, Func<JoinInfo, T> of) => of(Assert.Single(joins.Joins));

    private static string Codes(int count, int from = 0) => "code,n\n" + string.Concat(
        Enumerable.Range(from, count).Select(i => $"C{i * 31:D6},{i % 5}\n"));

    private static Task<ProductJoins> JoinsAsync(TestParticipant asker, string product = "mine") =>
        asker.GetAsync($"products/{product}/joins", ApiJson.Wire.ProductJoins);
}
