using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Node.Api;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Products;

/// <summary>Files of any kind as a product: published, selected by rows, read under control.</summary>
public sealed class CollectionTests(TwoNodes nodes)
{
    private static readonly HttpClient Http = new();

    private static readonly (string Name, byte[] Bytes)[] Photos =
    [
        ("ships/a b?#%20ü.png", [1, 2, 3, 4, 5]), ("ships/two.jpg", [6, 7]), ("notes", "plain"u8.ToArray()),
    ];

    private const string Labels = "path,label\nships/a b?#%20ü.png,ship\nships/two.jpg,ship\nnotes,other\n";

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_contract_has_the_files_whose_rows_it_shows(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        var product = await PublishAsync(holder, Labels, Odrl.Offer(Odrl.Row("label", "ship"), Odrl.Count(20)));
        Assert.Equal(("files", "photos", 3L), (product.Kind, product.Title, product.Latest.Rows));
        Assert.Equal(product.Latest.Files.Single().Bytes + 12, product.Latest.Bytes);
        Assert.Equal(
            ["path", "media_type", "bytes", "sha256", "label"], product.Latest.Columns.Select(c => c.Name));
        var agreement = await peer.AgreeAsync(holder, product);
        var access = await peer.AccessAsync(holder, agreement);

        using var index = await Http.SendAsync(access.Request(HttpMethod.Get, "jsonl"), TestNode.Cancel);
        var rows = (await index.Content.ReadAsStringAsync(TestNode.Cancel)).TrimEnd().Split('\n')
            .Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(Photos[..2].Select(p => p.Name), rows.Select(r => (string?)r["path"]));
        Assert.Equal(["image/png", "image/jpeg"], rows.Select(r => (string?)r["media_type"]));

        foreach (var (name, bytes) in Photos[..2])
        {
            using var file = await GetAsync(access, name);
            Assert.Equal(HttpStatusCode.OK, file.StatusCode);
            Assert.Equal(bytes, await file.Content.ReadAsByteArrayAsync(TestNode.Cancel));
            var digest = SHA256.HashData(bytes);
            Assert.Contains(Convert.ToHexStringLower(digest), rows.Select(r => (string?)r["sha256"]));
            Assert.Equal(
                ($"sha-256=:{Convert.ToBase64String(digest)}:", "nosniff", "attachment"),
                (file.Headers.GetValues("Repr-Digest").Single(),
                    file.Headers.GetValues("X-Content-Type-Options").Single(),
                    file.Content.Headers.ContentDisposition?.DispositionType));
        }
        using var part = await GetAsync(access, Photos[0].Name, new RangeHeaderValue(1, 3));
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal([2, 3, 4], await part.Content.ReadAsByteArrayAsync(TestNode.Cancel));

        // What the contract leaves out is answered like what is not there; no other name leads to it.
        foreach (var name in (string[])["notes", "nothing", "ships", "ships/../notes", "NOTES", "ships//two.jpg"])
        {
            using var none = await GetAsync(access, name);
            Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
            var missing = await TestNode.ProblemAsync(none);
            Assert.Equal(("not-found", "There is no file of that name here."), (missing.Code, missing.Detail));
        }
        using var stranger = await Http.GetAsync($"{access.Endpoint}/files/ships/two.jpg", TestNode.Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);

        // The part belonged to the read of its file.
        var reads = (await holder.EvidenceAsync("read-opened")).Where(e =>
            e.Body.GetProperty("data").GetProperty("way").GetString() == "file").ToList();
        Assert.Equal([1L, 1L], reads.Select(e => e.Body.GetProperty("data").GetProperty("rows").GetInt64()));
        Assert.Equal([5L, 2L], reads.Select(e => e.Body.GetProperty("data").GetProperty("bytes").GetInt64()));
    }

