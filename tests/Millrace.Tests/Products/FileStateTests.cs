using System.Text;
using Millrace.Engine.Supply;
using Millrace.Node.Api;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Products;

/// <summary>A version that goes on with another reads only what it adds.</summary>
public sealed class FileStateTests
{
    private const string First = "id,day,city\n1,2024-01-01,ORD\n2,2024-01-02,MDW\n";

    // One row repeats one of the first file, and the latest date is of neither of the two last rows.
    private const string Second = "id,day,city\n2,2024-01-02,MDW\n3,2023-12-30,LAX\n";

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Appending_reads_no_file_that_is_there(string database)
    {
        await using var node = await TestNode.StartAsync(database);
        var holder = await node.AddAsync("cta");
        var first = await holder.PublishAsync(First);
        var whole = await holder.PublishAsync(First + Second[(Second.IndexOf('\n', StringComparison.Ordinal) + 1)..],
            product: "whole");

        var there = ObjectOf(node, first);
        File.Move(there, there + ".away"); // Whoever reads it fails.
        var appended = await AppendAsync(holder);
        Assert.Equal((4, 1), (Figure(appended, "rows"), Figure(appended, "duplicateRows")));
        Assert.Equal(whole.Latest.Profile.GetRawText(), appended.Latest.Profile.GetRawText());
        Assert.Equal(whole.Latest.Quality.GetRawText(), appended.Latest.Quality.GetRawText());
        Assert.Equal(
            """[{"count":1,"rows":[3]}]""",
            appended.Latest.Quality.GetProperty("dimensions")[1].GetProperty("evidence").GetRawText());

        File.Move(there + ".away", there);
        var verified = await VerifyAsync(holder);
        Assert.True(verified.Same, string.Join(", ", verified.Differences));
    }

    /// <summary>The other test can fail: without states the file is read, and so is it without one of them.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    public async Task What_is_missing_or_damaged_is_made_again(int which, bool isDamaged)
    {
        await using var node = await TestNode.StartAsync("sqlite");
        var holder = await node.AddAsync("cta");
        var first = await holder.PublishAsync(First);
        var cached = Directory
            .EnumerateFiles(Path.Combine(node.Options.DataFolder, "cache"), "*", SearchOption.AllDirectories).Order()
            .ToList();
        Assert.Equal(3, cached.Count);
        if (isDamaged)
        {
            var bytes = await File.ReadAllBytesAsync(cached[which], TestNode.Cancel);
            bytes[bytes.Length / 2] ^= 1;
            await File.WriteAllBytesAsync(cached[which], bytes, TestNode.Cancel);
        }
        else
        {
            File.Delete(cached[which]);
        }

        var there = ObjectOf(node, first);
        File.Move(there, there + ".away");
        using (var failed = await holder.UploadAsync(
            new ProductDraft("trips", Append: true), ("more.csv", Encoding.UTF8.GetBytes(Second))))
        {
            Assert.False(failed.IsSuccessStatusCode);
        }
        File.Move(there + ".away", there);
        var appended = await AppendAsync(holder);
        Assert.Equal((4, 1), (Figure(appended, "rows"), Figure(appended, "duplicateRows")));
    }

    [Fact]
    public async Task A_change_of_a_stored_file_is_found_whatever_is_kept_of_it()
    {
        await using var node = await TestNode.StartAsync("sqlite");
        var holder = await node.AddAsync("cta");
        var first = await holder.PublishAsync(First);
        using var work = new Supply.Workshop();
        work.Make(
            $"COPY (SELECT * REPLACE (id + 1 AS id) FROM read_parquet('{ObjectOf(node, first)}')) TO '@/t.parquet'");
        File.Move(work.At("t.parquet"), ObjectOf(node, first), overwrite: true);
        var verified = await VerifyAsync(holder);
        Assert.Equal("files[0].sha256", Assert.Single(verified.Differences).Path);
    }

