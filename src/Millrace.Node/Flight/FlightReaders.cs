using Apache.Arrow.Flight;
using Grpc.Core;
using Millrace.Node.Delivery;
using Millrace.Node.Identity;

namespace Millrace.Node.Flight;

/// <summary>
/// Finds out who calls, and of whose data. Each call names the participant and shows the token of a transfer, or an
/// access token had for it. Whoever shows none that opens something there is answered alike.
/// </summary>
/// <remarks>All methods throw <see cref="RpcException"/> where the call is not answered.</remarks>
public sealed class FlightReaders(LocalParticipants locals, Recipients recipients)
{
    private const char Between = '/';
    internal const string Form =
        "Name a flight by its path: the participant that holds the data, the agreement, and maybe the permission.";

    /// <summary>The caller of a list. Without criteria the only participant of the node is meant.</summary>
    public async Task<FlightReader> OfCriteriaAsync(FlightCriteria criteria, ServerCallContext call)
    {
        var named = criteria.Expression.ToStringUtf8();
        if (named.Length > 0)
            return await FindAsync(named, call);
        return await locals.ListAsync(call.CancellationToken) is [var only]
            ? await FindAsync(only.Id, call)
            : throw FlightErrors.Bad("Name, as the criteria, the participant that holds the data.");
    }

    /// <summary>The caller, and the permission that is named or null.</summary>
    public async Task<(FlightReader Reader, string? Permission)> OfPathAsync(
        FlightDescriptor descriptor, ServerCallContext call)
    {
        if (descriptor.Type != FlightDescriptorType.Path ||
            descriptor.Paths.ToList() is not [var participant, var agreement, .. { Count: < 2 } more])
        {
            throw FlightErrors.Bad(Form);
        }
        var reader = await FindAsync(participant, call);
        return reader.Access.Agreement.Id == agreement
            ? (reader, more is [var permission] ? permission : null)
            : throw FlightErrors.NotFound;
    }

    /// <summary>The caller, and what is sealed in the ticket.</summary>
    public async Task<(FlightReader Reader, string SealedText)> OfTicketAsync(
        FlightTicket ticket, ServerCallContext call) =>
        ticket.Ticket.ToStringUtf8().Split(Between, 2) is [var participant, var sealedText]
            ? (await FindAsync(participant, call), sealedText)
            : throw FlightErrors.Unknown;

    /// <summary>A ticket as <see cref="OfTicketAsync"/> takes it apart.</summary>
    public static FlightTicket Ticket(string participant, string sealedText) =>
        new($"{participant}{Between}{sealedText}");

    private async Task<FlightReader> FindAsync(string participant, ServerCallContext call)
    {
        var authorization = call.GetHttpContext().Request.Headers.Authorization;
        // A name of another form is no name, and what a database makes of it is nobody's business.
        return participant.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') &&
            await locals.FindAsync(participant, call.CancellationToken) is not null &&
            await recipients.FindAsync(participant, authorization, call.CancellationToken) is { } access
                ? new FlightReader(participant, access)
                : throw FlightErrors.Unknown;
    }
}

/// <summary>Who holds the token of a transfer.</summary>
/// <param name="Participant">Who holds the data.</param>
public sealed record FlightReader(string Participant, Access Access);
