using System.Text.Json;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol.Transfers;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Delivery;

/// <summary>However a read ends, its entry states what was really sent, and the usage agrees with it.</summary>
public sealed class ClosingTests(StreamWorld world) : IClassFixture<StreamWorld>
{
    [Fact]
    public async Task A_withdrawn_stream_closes_with_the_bytes_that_left_and_not_with_those_reserved()
    {
        var (holder, agreement, access) = await world.BeginAsync();
        using var reader = await SlowReader.OpenAsync(access.Csv, access.Token);
        await holder.WithdrawAsync(agreement);
        Assert.Null(await ClosedAsync(reader.Read)); // The stream is still open: nobody knows the figure yet.

        world.Time.Advance(world.Node.Options.Limits.GateInterval);
        var closed = await Until.SeenAsync(() => ClosedAsync(reader.Read), c => c is not null);
        Assert.Equal((false, 0), (closed!.Complete, closed.Unsettled));
        Assert.InRange(closed.Bytes, await reader.ReadToEndAsync(), reader.Length - 1);
        Assert.Equal(closed.Bytes, (await holder.AgreementAsync(agreement)).Bytes);
    }

    [Fact]
    public async Task A_suspended_stream_is_settled_and_its_read_closes_with_the_transfer()
    {
        var (holder, agreement, access) = await world.BeginAsync();
        using var reader = await SlowReader.OpenAsync(access.Csv, access.Token);
        await MoveAsync(access, "suspension", (c, p) => new TransferSuspended(RawReader.NewPid(), c, p, null, ["x"]));
        world.Time.Advance(world.Node.Options.Limits.GateInterval);
        var used = await Until.SeenAsync(() => holder.AgreementAsync(agreement), a => a.Bytes < reader.Length);

        await MoveAsync(access, "termination", (c, p) => new TransferEnded(RawReader.NewPid(), c, p, null, ["x"]));
        var closed = await ClosedAsync(reader.Read);
        Assert.Equal(new Closed(used.Bytes, 0, false), closed);
    }

    [Fact]
    public async Task A_read_whose_reader_has_gone_closes_after_its_time_with_the_bytes_that_left()
    {
        var (holder, agreement, access) = await world.BeginAsync();
        string read;
        long length;
        using (var reader = await SlowReader.OpenAsync(access.Csv, access.Token))
            (read, length) = (reader.Read, reader.Length);
        var used = await Until.SeenAsync(() => holder.AgreementAsync(agreement), a => a.Bytes < length);

        world.Time.Advance(world.Node.Options.Limits.ReadLifetime);
        var closed = await Until.SeenAsync(() => ClosedAsync(read), c => c is not null);
        Assert.Equal(new Closed(used.Bytes, 0, false), closed);
    }

    [Fact]
    public async Task What_a_crash_left_on_its_way_is_stated_as_reserved_once_its_sender_keeps_silent()
    {
        var (holder, agreement, access) = await world.BeginAsync();
        var (answer, bytes) = await DataTests.ReadAsync(access.Request(HttpMethod.Get));
        var id = answer.Headers.GetValues("Millrace-Read").Single();
        var silence = world.Node.Options.Limits.SenderSilenceMax;
        await Until.SeenAsync(() => RowAsync(id), r => r.Value.Underway == 0);
        await ChangeAsync(id, r => r with { Underway = 10, UnderwayUntil = world.Time.GetUtcNow() + silence });

        await holder.WithdrawAsync(agreement);
        Assert.Null(await ClosedAsync(id)); // Its sender may be another node, and alive.
        world.Time.Advance(silence);
        var closed = await Until.SeenAsync(() => ClosedAsync(id), c => c is not null);
        Assert.Equal(new Closed(bytes.Length, 10, false), closed);
        Assert.Equal(bytes.Length, (await holder.AgreementAsync(agreement)).Bytes);
    }

    [Fact]
    public async Task A_stream_that_lasts_gives_signs_of_life_and_is_not_taken_for_one_that_a_crash_left()
    {
        var (holder, agreement, access) = await world.BeginAsync();
        using var reader = await SlowReader.OpenAsync(access.Csv, access.Token);
        var silence = world.Node.Options.Limits.SenderSilenceMax;
        for (var i = 0; i < 3; i++)
        {
            world.Time.Advance(silence / 2);
            var due = world.Time.GetUtcNow() + silence;
            await Until.SeenAsync(() => RowAsync(reader.Read), r => r.Value.UnderwayUntil == due);
        }
        await holder.WithdrawAsync(agreement);
        Assert.Null(await ClosedAsync(reader.Read));
        world.Time.Advance(world.Node.Options.Limits.GateInterval);
        var closed = await Until.SeenAsync(() => ClosedAsync(reader.Read), c => c is not null);
        Assert.Equal(0, closed!.Unsettled);
    }

    private async Task<Closed?> ClosedAsync(string read) =>
        (await world.Holder.EvidenceAsync("read-closed")).Select(e => e.Body.GetProperty("data"))
            .Where(d => d.GetProperty("read").GetString() == read)
            .Select(d => d.Deserialize<Closed>(JsonSerializerOptions.Web)).SingleOrDefault();

    private async Task MoveAsync(DataAccess access, string path, Func<string, string, TransferMessage> message)
    {
        using var moved = await world.Peer.PostAsync(
            world.Holder, $"transfers/{access.ProviderPid}/{path}", message(access.ConsumerPid, access.ProviderPid));
        Assert.True(moved.IsSuccessStatusCode);
    }

    private async Task<Stored<ReadRecord>> RowAsync(string read)
    {
        await using var database = await world.Node.OpenDatabaseAsync();
        return (await database.ReadAsync(
            s => Tables.Reads.FindAsync(s, world.Holder.Id, read, TestNode.Cancel), TestNode.Cancel))!;
    }

    /// <summary>Changes a row behind the back of the node, as a crash would have left it.</summary>
    private async Task ChangeAsync(string read, Func<ReadRecord, ReadRecord> change)
    {
        await using var database = await world.Node.OpenDatabaseAsync();
        await database.WriteAsync(
            async unit =>
            {
                var row = await Tables.Reads.FindAsync(unit, world.Holder.Id, read, TestNode.Cancel);
                await Tables.Reads.SaveAsync(unit, row!.With(change(row.Value)), TestNode.Cancel);
            },
            TestNode.Cancel);
    }

    private sealed record Closed(long Bytes, long Unsettled, bool Complete);
}
