using Apache.Arrow;
using Apache.Arrow.Flight;
using Apache.Arrow.Flight.Client;
using Grpc.Core;
using Grpc.Net.Client;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Flight;

/// <summary>The Flight client of Apache Arrow for .NET, as a test drives it.</summary>
internal sealed class FlightCalls(TestNode node, string? token) : IDisposable
{
    private readonly GrpcChannel _channel = GrpcChannel.ForAddress($"http://{node.Flight.Authority}");

    public FlightClient Client => new(_channel);

    public Metadata Headers => token is null ? [] : new Metadata { { "authorization", $"Bearer {token}" } };

    public FlightCalls With(string? other) => new(node, other);

    public async Task<List<FlightInfo>> ListAsync(string participant)
    {
        using var call = Client.ListFlights(
            new FlightCriteria(participant), Headers, null, TestNode.Cancel);
        var infos = new List<FlightInfo>();
        while (await call.ResponseStream.MoveNext(TestNode.Cancel))
            infos.Add(call.ResponseStream.Current);
        return infos;
    }

    public async Task<FlightInfo> InfoAsync(params string[] path) =>
        await Client.GetInfo(FlightDescriptor.CreatePathDescriptor(path), Headers, null, TestNode.Cancel);

    public async Task<Schema> SchemaAsync(params string[] path) =>
        await Client.GetSchema(FlightDescriptor.CreatePathDescriptor(path), Headers, null, TestNode.Cancel);

    public FlightRecordBatchStreamingCall Get(FlightTicket ticket) =>
        Client.GetStream(ticket, Headers, null, TestNode.Cancel);

    /// <summary>A call whose request has nothing in it, which clients of Arrow do not send.</summary>
    public async Task EmptyAsync(string name)
    {
        var bytes = Marshallers.Create<byte[]>(b => b, b => b);
        var method = new Method<byte[], byte[]>(
            MethodType.Unary, "arrow.flight.protocol.FlightService", name, bytes, bytes);
        await _channel.CreateCallInvoker().AsyncUnaryCall(
            method, null, new CallOptions(Headers, cancellationToken: TestNode.Cancel), []);
    }

    /// <summary>All that a ticket leads to.</summary>
    public async Task<List<RecordBatch>> ReadAsync(FlightTicket ticket)
    {
        using var call = Get(ticket);
        var batches = new List<RecordBatch>();
        while (await call.ResponseStream.MoveNext(TestNode.Cancel))
            batches.Add(call.ResponseStream.Current);
        return batches;
    }

    /// <summary>The one ticket of a flight, which is used where it was had.</summary>
    public static FlightTicket Ticket(FlightInfo info)
    {
        var endpoint = Assert.Single(info.Endpoints);
        Assert.Empty(endpoint.Locations);
        return endpoint.Ticket;
    }

    /// <summary>The status and sentence of a call that must fail.</summary>
    public static async Task<(StatusCode Code, string Detail)> FailedAsync(Func<Task> call)
    {
        var thrown = await Assert.ThrowsAsync<RpcException>(call);
        return (thrown.StatusCode, thrown.Status.Detail);
    }

    public void Dispose() => _channel.Dispose();
}
