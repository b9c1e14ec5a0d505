using System.Globalization;
using Apache.Arrow.Flight;
using Grpc.Core;
using Millrace.Node.Delivery;

namespace Millrace.Node.Flight;

/// <summary>
/// Tickets: sealed for one transfer, token, permission, plan and version, for a while. One opens nothing without the
/// token, and allows nothing: the gate is asked again whenever it is used.
/// </summary>
public sealed class FlightTickets(TextSeal seal, Clock clock)
{
    private const string Purpose = "flight ticket";

    public async Task<(FlightTicket Ticket, DateTimeOffset Until)> SealAsync(
        FlightReader reader, string? permission, GovernedFile view, CancellationToken cancel)
    {
        var transfer = reader.Access.Transfer;
        var end = clock.Now + clock.Limits.FlightTicketLifetime;
        var text = await seal.SealAsync(
            reader.Participant, Purpose,
            [
                transfer.Id, Recipients.Mark(transfer.Value), permission ?? "", view.Plan,
                view.Version.ToString(CultureInfo.InvariantCulture),
                end.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
            ],
            cancel);
        return (FlightReaders.Ticket(reader.Participant, text), end);
    }

    /// <summary>What a ticket was made for.</summary>
    /// <exception cref="RpcException">It is not one of this reader, was altered, or its time is over.</exception>
    public async Task<TicketHeld> OpenAsync(FlightReader reader, string sealedText, CancellationToken cancel)
    {
        if (await seal.OpenAsync(reader.Participant, Purpose, sealedText, 6, cancel) is not
            [var transfer, var mark, var permission, var plan, var version, var end] ||
            transfer != reader.Access.Transfer.Id)
        {
            throw FlightErrors.NotFound;
        }
        if (mark != Recipients.Mark(reader.Access.Transfer.Value))
            throw FlightErrors.Stale("This ticket belongs to a token that is no longer in force");
        if (clock.Now.ToUnixTimeMilliseconds() >= long.Parse(end, CultureInfo.InvariantCulture))
            throw FlightErrors.Stale("The time of this ticket is over");
        return new TicketHeld(
            permission.Length == 0 ? null : permission, plan, int.Parse(version, CultureInfo.InvariantCulture));
    }
}

/// <summary>What a ticket was made for.</summary>
/// <param name="Plan">The hash of the access plan that stood then.</param>
public sealed record TicketHeld(string? Permission, string Plan, int Version);
