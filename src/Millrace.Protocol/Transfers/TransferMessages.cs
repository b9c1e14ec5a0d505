namespace Millrace.Protocol.Transfers;

/// <summary>A message of a transfer (DSP 2025-1, transfer process protocol, message types).</summary>
/// <param name="Id">The message's own <c>@id</c>, by which a repeat is known; some peers send none.</param>
public abstract record TransferMessage(string? Id, string ConsumerPid) : Message
{
    /// <summary>The provider's name for the transfer; null only before the provider has answered.</summary>
    public abstract string? ProviderPid { get; }
}

/// <summary>Consumer: asks for access. A repeat changes nothing.</summary>
/// <param name="AgreementId">A finalized agreement between the two parties.</param>
/// <param name="Format">One of the formats that the distributions of the data set offer.</param>
/// <param name="CallbackAddress">Where the provider sends its messages; need not be that of the negotiation.</param>
/// <param name="DataAddress">Where to send the data, for a push format only.</param>
/// <param name="SignedPurpose">What the data is for, as a compact JWS of the consumer: an addition of ours.</param>
public sealed record TransferRequest(
    string? Id, string ConsumerPid, string AgreementId, string Format, Uri CallbackAddress,
    DataAddress? DataAddress = null, string? SignedPurpose = null) : TransferMessage(Id, ConsumerPid)
{
    public override string? ProviderPid => null;
}

/// <summary>Any message that names the transfer on both sides.</summary>
public abstract record TransferReply(string? Id, string ConsumerPid, string ProviderPid)
    : TransferMessage(Id, ConsumerPid)
{
    public override string ProviderPid { get; } = ProviderPid;
}

/// <summary>Provider: the data can be had now. Either: resumes a suspended transfer.</summary>
/// <param name="DataAddress">Where to fetch it; needed when a pull transfer starts.</param>
public sealed record TransferStarted(
    string? Id, string ConsumerPid, string ProviderPid, DataAddress? DataAddress = null)
    : TransferReply(Id, ConsumerPid, ProviderPid);

/// <summary>Either: no data for now.</summary>
public sealed record TransferSuspended(
    string? Id, string ConsumerPid, string ProviderPid, string? Code, IReadOnlyList<string> Reasons)
    : TransferReply(Id, ConsumerPid, ProviderPid);

/// <summary>Either: all data has been had.</summary>
public sealed record TransferCompleted(string? Id, string ConsumerPid, string ProviderPid)
    : TransferReply(Id, ConsumerPid, ProviderPid);

/// <summary>Either: no more data.</summary>
public sealed record TransferEnded(
    string? Id, string ConsumerPid, string ProviderPid, string? Code, IReadOnlyList<string> Reasons)
    : TransferReply(Id, ConsumerPid, ProviderPid);

/// <summary>Answer (<c>TransferProcess</c>): the state that the answering side is in.</summary>
public sealed record TransferStatus(string? Id, string ConsumerPid, string ProviderPid, TransferState State)
    : TransferReply(Id, ConsumerPid, ProviderPid);

/// <summary>
/// Answer (<c>TransferError</c>): the message was not accepted and changed nothing. The schema demands both pids even
/// when one is not known: use a fresh one.
/// </summary>
public sealed record TransferRefused(
    string? Id, string ConsumerPid, string ProviderPid, string? Code, IReadOnlyList<string> Reasons)
    : TransferReply(Id, ConsumerPid, ProviderPid);
