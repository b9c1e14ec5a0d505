using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Millrace.Engine.Supply.Conversions;
using Millrace.Node;
using Millrace.Node.Api;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Products;

public sealed class PublishingTests(TwoNodes nodes)
{
    [Theory]
    [InlineData("empty.csv", "")]
    [InlineData("header.csv", "id,city\n")]
    [InlineData("ragged.csv", "id,city\n1,ORD\n2,MDW,too,much\n3,ORD\n")]
    [InlineData("double.csv", "id,id\n1,2\n3,4\n")]
    [InlineData("unnamed.csv", "id,,city\n1,2,3\n4,5,6\n")]
    [InlineData("binary.csv", "\0\u0001\u0002\u0003\0\u0004\u0005\0\u0006\0\0\u0007")]
    [InlineData("zero.parquet", "")]
    [InlineData("broken.parquet", "PAR1 and then nothing that belongs there PAR1")]
    public async Task A_file_that_is_no_table_ends_in_one_sentence_and_publishes_nothing(string name, string content)
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        using var answer = await holder.UploadAsync(new ProductDraft("t"), (name, Encoding.UTF8.GetBytes(content)));
        await RefusedAsync(holder, answer);
    }

    [Fact]
    public async Task A_truncated_parquet_file_ends_in_one_sentence_and_publishes_nothing()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        using var workshop = new Supply.Workshop();
        workshop.Make("COPY (SELECT i AS id, 'text ' || i AS text FROM range(5000) t(i)) TO '@/whole.parquet'");
        var whole = await File.ReadAllBytesAsync(workshop.At("whole.parquet"), TestNode.Cancel);
        foreach (var length in (int[])[whole.Length - 1, whole.Length / 2, 4])
        {
            using var answer = await holder.UploadAsync(new ProductDraft("t"), ("cut.parquet", whole[..length]));
            await RefusedAsync(holder, answer);
        }
        using var good = await holder.UploadAsync(new ProductDraft("t"), ("whole.parquet", whole));
        var product = await TestNode.ReadAsync(good, ApiJson.Wire.Product);
        Assert.Equal(("parquet", 5000L), (product.Latest.Source.Format, product.Latest.Rows));
    }

    [Fact]
    public async Task A_version_says_which_columns_had_decimal_commas()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        using var answer = await holder.UploadAsync(
            new ProductDraft("t"), ("t.csv", "amount;name\n1,5;x\n2;y\n"u8.ToArray()));
        var source = (await TestNode.ReadAsync(answer, ApiJson.Wire.Product)).Latest.Source;
        Assert.Equal((";", "amount"), (source.Delimiter, Assert.Single(source.DecimalCommas!)));
    }

    [Theory]
    [InlineData("../../../tmp/evil.csv", "evil.csv")]
    [InlineData("C:\\data\\Züge \"2001\".csv", "Züge \"2001\".csv")]
    [InlineData("客流 数据'.csv", "客流 数据'.csv")]
    [InlineData("..", "table")]
    public async Task A_name_of_a_file_is_only_a_name(string given, string kept)
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        using var answer = await holder.UploadAsync(new ProductDraft("t"), (given, "id\n1\n"u8.ToArray()));
        var product = await TestNode.ReadAsync(answer, ApiJson.Wire.Product);
        Assert.Equal(kept, product.Latest.Source.Name);
        Assert.Empty(Directory.EnumerateFileSystemEntries(
            Path.Combine(holder.Node.Options.DataFolder, "incoming"), "*evil*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("表", 100)]
    [InlineData("👧", 100)]
    [InlineData("a", 300)]
    public async Task A_name_that_no_disk_takes_is_cut_between_letters(string letter, int times)
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        var given = string.Concat(Enumerable.Repeat(letter, times)) + ".csv";
        using var answer = await holder.UploadAsync(new ProductDraft("t"), (given, "id\n1\n"u8.ToArray()));
        var kept = (await TestNode.ReadAsync(answer, ApiJson.Wire.Product)).Latest.Source.Name!;
        Assert.EndsWith(kept, given, StringComparison.Ordinal);
        Assert.StartsWith(letter, kept, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(kept), 200, 255);
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Several_files_are_one_table_and_must_have_the_same_columns(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        using var good = await holder.UploadAsync(
            new ProductDraft("t", "Trips", "All of them", ["a", "b"]),
            ("one.csv", "id,city\n1,ORD\n"u8.ToArray()), ("one.csv", "id,city\n2,MDW\n3,ORD\n"u8.ToArray()));
        var product = await TestNode.ReadAsync(good, ApiJson.Wire.Product);
        Assert.Equal(("Trips", "All of them", 3L, 1), (
            product.Title, product.Description, product.Latest.Rows, product.Latest.Number));
        Assert.Equal(["integer", "text"], product.Latest.Columns.Select(c => c.Type));
        Assert.Single(product.Offers); // The default one, since none was given.

        using var bad = await holder.UploadAsync(
            new ProductDraft("u"), ("one.csv", "id,city\n1,ORD\n"u8.ToArray()),
            ("two.csv", "id,town\n2,x\n"u8.ToArray()));
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        Assert.Equal("schema-differs", (await TestNode.ProblemAsync(bad)).Code);
        using var none = await holder.UploadAsync(new ProductDraft("u"));
        Assert.Equal("no-files", (await TestNode.ProblemAsync(none)).Code);
        Assert.Single(await holder.GetAsync("products", ApiJson.Wire.IReadOnlyListProduct));
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_new_version_may_add_columns_at_the_end_and_do_nothing_else_to_them(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        var first = await holder.PublishAsync("id,city\n1,ORD\n");
        var second = await holder.PublishAsync("id,city,more\n1,ORD,x\n2,MDW,y\n");
        Assert.Equal([1, 2], second.Versions.Select(v => v.Number));
        Assert.Equal(first.Offers[0].Id, second.Offers.Single().Id);

        foreach (var csv in (string[])
            ["id,city\n1,ORD\n", "city,id,more\nORD,1,x\n", "id,city,more\none,ORD,x\n", "id,town,more\n1,ORD,x\n"])
        {
            using var bad = await holder.UploadAsync(
                new ProductDraft("trips"), ("t.csv", Encoding.UTF8.GetBytes(csv)));
            Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
            Assert.Equal("schema-changed", (await TestNode.ProblemAsync(bad)).Code);
        }
        var shown = await holder.GetAsync("products/trips", ApiJson.Wire.Product);
        Assert.Equal(second.Versions.Select(v => v.Number), shown.Versions.Select(v => v.Number));
        Assert.Equal(2, (await holder.EvidenceAsync()).Count(e => e.Type == "version-published"));
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Of_those_who_publish_at_once_one_is_first_and_the_others_are_told(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => holder.UploadAsync(
            new ProductDraft("trips"), ("t.csv", Encoding.UTF8.GetBytes($"id\n{i}\n")))));
        foreach (var refused in answers.Where(a => !a.IsSuccessStatusCode))
            Assert.Equal("overtaken", (await TestNode.ProblemAsync(refused)).Code);
        var product = await holder.GetAsync("products/trips", ApiJson.Wire.Product);
        Assert.Equal(answers.Count(a => a.IsSuccessStatusCode), product.Versions.Count);
        Assert.Single(product.Offers);
        Array.ForEach(answers, a => a.Dispose());
    }

    [Fact]
    public async Task Of_many_versions_the_newest_are_told_and_those_before_on_demand()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        for (var i = 1; i <= 23; i++)
            await holder.PublishAsync($"id\n{i}\n");
        var newest = await holder.GetAsync("products/trips", ApiJson.Wire.Product);
        Assert.Equal(Enumerable.Range(4, 20), newest.Versions.Select(v => v.Number));
        var older = await holder.GetAsync("products/trips?before=4", ApiJson.Wire.Product);
        Assert.Equal([1, 2, 3], older.Versions.Select(v => v.Number));
        Assert.Equal(23, older.Latest.Number);
        Assert.Empty((await holder.GetAsync("products/trips?before=1", ApiJson.Wire.Product)).Versions);
        var listed = Assert.Single(await holder.GetAsync("products", ApiJson.Wire.IReadOnlyListProduct));
        Assert.Equal(23, Assert.Single(listed.Versions).Number);
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Appended_rows_follow_those_that_are_there_and_only_they_are_stored(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        var first = await holder.PublishAsync("id,amount,note\n1,10.5,a\n2,20,b\n");
        var access = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, first));

        // Whole amounts and a column without a value keep the types of the product.
        var second = await AppendAsync(holder, "id,amount,note\n3,30,\n4,40,\n");
        Assert.Equal((2, 4L, 1), (second.Latest.Number, second.Latest.Rows, second.Latest.AppendedTo));
        Assert.Equal(["integer", "number", "text"], second.Latest.Columns.Select(c => c.Type));
        Assert.Equal(first.Latest.Files.Single().Sha256, second.Latest.Files[0].Sha256);
        Assert.Equal(["part-0.parquet", "part-1.parquet"], second.Latest.Files.Select(f => f.Name));
        Assert.Equal(4L, second.Latest.Profile.GetProperty("rows").GetInt64());

        using var read = await new HttpClient().SendAsync(access.Request(HttpMethod.Get), TestNode.Cancel);
        Assert.Equal(
            "id,amount,note\r\n1,10.5,a\r\n2,20.0,b\r\n3,30.0,\r\n4,40.0,\r\n",
            await read.Content.ReadAsStringAsync(TestNode.Cancel));
        var logged = (await holder.EvidenceAsync("version-published"))[^1];
        Assert.Equal(1, logged.Body.GetProperty("data").GetProperty("appendedTo").GetInt32());
        Assert.Equal(2, logged.Body.GetProperty("data").GetProperty("files").GetArrayLength());

        // A version that is whole again replaces them.
        var third = await holder.PublishAsync("id,amount,note\n9,9.5,z\n");
        Assert.Equal((1L, 1, (int?)null), (third.Latest.Rows, third.Latest.Files.Count, third.Latest.AppendedTo));
    }

    [Theory]
    [InlineData("u", "id,city\n1,ORD\n", "nothing-to-append-to")]
    [InlineData("trips", "id,city\n1,ORD\n2,MDW\n", "appended-already")]
    [InlineData("trips", "id,city,more\n3,ORD,x\n", "schema-changed")]
    [InlineData("trips", "id\n3\n", "schema-changed")]
    [InlineData("trips", "id,city\nthree,ORD\n", "schema-changed")]
    public async Task What_cannot_be_appended_changes_nothing(string product, string csv, string code)
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await holder.PublishAsync("id,city\n1,ORD\n2,MDW\n");
        using var bad = await holder.UploadAsync(
            new ProductDraft(product, Append: true), ("t.csv", Encoding.UTF8.GetBytes(csv)));
        Assert.Equal(
            (HttpStatusCode.BadRequest, code), (bad.StatusCode, (await TestNode.ProblemAsync(bad)).Code));
        Assert.Single((await holder.GetAsync("products/trips", ApiJson.Wire.Product)).Versions);
        Assert.Single(await holder.GetAsync("products", ApiJson.Wire.IReadOnlyListProduct));
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task What_is_converted_stays_converted_in_later_versions(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        Task<HttpResponseMessage> UploadAsync(string csv, bool appends, params IReadOnlyList<Conversion>? convert) =>
            holder.UploadAsync(
                new ProductDraft("trips", Append: appends, Convert: convert), ("t.csv", Encoding.UTF8.GetBytes(csv)));

        using var first = await UploadAsync("id,way_mi\n1,2\n", false, new Conversion("way_mi", "km"));
        var product = await TestNode.ReadAsync(first, ApiJson.Wire.Product);
        Assert.Equal(["id", "way_km"], product.Latest.Columns.Select(c => c.Name));
        using var second = await UploadAsync("id,way_mi\n2,5\n", true, null);
        product = await TestNode.ReadAsync(second, ApiJson.Wire.Product);
        Assert.Equal((2, 2L), (product.Latest.Number, product.Latest.Rows));
        Assert.Equal("8.04672", product.Latest.Profile.GetProperty("columns")[1].GetProperty("max").GetString());
        var logged = (await holder.EvidenceAsync("version-published"))[^1].Body.GetProperty("data");
        Assert.Equal("way_mi=[mi_i]:km as way_km", logged.GetProperty("converted")[0].GetString());

        using var bad = await UploadAsync("id,way_km\n3,1.5\n", true, null);
        Assert.Equal("bad-conversion", (await TestNode.ProblemAsync(bad)).Code);
        using var plain = await UploadAsync("id,way_km\n3,1.5\n", true, []);
        product = await TestNode.ReadAsync(plain, ApiJson.Wire.Product);
        Assert.Equal(3L, product.Latest.Rows);
        Assert.Null(product.Latest.Source.Conversions);
    }

    [Fact]
    public async Task A_list_that_holds_null_is_refused()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        foreach (var draft in (ProductDraft[])[new("t", Keywords: [null!]), new("t", Convert: [null!])])
        {
            using var bad = await holder.UploadAsync(draft, ("t.csv", "id\n1\n"u8.ToArray()));
            Assert.Equal(
                (HttpStatusCode.BadRequest, "bad-json"), (bad.StatusCode, (await TestNode.ProblemAsync(bad)).Code));
        }
    }

    [Fact]
    public async Task Of_more_files_than_an_entry_holds_it_has_the_digest_of_all()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        using var many = await holder.UploadAsync(
            new ProductDraft("many"),
            [.. Enumerable.Range(0, 1000).Select(i => ($"{i}.csv", Encoding.UTF8.GetBytes($"id\n{i}\n")))]);
        Assert.Equal(1000, (await TestNode.ReadAsync(many, ApiJson.Wire.Product)).Latest.Rows);
        var logged = Assert.Single(await holder.EvidenceAsync("version-published"));
        var digests = Enumerable.Range(0, 1000).Select(
            i => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"id\n{i}\n"))));
        var source = logged.Body.GetProperty("data").GetProperty("source");
        Assert.Equal(1000, source.GetProperty("count").GetInt32());
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', digests)))),
            source.GetProperty("sha256").GetString());
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task An_offer_that_cannot_be_kept_is_refused_with_the_path_of_its_rule(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        var product = await holder.PublishAsync("id,city\n1,ORD\n");
        (JsonObject Constraint, string Code)[] wrong =
        [
            (Odrl.Constraint("odrl:device", "eq", "x"), "unknown-term"),
            (Odrl.Constraint("odrl:spatial", "eq", "China"), "bad-value"),
            (Odrl.Constraint("https://millrace.dev/odrl/environment", "eq", "room"), "not-enforceable-yet"),
            (Odrl.Columns("id", "none"), "unknown-column"),
            (Odrl.Mask("id", "first:2"), "bad-value"),
            (Odrl.Constraint("odrl:count", "gteq", "3"), "unknown-operator"),
            (Odrl.Row("id", "no number"), "bad-value"),
        ];
        foreach (var (constraint, code) in wrong)
        {
            var offer = Odrl.Offer(Odrl.Count(3), constraint).ToJsonString();
            using var added = await holder.PostTextAsync($"products/{product.Id}/offers", $$"""{"policy":{{offer}}}""");
            Assert.Equal(HttpStatusCode.BadRequest, added.StatusCode);
            var problem = await TestNode.ProblemAsync(added);
            Assert.Equal((code, "permission[0].constraint[1]"), (problem.Code, problem.Rule));

            using var published = await holder.UploadAsync(
                new ProductDraft("other", Offer: System.Text.Json.JsonElement.Parse(offer)),
                ("t.csv", "id,city\n1,ORD\n"u8.ToArray()));
            Assert.Equal((code, problem.Rule), (
                (await TestNode.ProblemAsync(published)).Code, problem.Rule));
        }
        Assert.Single((await holder.GetAsync($"products/{product.Id}", ApiJson.Wire.Product)).Offers);
        Assert.Single(await holder.GetAsync("products", ApiJson.Wire.IReadOnlyListProduct));
    }

    [Theory]
    [InlineData("negotiations", "")]
    [InlineData("negotiations", "null")]
    [InlineData("negotiations", "{")]
    [InlineData("negotiations", "[]")]
    [InlineData("negotiations", """{"provider":"did:web:x"}""")]
    [InlineData("negotiations", """{"provider":null,"dataset":"x","offer":"y"}""")]
    [InlineData("transfers", """{"agreement":"a","agreement":"b"}""")]
    [InlineData("peers", """{"address":1}""")]
    [InlineData("scenarios", "\ufffe")]
    [InlineData("products/none/offers", """{"policy":[]}""")]
    [InlineData("products/none/offers", """{"policy":{"@type":"Offer","permission":"x"}}""")]
    public async Task A_body_that_is_not_what_it_should_be_gets_an_error_with_a_sentence(string path, string body)
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        using var answer = await holder.PostTextAsync(path, body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        await TestNode.ProblemAsync(answer);
    }

    [Fact]
    public async Task What_is_larger_than_allowed_gets_413_and_leaves_nothing()
    {
        var limits = Limits.Default with { UploadBytesMax = 100_000, RequestBytesMax = 1000, FilesPerProductMax = 2 };
        await using var node = await TestNode.StartAsync("sqlite", limits: limits);
        var holder = await node.AddAsync("holder");
        using (var body = await holder.PostTextAsync("peers", $$"""{"address":"{{new string('x', 2000)}}"}"""))
        {
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, body.StatusCode);
            Assert.Equal("too-large", (await TestNode.ProblemAsync(body)).Code);
        }
        var small = "id\n1\n"u8.ToArray();
        foreach (var (draft, files) in new (ProductDraft, (string, byte[])[])[]
        {
            (new("t"), [("big.csv", new byte[100_001])]),
            (new("t"), [("a.csv", new byte[60_000]), ("b.csv", new byte[60_000])]),
            (new("t", Description: new string('x', 2000)), [("a.csv", small)]),
            (new("t"), [("a.csv", small), ("b.csv", small), ("c.csv", small)]),
        })
        {
            using var answer = await holder.UploadAsync(draft, files);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
            Assert.Equal("too-large", (await TestNode.ProblemAsync(answer)).Code);
        }
        Assert.Empty(await holder.GetAsync("products", ApiJson.Wire.IReadOnlyListProduct));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(node.Options.DataFolder, "incoming")));
    }

    [Theory]
    [InlineData("multipart/form-data")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/json")]
    public async Task An_upload_that_is_none_is_a_bad_request(string type)
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        using var content = new ByteArrayContent("--y\r\nnonsense"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var answer = await holder.PostAsync("products", content);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        await TestNode.ProblemAsync(answer);
    }

    private static async Task<Product> AppendAsync(TestParticipant holder, string csv)
    {
        using var answer = await holder.UploadAsync(
            new ProductDraft("trips", Append: true), ("more.csv", Encoding.UTF8.GetBytes(csv)));
        return await TestNode.ReadAsync(answer, ApiJson.Wire.Product);
    }

    private static async Task RefusedAsync(TestParticipant holder, HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var said = (await TestNode.ProblemAsync(answer)).Detail!;
        Assert.EndsWith(".", said, StringComparison.Ordinal);
        Assert.DoesNotContain(holder.Node.Options.DataFolder, said, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', said);
        Assert.Empty(await holder.GetAsync("products", ApiJson.Wire.IReadOnlyListProduct));
        Assert.Equal(["participant-added"], (await holder.EvidenceAsync()).Select(e => e.Type));
    }
}
