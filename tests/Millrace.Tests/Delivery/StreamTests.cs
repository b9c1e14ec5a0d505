using System.Net;
using Microsoft.Extensions.Time.Testing;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Delivery;

/// <summary>Streams that are open when the contract ends, and readers that leave.</summary>
public sealed class StreamTests(StreamWorld world) : IClassFixture<StreamWorld>
{
    private readonly FakeTimeProvider _time = world.Time;

    [Fact]
    public async Task A_withdrawal_refuses_the_next_request_and_cuts_a_stream_whose_reader_has_stopped_reading()
    {
        var (holder, agreement, access) = await world.BeginAsync();
        using var reader = await SlowReader.OpenAsync(access.Csv, access.Token);
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
        var (holder, agreement, access) = await world.BeginAsync(Odrl.Until(_time.GetUtcNow().AddMinutes(5)));
        using var reader = await SlowReader.OpenAsync(access.Csv, access.Token);
        _time.Advance(TimeSpan.FromMinutes(5));
        await CutAsync(holder, agreement, reader, "expired", "permission[0].constraint[0]");
        var (next, _) = await DataTests.ReadAsync(access.Request(HttpMethod.Get));
        Assert.Equal("expired", (await TestNode.ProblemAsync(next)).Code);
    }

    [Fact]
    public async Task A_contract_that_ends_some_time_after_the_agreement_cuts_open_streams()
    {
        var (holder, agreement, access) = await world.BeginAsync(Odrl.Within("PT10M"));
        using var reader = await SlowReader.OpenAsync(access.Csv, access.Token);
        _time.Advance(TimeSpan.FromMinutes(11));
        await CutAsync(holder, agreement, reader, "expired", "permission[0].constraint[0]");
    }

    [Fact]
    public async Task A_stream_under_a_contract_that_goes_on_is_not_cut()
    {
        var (holder, agreement, access) = await world.BeginAsync(Odrl.Within("P1D"));
        using var reader = await SlowReader.OpenAsync(access.Csv, access.Token);
        for (var i = 0; i < 10; i++)
            _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(reader.Length, await reader.ReadToEndAsync());
        var used = await holder.AgreementAsync(agreement);
        Assert.Equal((1, StreamWorld.Rows, reader.Length), (used.Reads, used.Rows, used.Bytes));
    }

    [Fact]
    public async Task A_download_that_is_stopped_counts_as_a_read_but_only_with_the_bytes_that_left()
    {
        var (holder, agreement, access) = await world.BeginAsync();
        string read;
        long length;
        using (var reader = await SlowReader.OpenAsync(access.Csv, access.Token))
            (read, length) = (reader.Read, reader.Length);
        // The reservation stands until the node has seen that the reader is gone.
        var used = await Until.SeenAsync(() => holder.AgreementAsync(agreement), a => a.Bytes < length);
        Assert.Equal((1, StreamWorld.Rows), (used.Reads, used.Rows));
        Assert.InRange(used.Bytes, 1, length - 1);

        var (rest, bytes) = await DataTests.ReadAsync(
            DataTests.With(access, "Range", $"bytes={length - 1000}-", "Millrace-Read", read));
        Assert.Equal((HttpStatusCode.PartialContent, 1000), (rest.StatusCode, bytes.Length));
        Assert.Equal(read, rest.Headers.GetValues("Millrace-Read").Single());
        var after = await holder.AgreementAsync(agreement);
        Assert.Equal((1, StreamWorld.Rows, used.Bytes + 1000), (after.Reads, after.Rows, after.Bytes));

        // After its time, nothing belongs to that read any more.
        _time.Advance(world.Node.Options.Limits.ReadLifetime);
        var (later, _) = await DataTests.ReadAsync(
            DataTests.With(access, "Range", "bytes=0-9", "Millrace-Read", read));
        Assert.NotEqual(read, later.Headers.GetValues("Millrace-Read").Single());
        Assert.Equal(2, (await holder.AgreementAsync(agreement)).Reads);
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
}
