using Millrace.Node.Api;
using Millrace.Node.Identity;
using Millrace.Node.Messaging;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Transfers;
using Transfer = Millrace.Protocol.Transfers.Transfer;

namespace Millrace.Node.Transfers;

/// <summary>The steps that a person takes in a transfer, or a program for them.</summary>
public sealed class TransferActs(Database database, TransferMoves moves, NodeAddress address, Ids ids)
{
    /// <summary>What may be done now, by the names of <see cref="TransferAct.Act"/>.</summary>
    public static IReadOnlyList<string> Open(Transfer process) => (process.Role, process.State) switch
    {
        (Role.Provider, TransferState.Requested) => ["start", "terminate"],
        (_, TransferState.Started) => ["suspend", "complete", "terminate"],
        (Role.Consumer, TransferState.Suspended) when process.IsHeld => ["terminate"],
        (_, TransferState.Suspended) => ["start", "terminate"],
        (_, TransferState.Requested) => ["terminate"],
        _ => [],
    };

    /// <summary>Takes a step in a unit of its own.</summary>
    /// <returns>The transfer after it, or a refusal: <c>not-found</c> where there is no such transfer.</returns>
    public Task<Decision<Api.Transfer>> RunAsync(
        string participant, string pid, TransferAct act, CancellationToken cancel) =>
        database.WriteAsync<Decision<Api.Transfer>>(
            async unit =>
            {
                if (await Tables.Transfers.FindAsync(unit, participant, pid, cancel) is not { } row)
                    return new Refusal("not-found", "There is no transfer of that name here.");
                return (await TakeAsync(unit, row, act, cancel)).Refused(out var refusal, out var next)
                    ? refusal
                    : TransferManagement.Shown(next.Value);
            },
            cancel);

    /// <summary>
    /// Takes a step: our message goes out in the same unit. A start or resumption brings a fresh token.
    /// </summary>
    public async Task<Decision<Stored<TransferRecord>>> TakeAsync(
        Unit unit, Stored<TransferRecord> row, TransferAct act, CancellationToken cancel)
    {
        var process = row.Value.Process;
        if (process.PeerPid is null)
            return new Refusal("peer-silent", "The other side has not answered yet: try again in a moment.");
        var (consumer, provider) = (Check.NotNull(process.ConsumerPid), Check.NotNull(process.ProviderPid));
        IReadOnlyList<string> reasons = act.Reason is { } reason ? [reason] : [];
        switch (act.Act)
        {
            case "start" when process.Role == Role.Provider:
                return await StartAsync(unit, row, cancel);
            case "start":
                return await moves.SendAsync(unit, row, new TransferStarted(ids.NewUrn(), consumer, provider), cancel);
            case "suspend":
                return await moves.SendAsync(
                    unit, row, new TransferSuspended(ids.NewUrn(), consumer, provider, act.Code, reasons), cancel);
            case "complete":
                return await moves.SendAsync(
                    unit, row, new TransferCompleted(ids.NewUrn(), consumer, provider), cancel);
            case "terminate":
                return await moves.SendAsync(
                    unit, row, new TransferEnded(ids.NewUrn(), consumer, provider, act.Code, reasons), cancel);
            default:
                return new Refusal(
                    "bad-act", $"There is no such step now. Open to the {process.Role.Name()}: "
                    + $"{string.Join(", ", Open(process))}.");
        }
    }

    /// <summary>
    /// Provider: starts or resumes. Of the token only its hash stays here; an older one opens nothing.
    /// </summary>
    public async Task<Decision<Stored<TransferRecord>>> StartAsync(
        Unit unit, Stored<TransferRecord> row, CancellationToken cancel)
    {
        var token = DataToken.New();
        var endpoint = address.Data(row.Participant, row.Id);
        row = row.With(row.Value with
        {
            TokenHash = Convert.ToHexStringLower(DataToken.Hash(token)),
            Endpoint = endpoint,
            Flight = address.Flight,
        });
        var process = row.Value.Process;
        var data = DataAddress.Http(endpoint, token);
        List<EndpointProperty> ways =
            [new(EndpointProperty.DeltaSharing, address.Sharing(row.Participant).AbsoluteUri)];
        if (address.Flight is { } flight)
            ways.Add(new(EndpointProperty.ArrowFlight, flight.AbsoluteUri));
        if (process.Format == DataFormats.HttpPull) // A query is called: there is no table to be had in other ways.
            data = data with { Properties = [.. data.Properties, .. ways] };
        return await moves.SendAsync(
            unit, row,
            new TransferStarted(ids.NewUrn(), Check.NotNull(process.ConsumerPid), process.OwnPid, data), cancel);
    }
}
