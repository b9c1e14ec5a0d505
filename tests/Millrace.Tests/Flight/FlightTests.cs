using System.Text.Json;
using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using Grpc.Core;
using Millrace.Tests.Nodes;
using Millrace.Tests.Sharing;

namespace Millrace.Tests.Flight;

/// <summary>The data of an agreement by Arrow Flight: what its reader sees, and what is counted.</summary>
public sealed class FlightTests(TwoNodes nodes)
{
    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_reader_lists_asks_and_gets_what_the_contract_shows_as_one_read(string database)
    {
        await using var peer = await RawPeer.StartAsync();
        var holder = await nodes.ParticipantAsync(database);
        var reader = await peer.ReadAsync(
            holder, offer: Odrl.Offer(Odrl.Columns("id", "who"), Odrl.Row("city", "ORD"), Odrl.Mask("who", "first:1")));
        using var flight = new FlightCalls(holder.Node, reader.Access.Token);

        var listed = Assert.Single(await flight.ListAsync(holder.Id));
        Assert.Equal([holder.Id, reader.Agreement], listed.Descriptor.Paths);
        var info = await flight.InfoAsync([.. listed.Descriptor.Paths]);
        Assert.Equal(["id", "who"], info.Schema.FieldsList.Select(f => f.Name));
        Assert.Equal((2, true), (info.TotalRecords, info.Ordered));
        var about = JsonElement.Parse(info.AppMetadata.ToStringUtf8());
        Assert.Equal(
            ("trips", 1),
            (about.GetProperty("product").GetString(), about.GetProperty("version").GetInt32()));
        Assert.InRange(
            about.GetProperty("expires").GetDateTimeOffset(), holder.Node.Time.GetUtcNow().AddMinutes(20),
            holder.Node.Time.GetUtcNow().AddMinutes(30));
        var schema = await flight.SchemaAsync(holder.Id, reader.Agreement);
        Assert.Equal(["id", "who"], schema.FieldsList.Select(f => f.Name));
        Assert.Equal((0, 0), Used(await holder.AgreementAsync(reader.Agreement)));

        var batch = Assert.Single(await flight.ReadAsync(FlightCalls.Ticket(info)));
        Assert.Equal([1L, 3L], ((Int64Array)batch.Column("id")).ToList().Select(v => v!.Value));
        Assert.Equal(["a", "c"], ((StringArray)batch.Column("who")).ToList<string>());
        var used = await holder.AgreementAsync(reader.Agreement);
        Assert.Equal((1, 2, info.TotalBytes), (used.Reads, used.Rows, used.Bytes));

        var opened = Assert.Single(await holder.EvidenceAsync("read-opened")).Body.GetProperty("data");
        Assert.Equal(
            ("flight", reader.Agreement, info.TotalBytes),
            (opened.GetProperty("way").GetString(), opened.GetProperty("agreement").GetString(),
                opened.GetProperty("bytes").GetInt64()));
        var closed = Assert.Single(await holder.EvidenceAsync("read-closed")).Body.GetProperty("data");
        Assert.Equal(
            (opened.GetProperty("read").GetString(), 2, info.TotalBytes, true),
            (closed.GetProperty("read").GetString(), closed.GetProperty("rows").GetInt64(),
                closed.GetProperty("bytes").GetInt64(), closed.GetProperty("complete").GetBoolean()));
    }

    [Fact]
    public async Task It_counts_the_bytes_that_the_same_view_has_as_an_Arrow_file()
    {
        await using var peer = await RawPeer.StartAsync();
        var holder = await nodes.ParticipantAsync("sqlite");
        var reader = await peer.ReadAsync(holder);
        using var flight = new FlightCalls(holder.Node, reader.Access.Token);
        var info = await flight.InfoAsync(holder.Id, reader.Agreement);
        using var http = new HttpClient();
        using var answer = await http.SendAsync(
            reader.Access.Request(HttpMethod.Head, "arrow"), TestNode.Cancel);
        Assert.Equal(answer.Content.Headers.ContentLength, info.TotalBytes);
    }

