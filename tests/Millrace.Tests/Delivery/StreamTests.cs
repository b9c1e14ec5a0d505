using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Millrace.Node.Api;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Delivery;

/// <summary>Streams that are open when the contract ends, and readers that leave.</summary>
public sealed class StreamTests(StreamTests.World world) : IClassFixture<StreamTests.World>
{
    private const int Rows = 8_000;

    private readonly FakeTimeProvider _time = world.Time;

    [Fact]
    public async Task A_withdrawal_refuses_the_next_request_and_cuts_a_stream_whose_reader_has_stopped_reading()
    {
        var (holder, agreement, access) = await BeginAsync();
        using var reader = await SlowReader.OpenAsync(access);
        Assert.Equal("withdrawn", (await holder.WithdrawAsync(agreement)).State);

        var (next, _) = await DataTests.ReadAsync(access.Request(HttpMethod.Get));
        Assert.Equal(HttpStatusCode.Forbidden, next.StatusCode);
        Assert.Equal("withdrawn", (await TestNode.ProblemAsync(next)).Code);

        await CutAsync(holder, agreement, reader, "withdrawn", "withdrawal");
        await world.Peer.ReceiveAsync("/termination");
    }

    [Fact]
    public async Task A_contract_that_ends_at_a_time_cuts_open_streams()
    {
        var (holder, agreement, access) = await BeginAsync(Odrl.Until(_time.GetUtcNow().AddMinutes(5)));
        using var reader = await SlowReader.OpenAsync(access);
        _time.Advance(TimeSpan.FromMinutes(5));
        await CutAsync(holder, agreement, reader, "expired", "permission[0].constraint[0]");
        var (next, _) = await DataTests.ReadAsync(access.Request(HttpMethod.Get));
        Assert.Equal("expired", (await TestNode.ProblemAsync(next)).Code);
    }

    [Fact]
    public async Task A_contract_that_ends_some_time_after_the_agreement_cuts_open_streams()
    {
        var (holder, agreement, access) = await BeginAsync(Odrl.Within("PT10M"));
        using var reader = await SlowReader.OpenAsync(access);
        _time.Advance(TimeSpan.FromMinutes(11));
        await CutAsync(holder, agreement, reader, "expired", "permission[0].constraint[0]");
    }

    [Fact]
    public async Task A_stream_under_a_contract_that_goes_on_is_not_cut()
    {
        var (holder, agreement, access) = await BeginAsync(Odrl.Within("P1D"));
        using var reader = await SlowReader.OpenAsync(access);
        for (var i = 0; i < 10; i++)
            _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(reader.Length, await reader.ReadToEndAsync());
        var used = await holder.AgreementAsync(agreement);
        Assert.Equal((1, Rows, reader.Length), (used.Reads, used.Rows, used.Bytes));
    }

    [Fact]
    public async Task A_download_that_is_stopped_counts_as_a_read_but_only_with_the_bytes_that_left()
    {
        var (holder, agreement, access) = await BeginAsync();
        string read;
        long length;
        using (var reader = await SlowReader.OpenAsync(access))
            (read, length) = (reader.Read, reader.Length);
        // The reservation stands until the node has seen that the reader is gone.
        var used = await Until.SeenAsync(() => holder.AgreementAsync(agreement), a => a.Bytes < length);
        Assert.Equal((1, Rows), (used.Reads, used.Rows));
        Assert.InRange(used.Bytes, 1, length - 1);

        var (rest, bytes) = await DataTests.ReadAsync(
            DataTests.With(access, "Range", $"bytes={length - 1000}-", "Millrace-Read", read));
        Assert.Equal((HttpStatusCode.PartialContent, 1000), (rest.StatusCode, bytes.Length));
        Assert.Equal(read, rest.Headers.GetValues("Millrace-Read").Single());
        var after = await holder.AgreementAsync(agreement);
        Assert.Equal((1, Rows, used.Bytes + 1000), (after.Reads, after.Rows, after.Bytes));

        // After its time, nothing belongs to that read any more.
        _time.Advance(world.Node.Options.Limits.ReadLifetime);
        var (later, _) = await DataTests.ReadAsync(
            DataTests.With(access, "Range", "bytes=0-9", "Millrace-Read", read));
        Assert.NotEqual(read, later.Headers.GetValues("Millrace-Read").Single());
        Assert.Equal(2, (await holder.AgreementAsync(agreement)).Reads);
    }

