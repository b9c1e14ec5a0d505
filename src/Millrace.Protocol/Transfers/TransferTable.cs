using static Millrace.Protocol.Role;
using static Millrace.Protocol.Transfers.TransferState;

namespace Millrace.Protocol.Transfers;

/// <summary>The arrows of the state diagram (DSP 2025-1, transfer process protocol, state machine).</summary>
internal static class TransferTable
{
    /// <summary>Where a message leads, or null if this side may not send it in this state.</summary>
    public static TransferState? Next(TransferState from, Role sender, TransferMessage message) =>
        (from, sender, message) switch
        {
            // Only the provider starts; who resumes is open here, whoever suspended (but see Transfer.IsHeld).
            (Requested, Provider, TransferStarted) => Started,
            (Suspended, _, TransferStarted) => Started,
            (Started, _, TransferCompleted) => Completed,
            (Started, _, TransferSuspended) => Suspended,
            (not (Completed or Terminated), _, TransferEnded) => Terminated,
            _ => null,
        };
}