    [Fact]
    public async Task Nothing_stands_beneath_a_masked_cell()
    {
        await using var peer = await RawPeer.StartAsync();
        var holder = await nodes.ParticipantAsync("sqlite");
        var reader = await peer.ReadAsync(
            holder, "id,pay\n1,7777\n2,\n3,8888\n", Odrl.Offer(Odrl.Mask("pay", "null")));
        using var flight = new FlightCalls(holder.Node, reader.Access.Token);
        var info = await flight.InfoAsync(holder.Id, reader.Agreement);
        var batch = Assert.Single(await flight.ReadAsync(FlightCalls.Ticket(info)));
        var pay = batch.Column("pay");
        Assert.Equal(3, pay.NullCount);
        Assert.All(pay.Data.Buffers, b => Assert.All(b.Span.ToArray(), cell => Assert.Equal(0, cell)));
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task An_empty_view_is_a_schema_without_rows_and_still_a_read(string database)
    {
        await using var peer = await RawPeer.StartAsync();
        var holder = await nodes.ParticipantAsync(database);
        var reader = await peer.ReadAsync(holder, offer: Odrl.Offer(Odrl.Row("city", "NOWHERE")));
        using var flight = new FlightCalls(holder.Node, reader.Access.Token);
        var info = await flight.InfoAsync(holder.Id, reader.Agreement);
        Assert.Equal(0, info.TotalRecords);
        using var call = flight.Get(FlightCalls.Ticket(info));
        Assert.Equal(["id", "city", "who"], (await call.ResponseStream.Schema).FieldsList.Select(f => f.Name));
        Assert.False(await call.ResponseStream.MoveNext(TestNode.Cancel));
        var used = await holder.AgreementAsync(reader.Agreement);
        Assert.Equal((1, 0, info.TotalBytes), (used.Reads, used.Rows, used.Bytes));
    }

    [Fact]
    public async Task Where_several_permissions_hold_each_is_a_flight_of_its_own()
    {
        await using var peer = await RawPeer.StartAsync();
        var holder = await nodes.ParticipantAsync("sqlite");
        var offer = Odrl.Offer(Odrl.Columns("id"));
        offer["permission"]!.AsArray().Add(Odrl.Offer(Odrl.Columns("city"))["permission"]![0]!.DeepClone());
        var reader = await peer.ReadAsync(holder, offer: offer);
        using var flight = new FlightCalls(holder.Node, reader.Access.Token);

        var infos = await flight.ListAsync(holder.Id);
        Assert.Equal(
            ["permission[0]", "permission[1]"], infos.Select(i => i.Descriptor.Paths.Last()));
        Assert.Equal(["id", "city"], infos.Select(i => i.Schema.FieldsList.Single().Name));
        var batch = Assert.Single(await flight.ReadAsync(FlightCalls.Ticket(infos[1])));
        Assert.Equal(["ORD", "MDW", "ORD"], ((StringArray)batch.Column("city")).ToList<string>());
        var (code, detail) = await FlightCalls.FailedAsync(() => flight.InfoAsync(holder.Id, reader.Agreement));
        Assert.Equal(StatusCode.PermissionDenied, code);
        Assert.Contains("choose-permission", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_access_token_of_the_same_transfer_opens_it_too()
    {
        await using var peer = await RawPeer.StartAsync();
        var holder = await nodes.ParticipantAsync("sqlite");
        var reader = await peer.ReadAsync(holder);
        using var http = new HttpClient();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = reader.Client.Share,
            ["client_secret"] = reader.Access.Token,
        });
        using var issued = await http.PostAsync(new Uri($"{reader.Client.Root}/token"), form, TestNode.Cancel);
        var token = JsonElement.Parse(await issued.Content.ReadAsStringAsync(TestNode.Cancel))
            .GetProperty("access_token").GetString();
        using var flight = new FlightCalls(holder.Node, token);
        var info = Assert.Single(await flight.ListAsync(holder.Id));
        Assert.Equal(3, (await flight.ReadAsync(FlightCalls.Ticket(info))).Sum(b => b.Length));
    }

    [Fact]
    public async Task A_version_that_was_promised_is_the_one_that_comes()
    {
        await using var peer = await RawPeer.StartAsync();
        var holder = await nodes.ParticipantAsync("sqlite");
        var reader = await peer.ReadAsync(holder);
        using var flight = new FlightCalls(holder.Node, reader.Access.Token);
        var before = await flight.InfoAsync(holder.Id, reader.Agreement);
        await holder.PublishAsync("id,city,who\n9,ORD,zoe\n");
        var after = await flight.InfoAsync(holder.Id, reader.Agreement);
        Assert.Equal((3, 1), (before.TotalRecords, after.TotalRecords));
        Assert.Equal(3, (await flight.ReadAsync(FlightCalls.Ticket(before))).Sum(b => b.Length));
        Assert.Equal(1, (await flight.ReadAsync(FlightCalls.Ticket(after))).Sum(b => b.Length));
    }

    [Fact]
    public async Task Types_come_as_they_are()
    {
        await using var peer = await RawPeer.StartAsync();
        var holder = await nodes.ParticipantAsync("sqlite");
        var reader = await peer.ReadAsync(
            holder, "d,t,n,b,x\n2026-01-02,2026-01-02 03:04:05,1.5,true,é\n2026-02-03,,2.25,false,\n");
        using var flight = new FlightCalls(holder.Node, reader.Access.Token);
        var info = await flight.InfoAsync(holder.Id, reader.Agreement);
        var batch = Assert.Single(await flight.ReadAsync(FlightCalls.Ticket(info)));
        Assert.Equal(
            [ArrowTypeId.Date32, ArrowTypeId.Timestamp, ArrowTypeId.Boolean, ArrowTypeId.String],
            new[] { "d", "t", "b", "x" }.Select(n => info.Schema.GetFieldByName(n).DataType.TypeId));
        Assert.Equal(new DateOnly(2026, 2, 3), ((Date32Array)batch.Column("d")).GetDateOnly(1));
        Assert.Equal([true, false], ((BooleanArray)batch.Column("b")).ToList().Select(v => v!.Value));
        Assert.Equal("é", ((StringArray)batch.Column("x")).GetString(0));
        Assert.True(batch.Column("t").IsNull(1));
    }

    [Fact]
    public async Task A_consumers_node_tells_where_to_read_so()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        var consumer = await nodes.AcrossAsync("sqlite");
        var agreement = await consumer.AgreeAsync(holder, await holder.PublishAsync(SharingWorld.Trips));
        var transfer = await consumer.TransferAsync(agreement);
        Assert.Equal(holder.Node.Flight, transfer.Flight);
        var node = JsonNode.Parse(await holder.Node.Http.GetStringAsync("node", TestNode.Cancel))!;
        Assert.Equal(holder.Node.Flight, new Uri((string)node["flight"]!));
    }

    private static (long Reads, long Bytes) Used(Millrace.Node.Api.Agreement agreement) =>
        (agreement.Reads, agreement.Bytes);
}
