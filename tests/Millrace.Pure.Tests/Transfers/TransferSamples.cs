using Millrace.Protocol;
using Millrace.Protocol.Transfers;
using static Millrace.Pure.Tests.OnTheWire.Samples;

namespace Millrace.Pure.Tests.Transfers;

internal static class TransferSamples
{
    public static readonly TransferRequest Request = new(
        "urn:uuid:t1", ConsumerPid, Agreement.Id, "HttpData-PULL", ConsumerBase, SignedPurpose: "jws");

    /// <summary>One of each message, all about the same transfer.</summary>
    public static readonly IReadOnlyDictionary<string, TransferMessage> Messages =
        new Dictionary<string, TransferMessage>
        {
            ["request"] = Request,
            ["started"] = new TransferStarted(null, ConsumerPid, ProviderPid, Address),
            ["completed"] = new TransferCompleted(null, ConsumerPid, ProviderPid),
            ["suspended"] = new TransferSuspended(null, ConsumerPid, ProviderPid, "2", ["Later."]),
            ["ended"] = new TransferEnded(null, ConsumerPid, ProviderPid, "1", ["Enough."]),
            ["status"] = new TransferStatus(null, ConsumerPid, ProviderPid, TransferState.Requested),
            ["refused"] = new TransferRefused(null, ConsumerPid, ProviderPid, null, []),
        };

    /// <summary>Seen from one side, when both pids are known.</summary>
    public static Transfer Opened(Role own) => own == Role.Provider
        ? Transfer.Open(Request, OfProvider, ProviderPid)
        : Transfer.Start(Request, OfConsumer, ProviderBase) with { PeerPid = ProviderPid };

    public static Transfer In(Role own, TransferState state) => Opened(own) with { State = state };
}
