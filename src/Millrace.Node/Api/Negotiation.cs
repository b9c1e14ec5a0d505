using System.Text.Json;

namespace Millrace.Node.Api;

/// <summary>A negotiation as one of its sides sees it.</summary>
/// <param name="Role">Ours: <c>consumer</c> or <c>provider</c>.</param>
/// <param name="Peer">The DID of the other side.</param>
/// <param name="State">As in DSP 2025-1: <c>REQUESTED</c>, …, <c>FINALIZED</c>, <c>TERMINATED</c>.</param>
/// <param name="Agreement">The id of the agreement once there is one.</param>
/// <param name="Manual">Our steps are taken by a person.</param>
/// <param name="Acts">What we may do now: see <see cref="NegotiationAct"/>.</param>
/// <param name="Waits">It stands still until a person of ours takes a step.</param>
/// <param name="Turn">Whose step is next: <c>consumer</c> or <c>provider</c>; null where it has ended.</param>
/// <param name="Title">Of the product, where a negotiation is looked at and it is known here.</param>
public sealed record Negotiation(
    string Id,
    string Role,
    string Peer,
    string State,
    string Offer,
    string Dataset,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string? Agreement = null,
    RefusalInfo? Refusal = null,
    bool Manual = false,
    IReadOnlyList<string>? Acts = null,
    bool Waits = false,
    string? Turn = null,
    string? Title = null);

/// <summary>The body of <c>POST negotiations</c>.</summary>
/// <param name="Provider">The DID of the participant who offers it.</param>
/// <param name="Policy">
/// The offer itself, with <paramref name="Address"/>, where it was not found in a catalogue; or other terms than the
/// offer's, to be proposed to the provider.
/// </param>
/// <param name="Address">The base address of the provider's protocol endpoints, where no catalogue is asked.</param>
/// <param name="Manual">Our further steps wait for a person.</param>
/// <param name="Acceptance">For terms that the node cannot keep by itself.</param>
public sealed record NegotiationDraft(
    string Provider, string Dataset, string Offer, JsonElement? Policy = null, Uri? Address = null, bool Manual = false,
    TermAcceptance? Acceptance = null);

/// <summary>
/// Terms of a foreign offer that the node cannot keep by itself, accepted by a person one by one as obligations of the
/// organisation. Who, when and which is logged.
/// </summary>
/// <param name="Person">Who accepts, by name.</param>
/// <param name="Paths">The paths of the terms, such as <c>permission[0].constraint[1]</c>.</param>
public sealed record TermAcceptance(string Person, IReadOnlyList<string> Paths);

/// <summary>The body of <c>POST negotiations/{id}/acts</c>: a step that a person takes.</summary>
/// <param name="Act">
/// Provider: <c>offer</c>, <c>agree</c>, <c>finalize</c>. Consumer: <c>counter</c>, <c>accept</c>, <c>verify</c>.
/// Either: <c>terminate</c>.
/// </param>
/// <param name="Policy">The terms of <c>offer</c> and <c>counter</c>; null repeats those on the table.</param>
/// <param name="Code">For <c>terminate</c>: a short word for programs.</param>
/// <param name="Reason">For <c>terminate</c>: a sentence for people.</param>
/// <param name="Acceptance">For <c>accept</c> and <c>counter</c>: terms that the node cannot keep by itself.</param>
/// <param name="Rounds">How many rounds the person has seen: where there are others by now, nothing is done.</param>
public sealed record NegotiationAct(
    string Act, JsonElement? Policy = null, string? Code = null, string? Reason = null,
    TermAcceptance? Acceptance = null, int? Rounds = null);

/// <summary>The body of <c>POST negotiations/offers</c>: we, as provider, make somebody an offer.</summary>
/// <param name="Consumer">The DID of who gets it.</param>
/// <param name="Offer">One of our offers for the product.</param>
/// <param name="Policy">Other terms than that offer's, for this consumer.</param>
/// <param name="Address">The base address of the consumer's protocol endpoints; null: found by the DID.</param>
public sealed record OfferToDraft(
    string Consumer, string Dataset, string Offer, JsonElement? Policy = null, Uri? Address = null);

/// <summary>A round of a negotiation: who laid which terms on the table.</summary>
/// <param name="By"><c>consumer</c> or <c>provider</c>.</param>
/// <param name="Added">Sentences that the round before did not have.</param>
/// <param name="Removed">Sentences of the round before that are gone.</param>
/// <param name="Decision">What our written rule said to it; null where none decided.</param>
public sealed record NegotiationRound(
    string By, JsonElement Policy, IReadOnlyList<Term> Terms, IReadOnlyList<Term> Added, IReadOnlyList<Term> Removed,
    RuleDecision? Decision = null);

/// <summary>What our written rule decided on a request.</summary>
/// <param name="Outcome"><c>accept</c>, <c>ask</c> or <c>refuse</c>.</param>
/// <param name="Line">The line that decided, such as <c>lines[0]</c>; empty where none could.</param>
/// <param name="Text">The line in words.</param>
/// <param name="TextZh">The same in Chinese.</param>
/// <param name="Rule">The hash of the rule as it was then.</param>
/// <param name="Reason">
/// What a refusal told the other side; else why a person is asked although the line says otherwise.
/// </param>
public sealed record RuleDecision(
    string Outcome, string Line, string Text, string TextZh, string Rule, string? Reason = null);
