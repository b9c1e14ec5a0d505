using Millrace.Protocol;
using Millrace.Protocol.Policies;
using Millrace.Protocol.Transfers;

namespace Millrace.Node.Storage.Records;

/// <summary>A transfer with what the protocol does not say of it.</summary>
/// <param name="Opened">
/// Who opened it with which pid, where the peer did: a repeat of its first message finds the same transfer.
/// </param>
/// <param name="Purpose">What the consumer signed, or null where no purpose was given.</param>
/// <param name="TokenHash">The provider's: the SHA-256 of the token that opens the data endpoint.</param>
/// <param name="SealedToken">The consumer's: the token, encrypted under the node's master key.</param>
/// <param name="Answered">Ids of the peer's newest messages that were accepted: a repeat gets the first answer.</param>
/// <param name="Claims">
/// The provider's: what was known of the consumer when it began or went on, where the terms ask. Seat and field stay.
/// </param>
/// <param name="Declined">Ids of the peer's newest messages that were refused.</param>
/// <param name="Sharing">The consumer's: where the provider serves Delta Sharing, if it does.</param>
/// <param name="Flight">Where the provider serves Arrow Flight, if it does.</param>
public sealed record TransferRecord(
    Transfer Process, string? Opened, PurposeRecord? Purpose, string? TokenHash, Uri? Endpoint, string? SealedToken,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, IReadOnlyList<string> Answered, Refusal? Refusal,
    IReadOnlyList<string>? Declined = null, Claims? Claims = null, Uri? Sharing = null, Uri? Flight = null)
{
    /// <summary>What the peer's newest messages were answered.</summary>
    public Answers Answers => new(Answered, Declined ?? []);

    public TransferRecord With(Answers answers) =>
        this with { Answered = answers.Accepted, Declined = answers.Refused };
}

/// <summary>A purpose that the consumer signed for one transfer.</summary>
/// <param name="Purpose">An IRI of the space's taxonomy.</param>
/// <param name="Statement">What was signed: a compact JWS.</param>
public sealed record PurposeRecord(string Purpose, string Project, string Statement);