    [Fact]
    public async Task A_profile_of_the_earlier_method_is_compared_as_far_as_it_can_be()
    {
        await using var node = await TestNode.StartAsync("sqlite");
        var holder = await node.AddAsync("cta");
        await holder.PublishAsync(First);
        await ChangeAsync(node, holder, id => id with
        {
            Numbers = id.Numbers! with { Mean = id.Numbers.Mean * (1 + 1e-12), Deviation = id.Numbers.Deviation },
        });
        Assert.Empty((await VerifyAsync(holder)).Differences);
        await ChangeAsync(node, holder, id => id with { Nulls = 1, Numbers = id.Numbers! with { Mean = 1.6 } });
        Assert.Equal(
            ["profile.columns[0].nulls", "profile.columns[0].numbers.mean"],
            (await VerifyAsync(holder)).Differences.Select(d => d.Path));
    }

    /// <summary>Versions from before steps of dates, keys, languages and correlations were told.</summary>
    [Fact]
    public async Task A_profile_without_the_later_figures_is_verified_to_the_last_digit()
    {
        await using var node = await TestNode.StartAsync("sqlite");
        var holder = await node.AddAsync("cta");
        await holder.PublishAsync(First);
        await ChangeAsync(node, holder, id => id with { Key = null }, method: 2);
        Assert.Empty((await VerifyAsync(holder)).Differences);
        await ChangeAsync(
            node, holder, id => id with { Numbers = id.Numbers! with { Mean = id.Numbers.Mean * (1 + 1e-12) } },
            method: 2);
        Assert.Equal(["profile.columns[0].numbers.mean"], (await VerifyAsync(holder)).Differences.Select(d => d.Path));
    }

    [Fact]
    public async Task A_change_of_a_later_figure_is_found()
    {
        await using var node = await TestNode.StartAsync("sqlite");
        var holder = await node.AddAsync("cta");
        await holder.PublishAsync(First);
        await ChangeAsync(node, holder, id => id with { Key = null }, TableProfile.CurrentMethod);
        Assert.Equal(["profile.columns[0].key"], (await VerifyAsync(holder)).Differences.Select(d => d.Path));
    }

    [Fact]
    public async Task Keys_of_several_columns_are_verified_where_the_method_has_them()
    {
        await using var node = await TestNode.StartAsync("sqlite");
        var holder = await node.AddAsync("cta");
        await holder.PublishAsync("line,stop\n" + string.Concat(
            Enumerable.Range(0, 100).Select(i => $"{i % 10},{i / 10}\n")));
        Assert.Empty((await VerifyAsync(holder)).Differences);
        await ChangeAsync(node, holder, p => p with { Method = 3, CompositeKeys = null });
        Assert.Empty((await VerifyAsync(holder)).Differences);
        await ChangeAsync(node, holder, p => p with { Method = TableProfile.CurrentMethod });
        Assert.Equal(["profile.compositeKeys"], (await VerifyAsync(holder)).Differences.Select(d => d.Path));
    }

    [Fact]
    public async Task Of_long_texts_a_beginning_is_told_and_an_earlier_method_told_them_whole()
    {
        await using var node = await TestNode.StartAsync("sqlite");
        var holder = await node.AddAsync("cta");
        var (first, last) = (new string('a', 150) + new string('é', 100), new string('z', 500));
        await holder.PublishAsync($"text\n{first}\n{last}\nm\n");
        TableProfile? told = null;
        await ChangeAsync(node, holder, p => told = p);
        Assert.Equal(
            (new string('a', 150) + "ééé…", new string('z', 157) + "…"), (told!.Columns[0].Min, told.Columns[0].Max));
        Assert.Empty((await VerifyAsync(holder)).Differences);
        await ChangeAsync(
            node, holder, p => p with { Method = 4, Columns = [p.Columns[0] with { Min = first, Max = last }] });
        Assert.Empty((await VerifyAsync(holder)).Differences);
        await ChangeAsync(node, holder, p => p with { Columns = [p.Columns[0] with { Max = "y" }] });
        Assert.Equal(["profile.columns[0].max"], (await VerifyAsync(holder)).Differences.Select(d => d.Path));
    }

