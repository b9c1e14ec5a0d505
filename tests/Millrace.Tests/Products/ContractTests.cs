using System.Net;
using System.Security.Cryptography;
using System.Text;
using Millrace.Log;
using Millrace.Node.Api;
using Millrace.Node.Evidence;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Products;

public sealed class ContractTests(TwoNodes nodes)
{
    private const string Contract = """
        apiVersion: v3.1.0
        kind: DataContract
        status: active
        schema:
        - name: trips
          properties:
          - { name: id, logicalType: integer, primaryKey: true }
          - { name: city, logicalTypeOptions: { pattern: "^[A-Z]{3}$" } }
        """;

    private const string Lenient = Contract + "\ncustomProperties: [{ property: millrace.gate, value: publish }]";

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_contract_is_kept_with_the_product_and_holds_for_every_later_version(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        var first = await PublishAsync(holder, "id,city\n1,ORD\n2,MDW\n", Contract);
        Assert.Empty(Told(first).GetProperty("breaches").EnumerateArray());
        Assert.Equal(100, first.Latest.Quality.GetProperty("total").GetDouble());

        using var bad = await UploadAsync(holder, "id,city\n1,ORD\n1,nowhere\n", null);
        var problem = await TestNode.ProblemAsync(bad);
        Assert.Equal((HttpStatusCode.BadRequest, "contract-broken"), (bad.StatusCode, problem.Code));
        Assert.Contains(
            "city.pattern (schema[0].properties[1].logicalTypeOptions.pattern): 1 of 2 keep it.", problem.Detail,
            StringComparison.Ordinal);
        Assert.DoesNotContain("nowhere", problem.Detail, StringComparison.Ordinal);
        Assert.Single((await holder.GetAsync("products/trips", ApiJson.Wire.Product)).Versions);

        var shown = await PublishAsync(holder, "id,city\n1,ORD\n1,nowhere\n", Lenient);
        var rule = Told(shown).GetProperty("rules").EnumerateArray()
            .Single(r => r.GetProperty("kind").GetString() == "pattern");
        Assert.Equal("[2]", rule.GetProperty("evidenceRows").GetRawText());
        Assert.Equal(2, Told(shown).GetProperty("breaches").GetArrayLength());
        Assert.Equal(50, shown.Latest.Quality.GetProperty("total").GetDouble());

        var logged = await holder.EvidenceAsync("version-published");
        Assert.Equal(
            [Sha256(Contract), Sha256(Lenient)],
            logged.Select(e => e.Body.GetProperty("data").GetProperty("contract").GetString()));
    }

