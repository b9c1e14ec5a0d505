using System.Net;
using System.Text;
using Apache.Arrow.Flight;
using Grpc.Core;
using Millrace.Node.Hosting;
using Millrace.Tests.Nodes;
using Millrace.Tests.Sharing;

namespace Millrace.Tests.Flight;

/// <summary>What Arrow Flight does not give, and how it says so.</summary>
public sealed class FlightRefusalTests(TwoNodes nodes)
{
    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Strangers_are_answered_alike_and_learn_nothing(string database)
    {
        await using var peer = await RawPeer.StartAsync();
        var holder = await nodes.ParticipantAsync(database);
        var other = await nodes.ParticipantAsync(database);
        var reader = await peer.ReadAsync(holder);
        var others = await peer.ReadAsync(other);
        using var flight = new FlightCalls(holder.Node, reader.Access.Token);
        using var tokenless = flight.With(null);
        using var stranger = flight.With("nobody");
        using var foreign = flight.With(others.Access.Token);
        var ticket = FlightCalls.Ticket(await flight.InfoAsync(holder.Id, reader.Agreement));

        Func<Task>[] calls =
        [
            .. new[] { tokenless, stranger, foreign }.SelectMany(f => new Func<Task>[]
            {
                () => f.ListAsync(holder.Id),
                () => f.InfoAsync(holder.Id, reader.Agreement),
                () => f.InfoAsync(holder.Id, "no-such-agreement"),
                () => f.SchemaAsync(holder.Id, reader.Agreement),
                () => f.ReadAsync(ticket),
            }),
            () => flight.ListAsync("nobody-here"),
            () => flight.ListAsync("a\0b"),
            () => flight.InfoAsync("nobody-here", reader.Agreement),
            () => flight.InfoAsync(other.Id, others.Agreement),
            () => flight.ReadAsync(new FlightTicket("nobody-here/x.y")),
            () => flight.ReadAsync(new FlightTicket("x")),
            () => flight.ReadAsync(new FlightTicket([0xff, 0xfe, 0])),
        ];
        foreach (var call in calls)
            Assert.Equal(
                (StatusCode.Unauthenticated, "Send the token of a running transfer: authorization: Bearer <token>."),
                await FlightCalls.FailedAsync(call));
        Assert.Equal(0, (await holder.AgreementAsync(reader.Agreement)).Reads);
    }

    [Fact]
    public async Task A_token_opens_its_own_agreement_only()
    {
        await using var peer = await RawPeer.StartAsync();
        var holder = await nodes.ParticipantAsync("sqlite");
        var reader = await peer.ReadAsync(holder);
        var second = await peer.ReadAsync(holder, name: "rides");
        using var flight = new FlightCalls(holder.Node, reader.Access.Token);
        using var twin = flight.With(second.Access.Token);
        var ticket = FlightCalls.Ticket(await twin.InfoAsync(holder.Id, second.Agreement));
        foreach (var call in new Func<Task>[]
        {
            () => flight.InfoAsync(holder.Id, second.Agreement), () => flight.SchemaAsync(holder.Id, second.Agreement),
            () => flight.InfoAsync(holder.Id, "no-such-agreement"), () => flight.ReadAsync(ticket),
        })
        {
            Assert.Equal(
                (StatusCode.NotFound, "Your token opens no such flight: list the flights to see what it opens."),
                await FlightCalls.FailedAsync(call));
        }
        Assert.Equal(0, (await holder.AgreementAsync(second.Agreement)).Reads);
    }