    [Fact]
    public async Task Who_does_not_see_the_digest_has_the_index_alone()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await using var peer = await RawPeer.StartAsync();
        foreach (var (hidden, number) in new[]
        {
            (Odrl.Columns("path", "label"), 0), (Odrl.Columns("sha256", "label"), 1),
            (Odrl.Mask("sha256", "first:8"), 2), (Odrl.Mask("path", "hash"), 3),
        })
        {
            var product = await PublishAsync(holder, Labels, Odrl.Offer(hidden), $"photos-{number}");
            var access = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, product));
            using var refused = await GetAsync(access, "notes");
            Assert.Equal(
                (HttpStatusCode.Forbidden, "files-withheld"),
                (refused.StatusCode, (await TestNode.ProblemAsync(refused)).Code));
        }
    }

    [Fact]
    public async Task A_digest_in_a_table_opens_no_object_of_anybody()
    {
        var victim = await nodes.ParticipantAsync("sqlite");
        var holder = await nodes.ParticipantAsync("sqlite");
        await using var peer = await RawPeer.StartAsync();
        await PublishAsync(victim, Labels, Odrl.Offer(Odrl.Count(1)));
        var digest = Convert.ToHexStringLower(SHA256.HashData(Photos[2].Bytes));
        var table = await holder.PublishAsync($"path,media_type,bytes,sha256\nnotes,text/plain,5,{digest}\n");
        var access = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, table));
        using var refused = await GetAsync(access, "notes");
        Assert.Equal("no-files", (await TestNode.ProblemAsync(refused)).Code);

        // Nor in an index: these columns are filled in from the files.
        using var forged = await UploadAsync(
            holder, new ProductDraft("forged", Kind: "files"), [("x", [1])], $"path,sha256\nx,{digest}\n");
        Assert.Equal("bad-index", (await TestNode.ProblemAsync(forged)).Code);
    }

    [Theory]
    [InlineData("../up", null, "bad-name")]
    [InlineData("/root", null, "bad-name")]
    [InlineData("a//b", null, "bad-name")]
    [InlineData("a\\b", null, "bad-name")]
    [InlineData("a/./b", null, "bad-name")]
    [InlineData("", null, "bad-name")]
    [InlineData("a", "path,label\n", "header-only")]
    [InlineData("a", "name,label\na,1\n", "bad-index")]
    [InlineData("a", "path,bytes\na,1\n", "bad-index")]
    [InlineData("a", "path,Bytes\na,1\n", "bad-index")]
    [InlineData("a", "path,SHA256\na,1\n", "bad-index")]
    [InlineData("a", "path,label\na,1\na,2\n", "bad-index")]
    [InlineData("a", "path,label\na,1\nb,2\n", "bad-index")]
    [InlineData("a", "path,label\nb,1\n", "bad-index")]
    public async Task What_does_not_fit_together_publishes_nothing(string name, string? index, string code)
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        using var bad = await UploadAsync(holder, new ProductDraft("c", Kind: "files"), [(name, [1])], index);
        Assert.Equal((HttpStatusCode.BadRequest, code), (bad.StatusCode, (await TestNode.ProblemAsync(bad)).Code));
        Assert.Empty(await holder.GetAsync("products", ApiJson.Wire.IReadOnlyListProduct));
    }

    [Fact]
    public async Task Files_are_added_and_a_collection_stays_one()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await using var peer = await RawPeer.StartAsync();
        var first = await PublishAsync(holder, null, Odrl.Offer(Odrl.Count(9)));
        var access = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, first));
        using var more = await UploadAsync(
            holder, new ProductDraft("photos", Kind: "files", Append: true), [("later.txt", [9])], null);
        Assert.Equal(4, (await TestNode.ReadAsync(more, ApiJson.Wire.Product)).Latest.Rows);
        using var later = await GetAsync(access, "later.txt");
        Assert.Equal([9], await later.Content.ReadAsByteArrayAsync(TestNode.Cancel));

        using var again = await UploadAsync(
            holder, new ProductDraft("photos", Kind: "files", Append: true), [("notes", [9])], null);
        Assert.Equal("bad-collection", (await TestNode.ProblemAsync(again)).Code);
        using var table = await holder.UploadAsync(new ProductDraft("photos"), ("t.csv", "path\nx\n"u8.ToArray()));
        Assert.Equal("kind-changed", (await TestNode.ProblemAsync(table)).Code);
    }

    private static async Task<Product> PublishAsync(
        TestParticipant holder, string? index, JsonObject offer, string id = "photos")
    {
        using var answer = await UploadAsync(
            holder, new ProductDraft(id, Offer: JsonElement.Parse(offer.ToJsonString()), Kind: "files"), Photos, index);
        return await TestNode.ReadAsync(answer, ApiJson.Wire.Product);
    }

    private static async Task<HttpResponseMessage> UploadAsync(
        TestParticipant holder, ProductDraft draft, (string Name, byte[] Bytes)[] files, string? index)
    {
        using var form = new MultipartFormDataContent();
        form.Add(JsonContent.Create(draft, ApiJson.Wire.ProductDraft), "product");
        foreach (var (name, bytes) in files)
        {
            var file = new ByteArrayContent(bytes);
            file.Headers.ContentDisposition = new("form-data") { Name = "files", FileNameStar = name };
            form.Add(file);
        }
        if (index is not null)
            form.Add(new ByteArrayContent(Encoding.UTF8.GetBytes(index)), "index", "labels.csv");
        return await holder.PostAsync("products", form);
    }

    private static Task<HttpResponseMessage> GetAsync(DataAccess access, string path, RangeHeaderValue? range = null)
    {
        var escaped = string.Join('/', path.Split('/').Select(p => p == ".." ? "%2E%2E" : Uri.EscapeDataString(p)));
        var request = new HttpRequestMessage(HttpMethod.Get, $"{access.Endpoint}/files/{escaped}")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", access.Token), Range = range },
        };
        return Http.SendAsync(request, TestNode.Cancel);
    }
}