    /// <summary>Contracts the table under these constraints.</summary>
    private async Task<(TestParticipant Holder, string Agreement, DataAccess Access)> BeginAsync(
        params JsonObject[] constraints)
    {
        var offer = await world.Holder.PostAsync(
            $"products/{world.Product.Id}/offers",
            new OfferDraft(JsonElement.Parse(Odrl.Offer(constraints).ToJsonString())), ApiJson.Wire.OfferDraft,
            ApiJson.Wire.OfferInfo);
        var agreement = await world.Peer.AgreeAsync(world.Holder, world.Product with { Offers = [offer] });
        return (world.Holder, agreement, await world.Peer.AccessAsync(world.Holder, agreement));
    }

    private async Task CutAsync(
        TestParticipant holder, string agreement, SlowReader reader, string code, string rule)
    {
        _time.Advance(world.Node.Options.Limits.GateInterval);
        // Only now may the reader go on: what it took before the gate was asked again, it would have had rightly.
        var used = await Until.SeenAsync(() => holder.AgreementAsync(agreement), a => a.Bytes < reader.Length);
        Assert.True(await reader.ReadToEndAsync() < reader.Length, "The stream was not cut.");
        Assert.Equal(1, used.Reads);
        var refused = (await holder.EvidenceAsync("read-refused")).Select(e => e.Body.GetProperty("data"))
            .Where(d => d.GetProperty("agreement").GetString() == agreement).ToList();
        Assert.NotEmpty(refused);
        Assert.All(refused, d => Assert.Equal(
            (code, rule), (d.GetProperty("code").GetString(), d.GetProperty("rule").GetString())));
    }

    /// <summary>A node whose time the tests turn, and a table on it: its making is the most work here.</summary>
    public sealed class World : IAsyncLifetime
    {
        public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

        internal TestNode Node { get; private set; } = null!;

        internal RawPeer Peer { get; private set; } = null!;

        internal TestParticipant Holder { get; private set; } = null!;

        internal Product Product { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Node = await TestNode.StartAsync("sqlite", Time);
            Peer = await RawPeer.StartAsync(Time);
            Holder = await Node.AddAsync("holder");
            // Larger than all that lies between a node and a reader, and nothing can compress it.
            var csv = new StringBuilder("id,noise\n");
            for (var i = 0; i < Rows; i++)
                csv.Append(CultureInfo.InvariantCulture, $"{i},{RandomNumberGenerator.GetHexString(1200)}\n");
            Product = await Holder.PublishAsync(csv.ToString());
        }

        public async ValueTask DisposeAsync()
        {
            await Peer.DisposeAsync();
            await Node.DisposeAsync();
        }
    }

    /// <summary>Reads the head of the answer, and then nothing until it is told to.</summary>
    private sealed class SlowReader : IDisposable
    {
        private readonly TcpClient _client = new() { ReceiveBufferSize = 4096 };
        private long _received;

        public long Length { get; private set; }

        public string Read { get; private set; } = "";

        public static async Task<SlowReader> OpenAsync(DataAccess access)
        {
            var reader = new SlowReader();
            await reader._client.ConnectAsync(access.Endpoint.Host, access.Endpoint.Port, TestNode.Cancel);
            var request = $"GET {access.Endpoint.PathAndQuery}?format=csv HTTP/1.1\r\nHost: x\r\n"
                + $"Authorization: Bearer {access.Token}\r\n\r\n";
            await reader._client.Client.SendAsync(Encoding.ASCII.GetBytes(request), TestNode.Cancel);
            var head = new StringBuilder();
            var one = new byte[1];
            while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            {
                Assert.Equal(1, await reader._client.Client.ReceiveAsync(one, TestNode.Cancel));
                head.Append((char)one[0]);
            }
            Assert.StartsWith("HTTP/1.1 200", head.ToString(), StringComparison.Ordinal);
            var headers = head.ToString().Split("\r\n").Where(l => l.Contains(": ", StringComparison.Ordinal))
                .Select(l => l.Split(": ", 2)).ToDictionary(h => h[0], h => h[1], StringComparer.OrdinalIgnoreCase);
            reader.Length = long.Parse(headers["Content-Length"], CultureInfo.InvariantCulture);
            reader.Read = headers["Millrace-Read"];
            return reader;
        }

        /// <summary>Reads until the whole answer is there, or the node has cut it.</summary>
        /// <returns>The bytes of the body.</returns>
        public async Task<long> ReadToEndAsync()
        {
            var buffer = new byte[1 << 20];
            try
            {
                while (_received < Length &&
                    await _client.Client.ReceiveAsync(buffer, TestNode.Cancel) is > 0 and var read)
                {
                    _received += read;
                }
            }
            catch (SocketException)
            {
                // Cut.
            }
            return _received;
        }

        public void Dispose() => _client.Dispose();
    }
}
