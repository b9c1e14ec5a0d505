using Millrace.Protocol;
using Millrace.Protocol.Handling;
using Millrace.Protocol.Negotiations;
using Millrace.Protocol.Policies;
using Millrace.Protocol.Queries;

namespace Millrace.Node.Storage.Records;

/// <summary>A negotiation with what the protocol does not say of it.</summary>
/// <param name="Opened">
/// Who opened it with which pid, where the peer did: a repeat of its first message finds the same negotiation.
/// </param>
/// <param name="Manual">
/// Each step of ours is taken by a person; else only those in which something is left to decide.
/// </param>
/// <param name="Answered">Ids of the peer's newest messages that were accepted: a repeat gets the first answer.</param>
/// <param name="Refusal">Why it ended, where it did not end in an agreement.</param>
/// <param name="Declined">Ids of the peer's newest messages that were refused.</param>
/// <param name="Title">Of the product, as the provider's catalogue gave it when we asked for the offer.</param>
/// <param name="Decisions">What our written rule decided, round by round; null where no rule did.</param>
/// <param name="Query">How the product is called, where it is a query, as that catalogue said.</param>
/// <param name="Masks">What the provider masks whatever is agreed, as that catalogue said.</param>
public sealed record NegotiationRecord(
    Negotiation Process, string? Opened, bool Manual, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    IReadOnlyList<string> Answered, Refusal? Refusal, IReadOnlyList<string>? Declined = null,
    string? Title = null, IReadOnlyList<RuleDecisionRecord>? Decisions = null,
    QuerySignature? Query = null, IReadOnlyDictionary<string, Mask>? Masks = null)
{
    /// <summary>What the peer's newest messages were answered.</summary>
    public Answers Answers => new(Answered, Declined ?? []);

    /// <summary>The product that it is about.</summary>
    public string Dataset => Process.LastOffer.Offer.Target ?? "";

    /// <summary>
    /// It stands still until a person of ours takes a step. The other side's terms are for a person to decide: those
    /// that the offer itself or a written rule accepts were answered when they came.
    /// </summary>
    public bool Waits => Process.Turn == Process.Role &&
        (Manual || Process.State is NegotiationState.Requested or NegotiationState.Offered);

    /// <summary>The peer that opened it, while it goes on: it may have only so many open.</summary>
    public string? OpenWith => Opened is not null && !Process.IsFinal ? Process.Peer : null;

    public NegotiationRecord With(Answers answers) =>
        this with { Answered = answers.Accepted, Declined = answers.Refused };
}

/// <summary>What a written rule decided on a request, as it read then.</summary>
/// <param name="Round">The round of the request, from 1.</param>
/// <param name="Line">The path of the line that decided; empty where none could.</param>
/// <param name="Reason">
/// What a refusal told the other side; else why a person is asked although the line says otherwise.
/// </param>
/// <param name="Text">The line in words.</param>
/// <param name="Rule">The hash of the whole rule.</param>
public sealed record RuleDecisionRecord(
    int Round, string Line, RuleAct Act, string? Reason, string Text, string TextZh, string Rule);

/// <summary>What a provider's catalogue said of a product when we asked for its offer.</summary>
public sealed record CatalogueFacts(
    string? Title, QuerySignature? Query, IReadOnlyDictionary<string, Mask> Masks);
