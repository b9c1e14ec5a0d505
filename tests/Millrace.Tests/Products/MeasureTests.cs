using System.Net;
using System.Text;
using Millrace.Engine.Supply.Drift;
using Millrace.Node.Api;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Products;

/// <summary>What changed between versions, and fitness for AI, asked of a node.</summary>
public sealed class MeasureTests(TwoNodes nodes)
{
    private const string Contract = """
        apiVersion: v3.1.0
        kind: DataContract
        status: active
        schema: [{ properties: [{ name: id, primaryKey: true }] }]
        customProperties:
        - { property: millrace.drift, value: { largestPsi: 0.25 } }
        - { property: millrace.label, value: kind }
        """;

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Two_versions_are_compared_and_of_an_appended_one_the_new_rows(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await PublishAsync(holder, Rows(0, 200, n => n % 5));
        using var one = await holder.GetAsync("products/trips/drift");
        Assert.Equal("no-earlier-version", (await TestNode.ProblemAsync(one)).Code);

        await PublishAsync(holder, Rows(0, 300, n => n % 5));
        var whole = (await DriftAsync(holder)).Report;
        Assert.Equal(
            (200, 300, 300, false), (whole.RowsBefore, whole.RowsAfter, whole.RowsCompared, whole.NewRowsOnly));
        Assert.All(whole.Columns, c => Assert.Equal(DriftExtent.Small, c.Extent));

        using var appended = await holder.UploadAsync(
            new ProductDraft("trips", Append: true), ("t.csv", Bytes(Rows(300, 100, n => n % 5 + 3))));
        Assert.Equal(HttpStatusCode.Created, appended.StatusCode);
        var grown = await DriftAsync(holder);
        Assert.Equal((2, 3), (grown.From, grown.To));
        Assert.Equal(
            (300, 400, 100, true),
            (grown.Report.RowsBefore, grown.Report.RowsAfter, grown.Report.RowsCompared, grown.Report.NewRowsOnly));
        var delay = grown.Report.Columns.Single(c => c.Column == "delay");
        Assert.Equal((DriftExtent.Large, "2", "5"), (delay.Extent, delay.Median!.Before, delay.Median.After));

        Assert.Equal((1, 3), Versions(await DriftAsync(holder, "?from=1")));
        Assert.Equal((1, 2), Versions(await DriftAsync(holder, "?from=1&to=2")));
        using var swapped = await holder.GetAsync("products/trips/drift?from=3&to=2");
        Assert.Equal("bad-order", (await TestNode.ProblemAsync(swapped)).Code);
        foreach (var (none, what) in ((string, string)[])[
            ("trips/drift?to=9", "version"), ("trips/drift?from=7&to=3", "version"), ("no/drift", "product")])
        {
            using var missing = await holder.GetAsync($"products/{none}");
            Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
            Assert.Equal($"There is no {what} of that name here.", (await TestNode.ProblemAsync(missing)).Detail);
        }
        using var unverified = await holder.PostAsync("products/no/verification", null);
        Assert.Equal("There is no product of that name here.", (await TestNode.ProblemAsync(unverified)).Detail);
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_contract_refuses_values_that_moved_too_far_and_the_rule_is_verified(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        var first = await PublishAsync(holder, Rows(0, 200, n => n % 5), Contract);
        Assert.Equal((0, 0, true), Drift(first));
        await PublishAsync(holder, Rows(0, 250, n => n % 5));
        using var moved = await holder.UploadAsync(
            new ProductDraft("trips"), ("t.csv", Bytes(Rows(0, 250, n => n % 5 + 3))));
        var problem = await TestNode.ProblemAsync(moved);
        Assert.Equal((HttpStatusCode.BadRequest, "contract-broken"), (moved.StatusCode, problem.Code));
        Assert.Contains(
            "drift (customProperties[0].value): 1 of 2 keep it; delay moved too far.", problem.Detail,
            StringComparison.Ordinal);

        var lenient = Contract.Replace("largestPsi: 0.25", "largestPsi: 50", StringComparison.Ordinal);
        var third = await PublishAsync(holder, Rows(0, 250, n => n % 5 + 3), lenient);
        Assert.Equal((2, 2, true), Drift(third));
        var rule = third.Latest.Quality.GetProperty("contract").GetProperty("rules").EnumerateArray().Last();
        Assert.Equal(2, rule.GetProperty("comparedWith").GetInt32());
        await PublishAsync(holder, Rows(0, 10, n => n));
        using var verified = await holder.PostAsync("products/trips/verification?version=3", null);
        var same = await TestNode.ReadAsync(verified, ApiJson.Wire.QualityVerification);
        Assert.True(same.Same, string.Join(", ", same.Differences));
    }

    [Fact]
    public async Task Of_appended_rows_the_new_ones_must_keep_to_the_drift_that_is_promised()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await PublishAsync(holder, Rows(0, 2_000, n => n % 5), Contract);
        // Of the whole table they are a twentieth: as a whole it would hardly have moved.
        using var moved = await holder.UploadAsync(
            new ProductDraft("trips", Append: true), ("t.csv", Bytes(Rows(2_000, 100, n => n % 5 + 4))));
        Assert.Equal("contract-broken", (await TestNode.ProblemAsync(moved)).Code);
    }

