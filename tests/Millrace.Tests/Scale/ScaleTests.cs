using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Millrace.Node.Api;
using Millrace.Tests.Crashes;
using Millrace.Tests.Delivery;
using Millrace.Tests.Nodes;
using Millrace.Tests.Supply;

namespace Millrace.Tests.Scale;

/// <summary>Much of everything: rows, hours, readers.</summary>
public sealed class ScaleTests
{
    private const int MebibytesMax = 600;

    [Fact]
    public async Task A_hundred_million_rows_are_published_in_the_memory_that_ten_million_take()
    {
        FullRun.Require();
        using var work = new Workshop();
        await using var node = new NodeProcess("holder", null);
        await node.StartAsync(TestNode.Cancel);
        using var added = await node.Client.PostAsync(
            new Uri(node.Address, "api/v1/participants"),
            JsonContent.Create(new ParticipantDraft(node.Name, node.Name), ApiJson.Wire.ParticipantDraft),
            TestNode.Cancel);
        Assert.True(added.IsSuccessStatusCode);
        foreach (var millions in (int[])[10, 100])
        {
            work.Make(
                $"""
                 COPY (
                   SELECT i AS id, make_timestamp(1704067200000000 + i * 250000) AS at,
                     (hash(i) % 100000) / 100 AS reading, 'machine ' || (hash(i + 1) % 5000) AS machine
                   FROM range({millions}000000) t(i)
                 ) TO '@/rows.parquet' (FORMAT parquet)
                 """);
            var product = await PublishAsync(node, $"rows-{millions}", work.At("rows.parquet"));
            Assert.Equal(millions * 1_000_000L, product.Latest.Rows);
            Assert.Equal(0, product.Latest.Profile.GetProperty("duplicateRows").GetInt64());
            Assert.InRange(node.PeakMebibytes(), 1, MebibytesMax);
        }
    }

    [Theory]
    [InlineData("one-line.json", "[", ",", "]", 256)]
    [InlineData("lines.jsonl", "", "\n", "\n", 256)]
    [InlineData("table.csv", "id,name,day,note\n", "\n", "\n", 128)]
    public async Task A_gigabyte_is_read_in_little_memory(
        string name, string first, string between, string last, int mebibytes)
    {
        FullRun.Require();
        const int Rows = 6_000_000;
        using var work = new Workshop(mebibytes);
        var isCsv = name.EndsWith(".csv", StringComparison.Ordinal);
        await using (var file = new StreamWriter(work.At(name), append: false, Encoding.UTF8, 1 << 20))
        {
            await file.WriteAsync(first);
            var note = new string('n', 130);
            for (var i = 0; i < Rows; i++)
            {
                var (machine, day) = ($"machine {i % 977:000}", $"2024-0{1 + (i % 9)}-11");
                await file.WriteAsync(i == 0 ? "" : between);
                await file.WriteAsync(isCsv
                    ? $"{i},{machine},{day},{note}"
                    : $"{{\"id\":{i},\"name\":\"{machine}\",\"day\":\"{day}\",\"note\":\"{note}\"}}");
            }
            await file.WriteAsync(last);
        }
        Assert.True(new FileInfo(work.At(name)).Length > 900 << 20);
        var table = await work.Import.ImportAsync([work.At(name)], work.At("out.parquet"), Workshop.Cancel);
        Assert.Equal(Rows, table.Rows);
        Assert.Equal("Integer Text Date Text", string.Join(' ', table.Schema.Columns.Select(c => c.Type)));
    }

    [Fact]
    public async Task Two_thousand_contracts_and_reads_leave_no_memory_behind()
    {
        FullRun.Require();
        const int Rounds = 2_000;
        const double MebibytesMore = 32; // Of what grows with the books, such as a cache up to its bound.
        await using var first = await TestNode.StartAsync("sqlite");
        await using var second = await TestNode.StartAsync("postgresql");
        var (holder, reader) = (await first.AddAsync("holder"), await second.AddAsync("reader"));
        var product = await holder.PublishAsync("id,city\n1,ORD\n2,MDW\n");
        var before = 0.0;
        for (var round = 1; round <= Rounds; round++)
        {
            var transfer = await reader.TransferAsync(await reader.AgreeAsync(holder, product));
            Assert.Equal("STARTED", transfer.State);
            using var data = await reader.GetAsync($"transfers/{transfer.Id}/data");
            Assert.True(data.IsSuccessStatusCode, await data.Content.ReadAsStringAsync(TestNode.Cancel));
            if (round == Rounds / 2)
                before = GC.GetTotalMemory(forceFullCollection: true) / 1024.0 / 1024;
        }
        var after = GC.GetTotalMemory(forceFullCollection: true) / 1024.0 / 1024;
        Assert.InRange(after - before, double.MinValue, MebibytesMore);
    }

    [Fact]
    public async Task Readers_who_take_their_time_get_all_of_it_and_hold_nobody_up()
    {
        FullRun.Require();
        const int Slow = 100, Bytes = 64 * 1024;
        await using var node = await TestNode.StartAsync("sqlite");
        await using var peer = await RawPeer.StartAsync();
        var holder = await node.AddAsync("holder");
        var table = new StringBuilder("id,note\n");
        for (var i = 0; i < 400_000; i++)
            table.Append(i).Append(',').Append(Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(i))))
                .Append('\n');
        var product = await holder.PublishAsync(table.ToString());
        var access = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, product));
        var expected = SHA256.HashData((await DataTests.ReadAsync(access.Request(HttpMethod.Get))).Content);

        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 2 * Slow });
        var slow = Enumerable.Range(0, Slow).Select(async _ =>
        {
            using var request = access.Request(HttpMethod.Get);
            using var answer = await http.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, TestNode.Cancel);
            await using var body = await answer.Content.ReadAsStreamAsync(TestNode.Cancel);
            using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[Bytes];
            var waits = 30;
            while (await body.ReadAsync(buffer, TestNode.Cancel) is > 0 and var read)
            {
                digest.AppendData(buffer, 0, read);
                if (waits-- > 0)
                    await Task.Delay(TimeSpan.FromSeconds(1), TestNode.Cancel);
            }
            return digest.GetHashAndReset();
        }).ToList();
        for (var i = 0; i < 20; i++)
            Assert.Equal(
                expected, SHA256.HashData((await DataTests.ReadAsync(access.Request(HttpMethod.Get))).Content));
        Assert.DoesNotContain(slow, s => s.IsCompleted);
        Assert.All(await Task.WhenAll(slow), digest => Assert.Equal(expected, digest));
    }

    private static async Task<Product> PublishAsync(NodeProcess node, string id, string path)
    {
        using var form = new MultipartFormDataContent();
        form.Add(JsonContent.Create(new ProductDraft(id), ApiJson.Wire.ProductDraft), "product");
        using var file = new StreamContent(File.OpenRead(path));
        file.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data")
        {
            Name = "files",
            FileNameStar = Path.GetFileName(path),
        };
        form.Add(file);
        using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.Authorization = node.Client.DefaultRequestHeaders.Authorization;
        using var answer = await client.PostAsync(new Uri(node.Management, "products"), form, TestNode.Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestNode.Cancel));
        return await TestNode.ReadAsync(answer, ApiJson.Wire.Product);
    }
}
