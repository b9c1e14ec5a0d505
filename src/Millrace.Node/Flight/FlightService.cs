using Apache.Arrow;
using Apache.Arrow.Flight;
using Apache.Arrow.Flight.Server;
using Grpc.Core;

namespace Millrace.Node.Flight;

/// <summary>
/// The Arrow Flight service. A flight is the governed view of an agreement; its path names the participant that holds
/// the data, the agreement, and where several could hold, the permission. Nothing is put in, and there are no actions.
/// </summary>
public sealed class FlightService(FlightReaders readers, Flights flights, FlightSender sender) : FlightServer
{
    /// <summary>What the caller may read now. The criteria name the participant that holds the data.</summary>
    public override async Task ListFlights(
        FlightCriteria request, IAsyncStreamWriter<FlightInfo> responseStream, ServerCallContext context)
    {
        var reader = await readers.OfCriteriaAsync(request, context);
        foreach (var info in await flights.ListAsync(reader, context.CancellationToken))
            await responseStream.WriteAsync(info);
    }

    public override async Task<FlightInfo> GetFlightInfo(FlightDescriptor request, ServerCallContext context)
    {
        var (reader, permission) = await readers.OfPathAsync(request, context);
        return await flights.InfoAsync(reader, permission, context.CancellationToken);
    }

    public override async Task<Schema> GetSchema(FlightDescriptor request, ServerCallContext context)
    {
        var (reader, permission) = await readers.OfPathAsync(request, context);
        return await flights.SchemaAsync(reader, permission, context.CancellationToken);
    }

    /// <summary>One read of the view that a ticket was made for.</summary>
    public override async Task DoGet(
        FlightTicket ticket, FlightServerRecordBatchStreamWriter responseStream, ServerCallContext context)
    {
        var (reader, sealedText) = await readers.OfTicketAsync(ticket, context);
        var (view, wish) = await flights.OpenAsync(reader, sealedText, context.CancellationToken);
        using var held = view;
        await sender.SendAsync(reader, view, wish, responseStream, context);
    }

    public override Task DoPut(
        FlightServerRecordBatchStreamReader requestStream, IAsyncStreamWriter<FlightPutResult> responseStream,
        ServerCallContext context) => throw FlightErrors.Unimplemented;

    public override Task DoExchange(
        FlightServerRecordBatchStreamReader requestStream, FlightServerRecordBatchStreamWriter responseStream,
        ServerCallContext context) => throw FlightErrors.Unimplemented;

    public override Task DoAction(
        FlightAction request, IAsyncStreamWriter<FlightResult> responseStream, ServerCallContext context) =>
        throw FlightErrors.Unimplemented;

    public override Task ListActions(
        IAsyncStreamWriter<FlightActionType> responseStream, ServerCallContext context) =>
        throw FlightErrors.Unimplemented;

    public override Task Handshake(
        IAsyncStreamReader<FlightHandshakeRequest> requestStream,
        IAsyncStreamWriter<FlightHandshakeResponse> responseStream, ServerCallContext context) =>
        throw FlightErrors.Unimplemented;
}
