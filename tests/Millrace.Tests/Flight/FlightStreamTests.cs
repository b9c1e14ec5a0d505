using Apache.Arrow.Flight;
using Grpc.Core;
using Millrace.Protocol.Transfers;
using Millrace.Tests.Delivery;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Flight;

/// <summary>Flights that are under way when the contract ends, and readers that are slow or leave.</summary>
public sealed class FlightStreamTests(StreamWorld world) : IClassFixture<StreamWorld>
{
    [Fact]
    public async Task A_withdrawal_cuts_a_stream_whose_reader_has_stopped_reading_and_says_so()
    {
        var (agreement, _, flight) = await BeginAsync();
        using var reader = await OpenAsync(flight, agreement);
        await world.Holder.WithdrawAsync(agreement);
        await CutAsync(agreement, reader, "(withdrawn, rule withdrawal)");
        var (code, _) = await FlightCalls.FailedAsync(() => flight.ReadAsync(reader.Ticket));
        Assert.Equal(StatusCode.PermissionDenied, code);
    }

    [Fact]
    public async Task A_contract_that_ends_cuts_it()
    {
        var (agreement, _, flight) = await BeginAsync(Odrl.Until(world.Time.GetUtcNow().AddMinutes(5)));
        using var reader = await OpenAsync(flight, agreement);
        world.Time.Advance(TimeSpan.FromMinutes(5));
        await CutAsync(agreement, reader, "(expired, rule permission[0].constraint[0])");
    }

    [Fact]
    public async Task A_suspended_transfer_cuts_it_and_its_next_token_opens_no_older_ticket()
    {
        var (agreement, access, flight) = await BeginAsync();
        using var reader = await OpenAsync(flight, agreement);
        await ActAsync(access, """{"act":"suspend","reason":"We are checking."}""");
        await CutAsync(agreement, reader, "(on-hold)");

        await ActAsync(access, """{"act":"start"}""");
        var restarted = (await world.Peer.ReceiveAsync($"{access.ConsumerPid}/start")).Read<TransferStarted>();
        using var anew = flight.With(restarted.DataAddress!.Property(EndpointProperty.Authorization));
        Assert.Equal(
            StatusCode.Unauthenticated, (await FlightCalls.FailedAsync(() => flight.ReadAsync(reader.Ticket))).Code);
        Assert.Equal(
            (StatusCode.FailedPrecondition,
                "This ticket belongs to a token that is no longer in force: ask for the flight again."),
            await FlightCalls.FailedAsync(() => anew.ReadAsync(reader.Ticket)));
        Assert.Single(await anew.ListAsync(world.Holder.Id));
    }

    [Fact]
    public async Task The_only_participant_of_a_node_need_not_be_named()
    {
        var (agreement, _, flight) = await BeginAsync();
        var info = Assert.Single(await flight.ListAsync(""));
        Assert.Equal([world.Holder.Id, agreement], info.Descriptor.Paths);
        using var stranger = flight.With("nobody");
        Assert.Equal(StatusCode.Unauthenticated, (await FlightCalls.FailedAsync(() => stranger.ListAsync(""))).Code);
    }

    [Fact]
    public async Task A_ticket_ends_with_its_time()
    {
        var (agreement, _, flight) = await BeginAsync();
        var ticket = FlightCalls.Ticket(await flight.InfoAsync(world.Holder.Id, agreement));
        world.Time.Advance(world.Node.Options.Limits.FlightTicketLifetime);
        Assert.Equal(
            (StatusCode.FailedPrecondition, "The time of this ticket is over: ask for the flight again."),
            await FlightCalls.FailedAsync(() => flight.ReadAsync(ticket)));
        Assert.Equal(0, (await world.Holder.AgreementAsync(agreement)).Reads);
    }

    [Fact]
    public async Task A_reader_who_leaves_is_charged_for_what_was_handed_over_and_no_more()
    {
        var (agreement, _, flight) = await BeginAsync();
        FlightInfo info;
        using (var reader = await OpenAsync(flight, agreement))
            info = reader.Info;
        var used = await Until.SeenAsync(() => world.Holder.AgreementAsync(agreement), a => a.Bytes < info.TotalBytes);
        Assert.Equal(1, used.Reads);
        Assert.InRange(used.Rows, 1, StreamWorld.Rows - 1);
        Assert.InRange(used.Bytes, 1, info.TotalBytes - 1);
        // Nothing goes on with it: it is closed, with the same figures.
        var closed = (await world.Holder.EvidenceAsync("read-closed")).Select(e => e.Body.GetProperty("data"))
            .Single(d => d.GetProperty("agreement").GetString() == agreement);
        Assert.Equal(
            (used.Rows, used.Bytes, 0, false),
            (closed.GetProperty("rows").GetInt64(), closed.GetProperty("bytes").GetInt64(),
                closed.GetProperty("unsettled").GetInt64(), closed.GetProperty("complete").GetBoolean()));
    }

