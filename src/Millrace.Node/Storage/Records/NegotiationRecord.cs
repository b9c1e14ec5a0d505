using Millrace.Protocol;
using Millrace.Protocol.Negotiations;

namespace Millrace.Node.Storage.Records;

/// <summary>A negotiation with what the protocol does not say of it.</summary>
/// <param name="Opened">
/// Who opened it with which pid, where the peer did: a repeat of its first message finds the same negotiation.
/// </param>
/// <param name="Manual">Each step of ours is taken by a person; else we answer as soon as it is our turn.</param>
/// <param name="Answered">Ids of the peer's newest messages that were accepted: a repeat gets the first answer.</param>
/// <param name="Refusal">Why it ended, where it did not end in an agreement.</param>
/// <param name="Declined">Ids of the peer's newest messages that were refused.</param>
/// <param name="Title">Of the product, as the provider's catalogue gave it when we asked for the offer.</param>
public sealed record NegotiationRecord(
    Negotiation Process, string? Opened, bool Manual, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    IReadOnlyList<string> Answered, Refusal? Refusal, IReadOnlyList<string>? Declined = null,
    string? Title = null)
{
    /// <summary>What the peer's newest messages were answered.</summary>
    public Answers Answers => new(Answered, Declined ?? []);

    /// <summary>The product that it is about.</summary>
    public string Dataset => Process.LastOffer.Offer.Target ?? "";

    /// <summary>
    /// It stands still until a person of ours takes a step. No program answers other terms than those it asked for or
    /// offered, also where the other steps are its own.
    /// </summary>
    public bool Waits => Process.Turn == Process.Role && (Manual || Process.State switch
    {
        NegotiationState.Offered => true,
        NegotiationState.Requested => Process.Offers.Count > 1,
        _ => false,
    });

    public NegotiationRecord With(Answers answers) =>
        this with { Answered = answers.Accepted, Declined = answers.Refused };
}