    [Fact]
    public async Task Frequent_values_of_a_sample_are_verified_where_the_method_has_them()
    {
        await using var node = await TestNode.StartAsync("sqlite");
        var holder = await node.AddAsync("cta");
        await holder.PublishAsync("code,n\n" + string.Concat(
            Enumerable.Range(0, 140_000).Select(i => i % 2 == 0 ? $"none,{i}\n" : $"K-{i},{i}\n")));
        Assert.Empty((await VerifyAsync(holder)).Differences);
        await ChangeAsync(
            node, holder,
            p => p with
            {
                Method = 5, Columns = [p.Columns[0] with { FrequentInSample = null }, p.Columns[1]],
            });
        Assert.Empty((await VerifyAsync(holder)).Differences);
        await ChangeAsync(node, holder, p => p with { Method = TableProfile.CurrentMethod });
        Assert.Equal(
            ["profile.columns[0].frequentInSample"], (await VerifyAsync(holder)).Differences.Select(d => d.Path));
    }

    [Fact]
    public async Task Sensitivity_is_verified_unless_earlier_rules_judged_it()
    {
        await using var node = await TestNode.StartAsync("sqlite");
        var holder = await node.AddAsync("cta");
        await holder.PublishAsync("email\n" + string.Concat(
            Enumerable.Range(0, 30).Select(i => $"person{i}@mail.example.org\n")));
        var verified = await VerifyAsync(holder);
        Assert.True(verified.Same && verified.SensitivityCompared);
        await ChangeVersionAsync(node, holder, v => v with { Classification = new(v.Classification!.Rules, []) });
        Assert.Equal("classification.findings[0]", Assert.Single((await VerifyAsync(holder)).Differences).Path);
        await ChangeVersionAsync(node, holder, v => v with { Classification = new(v.Classification!.Rules - 1, []) });
        verified = await VerifyAsync(holder);
        Assert.True(verified.Same && !verified.SensitivityCompared);
        await ChangeVersionAsync(node, holder, v => v with { Files = [v.Files[0] with { Bytes = 1 }] });
        Assert.Equal("files[0].bytes", Assert.Single((await VerifyAsync(holder)).Differences).Path);
    }

    private static Task ChangeAsync(
        TestNode node, TestParticipant holder, Func<ColumnProfile, ColumnProfile> change, int method = 1) =>
        ChangeAsync(node, holder, profile => profile with
        {
            Method = method,
            Columns = method == TableProfile.CurrentMethod
                ? [change(profile.Columns[0]), .. profile.Columns.Skip(1)]
                : [change(profile.Columns[0] with { Key = null }), .. profile.Columns.Skip(1).Select(Earlier)],
        });

    private static Task ChangeAsync(TestNode node, TestParticipant holder, Func<TableProfile, TableProfile> change) =>
        ChangeVersionAsync(node, holder, version => version with { Profile = change(version.Profile) });

    private static async Task ChangeVersionAsync(
        TestNode node, TestParticipant holder, Func<ProductVersionRecord, ProductVersionRecord> change)
    {
        await using var state = await node.OpenDatabaseAsync();
        await state.WriteAsync(
            async unit =>
            {
                var id = ProductVersionRecord.IdOf("trips", 1);
                var found = (await Tables.ProductVersions.FindAsync(unit, holder.Id, id, TestNode.Cancel))!;
                await Tables.ProductVersions.SaveAsync(unit, found.With(change(found.Value)), TestNode.Cancel);
                return 0;
            },
            TestNode.Cancel);
    }

    private static ColumnProfile Earlier(ColumnProfile column) =>
        column with { Steps = null, Key = null, Languages = null };

    private static string ObjectOf(TestNode node, Product product)
    {
        var sha256 = product.Latest.Files[0].Sha256;
        return Path.Combine(node.Options.DataFolder, "objects", sha256[..2], sha256);
    }

    private static long Figure(Product product, string name) =>
        product.Latest.Profile.GetProperty(name).GetInt64();

    private static async Task<Product> AppendAsync(TestParticipant holder)
    {
        using var answer = await holder.UploadAsync(
            new ProductDraft("trips", Append: true), ("more.csv", Encoding.UTF8.GetBytes(Second)));
        return await TestNode.ReadAsync(answer, ApiJson.Wire.Product);
    }

    private static async Task<QualityVerification> VerifyAsync(TestParticipant holder)
    {
        using var answer = await holder.PostAsync("products/trips/verification", null);
        return await TestNode.ReadAsync(answer, ApiJson.Wire.QualityVerification);
    }
}
