using System.Text.Json;

namespace Millrace.Node.Api;

/// <summary>An offer: the policy, and the same in sentences.</summary>
/// <param name="Policy">The ODRL offer as it goes over the wire.</param>
/// <param name="Handling">
/// The holder's own: <c>accept</c> at once where the policy permits it, or <c>ask</c> a person.
/// </param>
public sealed record OfferInfo(string Id, JsonElement Policy, IReadOnlyList<Term> Terms, string? Handling = null);

/// <summary>The body of <c>POST offers</c>.</summary>
/// <param name="Handling"><c>accept</c> (the default) or <c>ask</c>.</param>
/// <param name="Id">A chosen id; null: a fresh one.</param>
public sealed record OfferDraft(JsonElement Policy, string? Handling = null, string? Id = null);

/// <summary>One rule of a policy as a sentence, with how far it reaches.</summary>
/// <param name="Path">Where in the policy it stands.</param>
/// <param name="TextZh">The same sentence in Chinese.</param>
/// <param name="Reach">
/// Who sees to it: <c>provider</c> and <c>consumer</c> are enforced by technique on that side; <c>attested</c> is
/// promised under signature; <c>legal</c> binds by law alone.
/// </param>
public sealed record Term(string Path, string Text, string TextZh, string Reach);
