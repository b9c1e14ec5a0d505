using Millrace.Node.Api;
using Millrace.Node.Messaging;
using Millrace.Node.Storage;
using Millrace.Protocol;
using Millrace.Protocol.Transfers;
using Transfer = Millrace.Node.Api.Transfer;

namespace Millrace.Node.Transfers;

/// <summary>A whole call of a query for a person: asks for access, fetches the answer, gives the access back.</summary>
public sealed class QueryCalls(
    TransferStarts starts, TransferActs acts, DataRelay relay, Database database, Signal signal)
{
    /// <summary>Calls the query of an agreement; each call is a read that counts.</summary>
    /// <returns>The answer as CSV in UTF-8, or why there is none.</returns>
    public async Task<Decision<byte[]>> RunAsync(
        string participant, string agreement, string? purpose, string? project, CallDraft call,
        CancellationToken cancel)
    {
        var limits = Limits.Default;
        var draft = new TransferDraft(agreement, purpose, project, Format: DataFormats.HttpCall);
        if ((await starts.LocateAsync(participant, draft, cancel)).Refused(out var refusal, out var provider)
            || (await starts.AskAsync(participant, provider, draft, cancel)).Refused(out refusal, out var asked))
        {
            return refusal;
        }
        var row = await signal.WaitAsync(
            participant, asked.Id,
            () => database.ReadAsync(s => Tables.Transfers.FindAsync(s, participant, asked.Id, cancel), cancel),
            r => r?.Value.Process.State != TransferState.Requested, limits.CallWait, cancel);
        var transfer = TransferManagement.Shown(Check.NotNull(row).Value);
        if (transfer is not { State: "STARTED" })
            return Unstarted(transfer);
        var answer = await relay.FetchAsync(
            participant, transfer.Id, endpoint => TransferData.Call(endpoint, call, "csv"), limits.CallBytesMax,
            cancel);
        // It stays open where the provider cannot be told: that costs nothing.
        await acts.RunAsync(participant, transfer.Id, new TransferAct("complete"), cancel);
        return answer;
    }

    private static Refusal Unstarted(Transfer transfer) =>
        transfer.Refusal is { } told
            ? new Refusal(told.Code, told.Reason, told.Rule)
            : new Refusal(
                "not-started",
                "The provider has not given access yet: it may ask a person. Look under transfers, or try later.");
}