    [Fact]
    public async Task A_reader_who_takes_nothing_for_long_is_broken_off()
    {
        var (agreement, _, flight) = await BeginAsync();
        using var reader = await OpenAsync(flight, agreement);
        var used = await Until.SeenAsync(
            () =>
            {
                world.Time.Advance(world.Node.Options.Limits.FlightStallMax); // The write may have begun just now.
                return world.Holder.AgreementAsync(agreement);
            },
            a => a.Bytes < reader.Info.TotalBytes);
        Assert.InRange(used.Rows, 1, StreamWorld.Rows - 1);
        await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await reader.Call.ResponseStream.MoveNext(TestNode.Cancel))
                Assert.NotNull(reader.Call.ResponseStream.Current);
        });
    }

    [Fact]
    public async Task A_slow_reader_makes_the_node_hold_no_more_than_a_few_messages()
    {
        var (agreement, _, flight) = await BeginAsync();
        FlightInfo info;
        using (var reader = await OpenAsync(flight, agreement))
        {
            info = reader.Info;
            for (var i = 0; i < 50; i++) // The node has all the time it could want.
                Assert.Equal(info.TotalBytes, (await world.Holder.AgreementAsync(agreement)).Bytes);
        }
        var used = await Until.SeenAsync(() => world.Holder.AgreementAsync(agreement), a => a.Bytes < info.TotalBytes);
        Assert.InRange(used.Bytes, 1, 4L * world.Node.Options.Limits.FlightMessageBytes);
        Assert.True(info.TotalBytes > 8L * world.Node.Options.Limits.FlightMessageBytes, "The view is too small.");
    }

    [Fact]
    public async Task A_whole_view_comes_in_messages_that_usual_clients_take()
    {
        var (agreement, _, flight) = await BeginAsync();
        var info = await flight.InfoAsync(world.Holder.Id, agreement);
        var batches = await flight.ReadAsync(FlightCalls.Ticket(info)); // This client takes 4 MiB in one message.
        Assert.Equal(StreamWorld.Rows, batches.Sum(b => b.Length));
        var ids = batches.SelectMany(b => ((Apache.Arrow.Int64Array)b.Column("id")).ToList()).Select(i => i!.Value);
        Assert.Equal(Enumerable.Range(0, StreamWorld.Rows).Select(i => (long)i), ids);
        Assert.True(batches.Count > 8, $"{batches.Count} messages.");
        var used = await world.Holder.AgreementAsync(agreement);
        Assert.Equal((1, StreamWorld.Rows, info.TotalBytes), (used.Reads, used.Rows, used.Bytes));
    }

    private async Task<(string Agreement, DataAccess Access, FlightCalls Flight)> BeginAsync(
        params System.Text.Json.Nodes.JsonObject[] constraints)
    {
        var (_, agreement, access) = await world.BeginAsync(constraints);
        return (agreement, access, new FlightCalls(world.Node, access.Token));
    }

    private async Task ActAsync(DataAccess access, string act)
    {
        using var taken = await world.Holder.PostTextAsync(
            $"transfers/{Uri.EscapeDataString(access.ProviderPid)}/acts", act);
        Assert.True(taken.IsSuccessStatusCode);
    }

    /// <summary>Reads the first batch, and then nothing until it is told to.</summary>
    private async Task<Reading> OpenAsync(FlightCalls flight, string agreement)
    {
        var info = await flight.InfoAsync(world.Holder.Id, agreement);
        var ticket = FlightCalls.Ticket(info);
        var call = flight.Get(ticket);
        Assert.True(await call.ResponseStream.MoveNext(TestNode.Cancel));
        return new Reading(info, ticket, call);
    }

    private async Task CutAsync(string agreement, Reading reader, string rule)
    {
        world.Time.Advance(world.Node.Options.Limits.GateInterval);
        // Only now may the reader go on: what it took before the gate was asked again, it would have had rightly.
        var used = await Until.SeenAsync(
            () => world.Holder.AgreementAsync(agreement), a => a.Bytes < reader.Info.TotalBytes);
        long rows = reader.Call.ResponseStream.Current.Length;
        var (code, detail) = await FlightCalls.FailedAsync(async () =>
        {
            while (await reader.Call.ResponseStream.MoveNext(TestNode.Cancel))
                rows += reader.Call.ResponseStream.Current.Length;
        });
        Assert.Equal(StatusCode.PermissionDenied, code);
        Assert.EndsWith(rule, detail, StringComparison.Ordinal);
        Assert.Equal((1, rows), (used.Reads, used.Rows));
        Assert.InRange(rows, 1, StreamWorld.Rows - 1);
    }

    private sealed record Reading(
        FlightInfo Info, FlightTicket Ticket, Apache.Arrow.Flight.Client.FlightRecordBatchStreamingCall Call)
        : IDisposable
    {
        public void Dispose() => Call.Dispose();
    }
}
