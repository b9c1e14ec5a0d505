using Millrace.Node.Api;
using Millrace.Node.Commands.Nodes;

namespace Millrace.Node.Commands;

/// <summary>Asks for access under an agreement, and waits until it is given or refused.</summary>
internal static class TransferStart
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(60);

    /// <exception cref="CommandFailedException">It was not given, and why.</exception>
    public static async Task<Transfer> RunAsync(
        Run run, ParticipantClient me, TransferDraft draft, CancellationToken cancel)
    {
        var opened = await me.PostAsync(
            "transfers", draft, ApiJson.Wire.TransferDraft, ApiJson.Wire.Transfer, cancel);
        var transfer = (await run.Screen.WaitAsync("Starting the transfer", () => me.WaitAsync(
            $"transfers/{Uri.EscapeDataString(opened.Value.Id)}",
            ApiJson.Wire.Transfer, t => t.State is not "REQUESTED", Within, cancel))).Value;
        return transfer switch
        {
            { State: "STARTED" } => transfer,
            { Refusal: { } refusal } => throw CommandFailedException.Refused(
                refusal.Code, refusal.Reason, refusal.Rule),
            { State: "REQUESTED" } => throw CommandFailedException.Refused(
                "not-settled", "The provider has not answered yet; try again later."),
            _ => throw CommandFailedException.Refused(
                "not-started", $"The provider did not start the transfer; it is {transfer.State}."),
        };
    }
}