    [Fact]
    public async Task Fitness_is_measured_of_a_product_with_the_label_of_its_contract_and_against_another()
    {
        const string Text = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi";
        var holder = await nodes.ParticipantAsync("sqlite");
        await PublishAsync(holder, $"id,kind,note\n1,a,{Text}\n2,b,short\n", Contract);
        await holder.PublishAsync($"q\n{Text} omicron\n", product: "benchmark");
        var fitness = await holder.GetAsync("products/trips/fitness?against=benchmark", ApiJson.Wire.ProductFitness);
        Assert.Equal(("kind", "benchmark", 1), (fitness.Label, fitness.Against, fitness.Version));
        var measures = fitness.Report.Measures.ToDictionary(m => m.Name);
        Assert.Equal((1, 1), (measures["label-balance"].A, measures["label-balance"].B));
        Assert.Equal((0, 1), (measures["contamination"].A, measures["contamination"].B));
        foreach (var (query, code) in ((string, string)[])
            [("label=none", "unknown-column"), ("against=none", "no-benchmark")])
        {
            using var refused = await holder.GetAsync($"products/trips/fitness?{query}");
            Assert.Equal(code, (await TestNode.ProblemAsync(refused)).Code);
        }
    }

    [Theory]
    [InlineData("{ property: millrace.drift, value: 0.25 }", "must be an object with largestPsi")]
    [InlineData("{ property: millrace.drift, value: { largestPsi: 0 } }", "must be a number above 0")]
    [InlineData("{ property: millrace.drift, value: { largestPsi: 1, columns: [no] } }", "the table has no column no")]
    [InlineData("{ property: millrace.label, value: no }", "the table has no column no")]
    public async Task What_a_contract_says_of_drift_and_labels_must_fit(string property, string sentence)
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        var contract = $"apiVersion: v3.1.0\nschema: [{{}}]\ncustomProperties: [{property}]";
        using var refused = await holder.UploadAsync(
            new ProductDraft("trips", Contract: contract), ("t.csv", Bytes("id\n1\n")));
        Assert.Contains(sentence, (await TestNode.ProblemAsync(refused)).Detail, StringComparison.Ordinal);
    }

    private static (int, int) Versions(ProductDrift drift) => (drift.From, drift.To);

    private static (int, int, bool) Drift(Product product)
    {
        var rule = product.Latest.Quality.GetProperty("contract").GetProperty("rules").EnumerateArray()
            .Single(r => r.GetProperty("kind").GetString() == "drift");
        return (
            rule.GetProperty("a").GetInt32(), rule.GetProperty("b").GetInt32(), rule.GetProperty("held").GetBoolean());
    }

    private static string Rows(int from, int count, Func<int, int> delay) => "id,delay,kind\n" + string.Concat(
        Enumerable.Range(from, count).Select(n => $"{n},{delay(n)},{(n % 2 == 0 ? "bus" : "rail")}\n"));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static Task<ProductDrift> DriftAsync(TestParticipant holder, string query = "") =>
        holder.GetAsync($"products/trips/drift{query}", ApiJson.Wire.ProductDrift);

    private static async Task<Product> PublishAsync(TestParticipant holder, string csv, string? contract = null)
    {
        using var answer = await holder.UploadAsync(
            new ProductDraft("trips", Contract: contract), ("t.csv", Bytes(csv)));
        return await TestNode.ReadAsync(answer, ApiJson.Wire.Product);
    }
}