    [Fact]
    public async Task A_ticket_that_was_altered_leads_nowhere()
    {
        await using var peer = await RawPeer.StartAsync();
        var holder = await nodes.ParticipantAsync("sqlite");
        var reader = await peer.ReadAsync(holder);
        using var flight = new FlightCalls(holder.Node, reader.Access.Token);
        var ticket = FlightCalls.Ticket(await flight.InfoAsync(holder.Id, reader.Agreement)).Ticket.ToByteArray();
        var start = holder.Id.Length + 1;
        for (var i = start; i < ticket.Length; i += 7)
        {
            var altered = (byte[])ticket.Clone();
            altered[i] = altered[i] == (byte)'A' ? (byte)'B' : (byte)'A';
            var (code, _) = await FlightCalls.FailedAsync(() => flight.ReadAsync(new FlightTicket(altered)));
            Assert.Equal(StatusCode.NotFound, code);
        }
        Assert.Equal(0, (await holder.AgreementAsync(reader.Agreement)).Reads);
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Reads_that_are_used_up_are_refused_with_the_rule_and_logged(string database)
    {
        await using var peer = await RawPeer.StartAsync();
        var holder = await nodes.ParticipantAsync(database);
        var reader = await peer.ReadAsync(holder, offer: Odrl.Offer(Odrl.Count(1)));
        using var flight = new FlightCalls(holder.Node, reader.Access.Token);
        var ticket = FlightCalls.Ticket(await flight.InfoAsync(holder.Id, reader.Agreement));
        await flight.ReadAsync(ticket);

        foreach (var call in new Func<Task>[]
        {
            () => flight.ReadAsync(ticket), () => flight.InfoAsync(holder.Id, reader.Agreement),
            () => flight.ListAsync(holder.Id),
        })
        {
            var (code, detail) = await FlightCalls.FailedAsync(call);
            Assert.Equal(StatusCode.PermissionDenied, code);
            Assert.EndsWith("(count-used-up, rule permission[0].constraint[0])", detail, StringComparison.Ordinal);
        }
        Assert.Equal(1, (await holder.AgreementAsync(reader.Agreement)).Reads);
        Assert.Equal(3, (await holder.EvidenceAsync("read-refused")).Count);
    }

    [Fact]
    public async Task A_contract_for_queries_only_gives_no_flight()
    {
        await using var peer = await RawPeer.StartAsync();
        var holder = await nodes.ParticipantAsync("sqlite");
        var reader = await peer.ReadAsync(
            holder, offer: Odrl.Offer(Odrl.Constraint("https://millrace.dev/odrl/environment", "eq", "query")));
        using var flight = new FlightCalls(holder.Node, reader.Access.Token);
        foreach (var call in new Func<Task>[]
        {
            () => flight.ListAsync(holder.Id), () => flight.InfoAsync(holder.Id, reader.Agreement),
            () => flight.SchemaAsync(holder.Id, reader.Agreement),
        })
        {
            var (code, detail) = await FlightCalls.FailedAsync(call);
            Assert.Equal(StatusCode.PermissionDenied, code);
            Assert.Contains("rule permission[0].constraint[0]", detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_breaks_in_the_node_is_told_without_what_it_was()
    {
        await using var peer = await RawPeer.StartAsync();
        var holder = await nodes.ParticipantAsync("sqlite");
        var reader = await peer.ReadAsync(holder, $"id,{holder.Id}\n1,alice\n");
        var hash = Assert.Single(reader.Product.Latest.Files).Sha256;
        var path = Path.Combine(holder.Node.Options.DataFolder, "objects", hash[..2], hash);
        using var flight = new FlightCalls(holder.Node, reader.Access.Token);

        await File.WriteAllTextAsync(path, "alice", TestNode.Cancel);
        var (code, detail) = await FlightCalls.FailedAsync(() => flight.InfoAsync(holder.Id, reader.Agreement));
        Assert.Equal(StatusCode.Internal, code);
        Assert.DoesNotContain("alice", detail, StringComparison.Ordinal);
        Assert.DoesNotContain(hash, detail, StringComparison.Ordinal);

        File.Delete(path);
        Assert.Equal(
            (StatusCode.Internal,
                "The data of this version are not in the store as they should be: tell the provider."),
            await FlightCalls.FailedAsync(() => flight.InfoAsync(holder.Id, reader.Agreement)));
        Assert.Equal(0, (await holder.AgreementAsync(reader.Agreement)).Reads);
    }

    [Fact]
    public async Task What_is_not_a_path_of_a_flight_is_answered_with_its_form()
    {
        await using var peer = await RawPeer.StartAsync();
        var holder = await nodes.ParticipantAsync("sqlite");
        var reader = await peer.ReadAsync(holder);
        using var flight = new FlightCalls(holder.Node, reader.Access.Token);
        foreach (var descriptor in new[]
        {
            FlightDescriptor.CreatePathDescriptor(holder.Id), FlightDescriptor.CreateCommandDescriptor("SELECT 1"),
            FlightDescriptor.CreatePathDescriptor(holder.Id, reader.Agreement, "permission[0]", "x"),
        })
        {
            var (code, detail) = await FlightCalls.FailedAsync(
                async () => await flight.Client.GetInfo(descriptor, flight.Headers));
            Assert.Equal(StatusCode.InvalidArgument, code);
            Assert.StartsWith("Name a flight by its path", detail, StringComparison.Ordinal);
        }
        foreach (var name in (string[])["GetFlightInfo", "GetSchema"])
        {
            var (code, detail) = await FlightCalls.FailedAsync(() => flight.EmptyAsync(name));
            Assert.Equal(StatusCode.InvalidArgument, code);
            Assert.StartsWith("Name a flight by its path", detail, StringComparison.Ordinal);
        }
        // Many participants are on this node: nobody is meant.
        var (unnamed, _) = await FlightCalls.FailedAsync(() => flight.ListAsync(""));
        Assert.Equal(StatusCode.InvalidArgument, unnamed);
        var (large, _) = await FlightCalls.FailedAsync(
            () => flight.InfoAsync(holder.Id, new string('x', holder.Node.Options.Limits.FlightRequestBytesMax)));
        Assert.Equal(StatusCode.ResourceExhausted, large);
    }

    [Fact]
    public async Task Flights_are_only_read()
    {
        var node = await nodes.OnAsync("sqlite");
        using var flight = new FlightCalls(node, "any");
        var descriptor = FlightDescriptor.CreatePathDescriptor("holder", "x");
        foreach (var call in new Func<Task>[]
        {
            async () =>
            {
                // Without a schema: this library calls a write "Cancelled" that the refusal overtakes.
                using var put = flight.Client.StartPut(descriptor, flight.Headers);
                await put.ResponseStream.MoveNext(TestNode.Cancel);
            },
            async () =>
            {
                using var exchange = flight.Client.DoExchange(descriptor, flight.Headers);
                await exchange.ResponseStream.MoveNext(TestNode.Cancel);
            },
            async () =>
            {
                using var act = flight.Client.DoAction(new FlightAction("CancelFlightInfo"), flight.Headers);
                await act.ResponseStream.MoveNext(TestNode.Cancel);
            },
            async () =>
            {
                using var acts = flight.Client.ListActions(flight.Headers);
                await acts.ResponseStream.MoveNext(TestNode.Cancel);
            },
            async () =>
            {
                using var shake = flight.Client.Handshake(flight.Headers);
                await shake.ResponseStream.MoveNext(TestNode.Cancel);
            },
        })
        {
            Assert.Equal(StatusCode.Unimplemented, (await FlightCalls.FailedAsync(call)).Code);
        }
    }

    [Fact]
    public async Task Each_port_answers_only_what_is_its_own()
    {
        var node = await nodes.OnAsync("sqlite");
        using var http = new HttpClient();
        using var wrong = new HttpRequestMessage(HttpMethod.Get, $"http://{node.Flight.Authority}/healthz")
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var answer = await http.SendAsync(wrong, TestNode.Cancel);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        using var old = await http.GetAsync(new Uri($"http://{node.Flight.Authority}/healthz"), TestNode.Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, old.StatusCode); // HTTP/1.1 is not spoken there.

        using var call = new ByteArrayContent([0, 0, 0, 0, 0]);
        call.Headers.ContentType = new("application/grpc");
        using var other = await http.PostAsync(
            new Uri(node.Address, "arrow.flight.protocol.FlightService/ListFlights"), call, TestNode.Cancel);
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }

    [Fact]
    public async Task A_node_that_is_not_told_to_does_not_serve_it()
    {
        await using var node = await TestNode.StartAsync(new NodeOptions
        {
            DataFolder = "",
            Listen = new Uri("http://127.0.0.1:0"),
            AllowPrivatePeers = true,
        });
        Assert.Null(node.Flight);
        var about = await node.Http.GetStringAsync("node", TestNode.Cancel);
        Assert.DoesNotContain("flight", about, StringComparison.Ordinal);
        await using var peer = await RawPeer.StartAsync();
        var holder = await node.AddAsync("holder");
        var agreement = await peer.AgreeAsync(holder, await holder.PublishAsync(SharingWorld.Trips));
        var asking = peer.Asking(agreement);
        using var asked = await peer.PostAsync(holder, "transfers/request", asking);
        var started = await peer.ReceiveAsync($"{asking.ConsumerPid}/start");
        Assert.DoesNotContain("arrowFlight", Encoding.UTF8.GetString(started.Body), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, "must be a number up to 65535")]
    [InlineData(65536, "must be a number up to 65535")]
    [InlineData(8080, "must be another port than that of --listen")]
    public void A_port_that_cannot_be_is_refused_at_the_start(int port, string sentence)
    {
        var options = new NodeOptions { DataFolder = "x", FlightPort = port };
        Assert.Contains(sentence, Assert.Single(options.Errors()), StringComparison.Ordinal);
    }
}
