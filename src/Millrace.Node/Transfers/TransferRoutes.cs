using Millrace.Protocol;
using Millrace.Protocol.Transfers;

namespace Millrace.Node.Transfers;

/// <summary>Where a transfer message goes: DSP 2025-1, transfer process, HTTPS binding.</summary>
internal static class TransferRoutes
{
    /// <summary>The URL below the peer's base; the peer's pid is escaped, for it may hold anything.</summary>
    public static Uri To(Transfer transfer, TransferMessage message)
    {
        var path = message switch
        {
            TransferRequest => "request",
            TransferStarted => Below(transfer, "start"),
            TransferSuspended => Below(transfer, "suspension"),
            TransferCompleted => Below(transfer, "completion"),
            TransferEnded => Below(transfer, "termination"),
            _ => throw new ArgumentException($"{message.GetType().Name} is an answer, not a request.", nameof(message)),
        };
        return At(transfer, path);
    }

    /// <summary>Where the peer answers for its state.</summary>
    public static Uri Of(Transfer transfer) => At(transfer, Pid(transfer));

    private static Uri At(Transfer transfer, string path) =>
        new($"{transfer.Callback.AbsoluteUri.TrimEnd('/')}/transfers/{path}");

    private static string Below(Transfer transfer, string path) => $"{Pid(transfer)}/{path}";

    private static string Pid(Transfer transfer) => Uri.EscapeDataString(Check.NotNull(transfer.PeerPid));
}