    [Theory]
    [InlineData("not: [yaml", "bad-yaml")]
    [InlineData("apiVersion: v3.1.0\nschema: []", "bad-contract")]
    [InlineData("apiVersion: v3.1.0\nschema: [{ properties: [{ name: none }] }]", "contract-differs")]
    [InlineData("apiVersion: v3.1.0\nschema: [{ relationships: [{ from: id, to: none.id }] }]", "contract-differs")]
    public async Task A_contract_that_cannot_be_kept_publishes_nothing(string contract, string code)
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        using var bad = await UploadAsync(holder, "id,city\n1,ORD\n", contract);
        Assert.Equal((HttpStatusCode.BadRequest, code), (bad.StatusCode, (await TestNode.ProblemAsync(bad)).Code));
        Assert.Empty(await holder.GetAsync("products", ApiJson.Wire.IReadOnlyListProduct));
    }

    [Fact]
    public async Task A_reference_sees_products_of_the_same_holder_only()
    {
        var (holder, other) = (await nodes.ParticipantAsync("sqlite"), await nodes.ParticipantAsync("sqlite"));
        const string Refers = "apiVersion: v3.1.0\nschema: [{ relationships: [{ from: city, to: cities.code }] }]";
        await other.PublishAsync("code\nORD\n", product: "cities");
        using var strange = await UploadAsync(holder, "id,city\n1,ORD\n", Refers);
        Assert.Equal("contract-differs", (await TestNode.ProblemAsync(strange)).Code);

        await holder.PublishAsync("code\nORD\n", product: "cities");
        var product = await PublishAsync(holder, "id,city\n1,ORD\n", Refers);
        Assert.Equal(1, Told(product).GetProperty("rules")[0].GetProperty("comparedWith").GetInt32());
        // A later version of the other product changes nothing of what was found then.
        await holder.PublishAsync("code\nMDW\n", product: "cities");
        Assert.True((await VerifyAsync(holder)).Same);
        using var broken = await UploadAsync(holder, "id,city\n1,ORD\n", null);
        Assert.Equal("contract-broken", (await TestNode.ProblemAsync(broken)).Code);
    }

    [Fact]
    public async Task The_contract_comes_back_with_what_the_product_says()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        using var none = await holder.Node.Http.GetAsync(
            new Uri(holder.Path("products/trips/contract"), UriKind.Relative), TestNode.Cancel);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        using var published = await holder.UploadAsync(
            new ProductDraft("trips", "Trips", "Trips of a day", ["rail"], Contract: Contract),
            ("t.csv", "id,city\n1,ORD\n"u8.ToArray()));
        Assert.Equal(HttpStatusCode.Created, published.StatusCode);
        var text = await holder.Node.Http.GetStringAsync(
            new Uri(holder.Path("products/trips/contract"), UriKind.Relative), TestNode.Cancel);
        foreach (var line in (string[])[
            "name: Trips", "version:", "purpose: Trips of a day", "- rail", "primaryKey: true"])
            Assert.Contains(line, text, StringComparison.Ordinal);
        Assert.Equal(
            Engine.Supply.Contracts.ContractReader.Read(Contract).Rules.Select(r => r.Test.ToString()),
            Engine.Supply.Contracts.ContractReader.Read(text).Rules.Select(r => r.Test.ToString()));
    }

    [Fact]
    public async Task A_contract_is_drafted_from_all_rows_of_the_latest_version()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        var rows = string.Concat(Enumerable.Range(0, 200).Select(i => $"{i},{i % 40},{(i % 40) + (i % 3)}\n"));
        await holder.PublishAsync("id,low,high\n" + rows);
        var draft = await holder.Node.Http.GetStringAsync(
            new Uri(holder.Path("products/trips/contract/draft"), UriKind.Relative), TestNode.Cancel);
        Assert.Contains("status: draft", draft, StringComparison.Ordinal);
        Assert.Contains("low.at-most-high", Engine.Supply.Contracts.ContractReader.Read(draft).Rules.Select(r => r.Id));
        await PublishAsync(holder, "id,low,high\n" + rows, draft);

        using var none = await holder.Node.Http.GetAsync(
            new Uri(holder.Path("products/none/contract/draft"), UriKind.Relative), TestNode.Cancel);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_version_is_verified_and_a_change_is_told_by_its_path(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        var product = await PublishAsync(holder, "id,city\n1,ORD\n2,MDW\n", Contract);
        var whole = await VerifyAsync(holder);
        Assert.True(whole.Same, string.Join(", ", whole.Differences));

        await using var state = await holder.Node.OpenDatabaseAsync();
        await state.WriteAsync(
            async unit =>
            {
                var id = ProductVersionRecord.IdOf(product.Id, 1);
                var found = (await Tables.ProductVersions.FindAsync(unit, holder.Id, id, TestNode.Cancel))!;
                var id0 = found.Value.Profile.Columns[0];
                var lie = found.Value with
                {
                    Quality = found.Value.Quality with { Total = 99.5 },
                    Profile = found.Value.Profile with
                    {
                        Columns =
                        [
                            id0 with { Numbers = id0.Numbers! with { Mean = 1.50001 } },
                            found.Value.Profile.Columns[1],
                        ],
                    },
                };
                await Tables.ProductVersions.SaveAsync(unit, found.With(lie), TestNode.Cancel);
                return 0;
            },
            TestNode.Cancel);
        var changed = await VerifyAsync(holder);
        Assert.Equal(
            [
                new FigureDifference("profile.columns[0].numbers.mean", "1.50001", "1.5"),
                new FigureDifference("quality.total", "99.5", "100"),
            ],
            changed.Differences.Take(2));
        Assert.Equal(
            ["entry.quality.sha256", "entry.quality.total"], changed.Differences.Skip(2).Select(d => d.Path));
        Assert.False(changed.Same);
    }

    /// <summary>It named no time zone where the contract had one, and listed no indicators.</summary>
    [Fact]
    public async Task A_report_of_an_earlier_version_of_the_program_is_verified_by_its_method()
    {
        const string Local = """
            apiVersion: v3.1.0
            schema: [{ properties: [{ name: day, logicalTypeOptions: { format: any } }] }]
            slaProperties: [{ property: freshness, value: 99, unit: y, element: day }]
            """;
        var zoned = Local.Replace("format: any", "timezone: Asia/Shanghai", StringComparison.Ordinal);
        var holder = await nodes.ParticipantAsync("sqlite");
        var product = await PublishAsync(holder, "id,day\n1,2001-01-22\n2,2001-01-23\n", Local);
        Assert.Equal(3, product.Latest.Quality.GetProperty("method").GetInt32());
        await using var state = await holder.Node.OpenDatabaseAsync();
        await state.WriteAsync(
            async unit =>
            {
                var id = ProductVersionRecord.IdOf(product.Id, 1);
                var found = (await Tables.ProductVersions.FindAsync(unit, holder.Id, id, TestNode.Cancel))!;
                var quality = found.Value.Quality.ByMethod(1);
                var earlier = found.Value with
                {
                    Contract = zoned,
                    Quality = quality with { Contract = quality.Contract! with { Sha256 = Sha256(zoned) } },
                    Entry = null,
                };
                await Tables.ProductVersions.SaveAsync(unit, found.With(earlier), TestNode.Cancel);
                return 0;
            },
            TestNode.Cancel);
        var verified = await VerifyAsync(holder);
        Assert.True(verified.Same, string.Join(", ", verified.Differences));
    }

    /// <summary>Weights and report were exchanged together: computed anew, all is as it is stored.</summary>
    /// <param name="isEntryToo">The version names the entry of the other one.</param>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_report_that_was_exchanged_is_not_the_one_of_the_log(bool isEntryToo)
    {
        const string Csv = "id,city\n1,ORD\n2,\n3,MDW\n";
        var holder = await nodes.ParticipantAsync("sqlite");
        var first = await PublishAsync(holder, Csv, Weighted(1));
        Assert.True((await VerifyAsync(holder)).Same);
        var entry = Assert.Single(await holder.EvidenceAsync(EntryType.VersionPublished));
        Assert.Equal(first.Latest.Entry, entry.Id);
        var logged = entry.Body.GetProperty("data").GetProperty("quality");
        Assert.Equal(first.Latest.Quality.GetProperty("total").GetDouble(), logged.GetProperty("total").GetDouble());
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Serialize(first.Latest.Quality))),
            logged.GetProperty("sha256").GetString());
        await PublishAsync(holder, Csv, Weighted(9));
        await using var state = await holder.Node.OpenDatabaseAsync();
        await state.WriteAsync(
            async unit =>
            {
                var rows = Tables.ProductVersions;
                var before = (await rows.FindAsync(unit, holder.Id, "trips#000001", TestNode.Cancel))!;
                var other = (await rows.FindAsync(unit, holder.Id, "trips#000002", TestNode.Cancel))!.Value;
                await rows.SaveAsync(
                    unit,
                    before.With(before.Value with
                    {
                        Contract = other.Contract,
                        Quality = other.Quality,
                        Entry = isEntryToo ? other.Entry : before.Value.Entry,
                    }),
                    TestNode.Cancel);
                return 0;
            },
            TestNode.Cancel);
        using var answer = await holder.PostAsync("products/trips/verification?version=1", null);
        var verified = await TestNode.ReadAsync(answer, ApiJson.Wire.QualityVerification);
        Assert.Equal(
            isEntryToo ? ["entry.quality"] : ["entry.quality.sha256", "entry.quality.total"],
            verified.Differences.Select(d => d.Path));
    }

    /// <summary>It named no rows behind its own figures, and not what a rule allows.</summary>
    [Fact]
    public async Task A_report_without_evidence_rows_is_verified_by_its_method()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        var product = await PublishAsync(
            holder, "id,city\n1,ORD\n2,\n2,\n",
            "apiVersion: v3.1.0\nschema: [{ properties: [{ name: city, quality: [{ metric: nullValues, "
            + "mustBeLessThan: 70, unit: percent }] }] }]");
        var quality = product.Latest.Quality;
        Assert.Equal(
            """[{"count":2,"rows":[2,3],"column":"city"}]""",
            quality.GetProperty("dimensions")[0].GetProperty("evidence").GetRawText());
        Assert.Equal(
            """[{"count":1,"rows":[3]}]""",
            quality.GetProperty("dimensions")[1].GetProperty("evidence").GetRawText());
        Assert.Equal(
            70, quality.GetProperty("contract").GetProperty("rules")[0].GetProperty("promise").GetProperty("max")
                .GetInt32());
        Assert.True((await VerifyAsync(holder)).Same);
        await using var state = await holder.Node.OpenDatabaseAsync();
        await state.WriteAsync(
            async unit =>
            {
                var id = ProductVersionRecord.IdOf(product.Id, 1);
                var found = (await Tables.ProductVersions.FindAsync(unit, holder.Id, id, TestNode.Cancel))!;
                var earlier = found.Value with { Quality = found.Value.Quality.ByMethod(2), Entry = null };
                await Tables.ProductVersions.SaveAsync(unit, found.With(earlier), TestNode.Cancel);
                return 0;
            },
            TestNode.Cancel);
        var verified = await VerifyAsync(holder);
        Assert.True(verified.Same, string.Join(", ", verified.Differences));
    }

    [Fact]
    public async Task A_person_who_decides_on_a_level_ends_the_cap_and_each_version_is_verified_as_it_was()
    {
        const string Phones = "id,phone\n1,13800138000\n2,13900139000\n";
        var holder = await nodes.ParticipantAsync("sqlite");
        var first = await PublishAsync(
            holder, Phones, "apiVersion: v3.1.0\nschema: [{ properties: [{ name: phone, required: true }] }]");
        Assert.Equal(60, first.Latest.Quality.GetProperty("total").GetDouble());
        await DecideAsync(1);
        Assert.True((await VerifyAsync(holder)).Same);
        var second = await holder.PublishAsync(Phones + "3,13700137000\n");
        Assert.Equal(100, second.Latest.Quality.GetProperty("total").GetDouble());
        await DecideAsync(3);
        var verified = await VerifyAsync(holder);
        Assert.True(verified.Same, string.Join(", ", verified.Differences));

        async Task DecideAsync(int level) => await holder.PostAsync(
            "products/trips/classification", new LevelDraft("phone", level, "A. Lin", "Of wards."),
            ApiJson.Wire.LevelDraft, ApiJson.Wire.Classification);
    }

    [Fact]
    public async Task A_table_that_several_threads_measure_is_verified_too()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        var csv = new StringBuilder("id,x\n");
        for (var i = 0; i < 400_000; i++)
            csv.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i},{Math.Sin(i) * 1000:R}\n");
        await holder.PublishAsync(csv.ToString());
        var verified = await VerifyAsync(holder);
        Assert.True(verified.Same, string.Join(", ", verified.Differences));
    }

    private static string Weighted(int completeness) =>
        $"{Contract}\ncustomProperties: [{{ property: millrace.weights, value: {{ completeness: {completeness} }} }}]";

    private static string Sha256(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static System.Text.Json.JsonElement Told(Product product) =>
        product.Latest.Quality.GetProperty("contract");

    private static async Task<QualityVerification> VerifyAsync(TestParticipant holder)
    {
        using var answer = await holder.PostAsync("products/trips/verification", null);
        return await TestNode.ReadAsync(answer, ApiJson.Wire.QualityVerification);
    }

    private static async Task<Product> PublishAsync(TestParticipant holder, string csv, string contract)
    {
        using var answer = await UploadAsync(holder, csv, contract);
        return await TestNode.ReadAsync(answer, ApiJson.Wire.Product);
    }

    private static Task<HttpResponseMessage> UploadAsync(TestParticipant holder, string csv, string? contract) =>
        holder.UploadAsync(new ProductDraft("trips", Contract: contract), ("t.csv", Encoding.UTF8.GetBytes(csv)));
}
