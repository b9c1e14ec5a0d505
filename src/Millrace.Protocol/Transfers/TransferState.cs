namespace Millrace.Protocol.Transfers;

/// <summary>The states of a transfer; both sides are in the same one, or one message apart.</summary>
public enum TransferState
{
    /// <summary>The consumer asked for access under an agreement.</summary>
    Requested,

    /// <summary>The data can be had.</summary>
    Started,

    /// <summary>The data cannot be had for now; either side may start again.</summary>
    Suspended,

    /// <summary>Final: all that was to be had was had.</summary>
    Completed,

    /// <summary>Final: ended early.</summary>
    Terminated,
}
