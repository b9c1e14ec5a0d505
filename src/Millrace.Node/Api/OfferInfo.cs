using System.Text.Json;

namespace Millrace.Node.Api;

/// <summary>An offer: the policy, and the same in sentences.</summary>
/// <param name="Policy">The ODRL offer as it goes over the wire.</param>
/// <param name="Handling">
/// The holder's own: <c>accept</c> at once where the policy permits it, <c>ask</c> a person, who with <c>manual</c>
/// takes the further steps too, or a written <c>rule</c>.
/// </param>
/// <param name="Rule">The holder's own: the written rule, where one decides.</param>
/// <param name="RuleLines">The same in sentences.</param>
/// <param name="Visible">The holder's own: who sees the offer; null: everybody.</param>
/// <param name="VisibleLine">The same as a sentence.</param>
public sealed record OfferInfo(
    string Id, JsonElement Policy, IReadOnlyList<Term> Terms, string? Handling = null, JsonElement? Rule = null,
    IReadOnlyList<RuleLine>? RuleLines = null, JsonElement? Visible = null, RuleLine? VisibleLine = null);

/// <summary>One line of a written rule as a sentence.</summary>
/// <param name="Path"><c>lines[0]</c> and so on, the last one <c>otherwise</c>.</param>
/// <param name="TextZh">The same sentence in Chinese.</param>
public sealed record RuleLine(string Path, string Text, string TextZh);

/// <summary>The body of <c>POST offers</c>.</summary>
/// <param name="Handling"><c>accept</c> (the default), <c>ask</c>, <c>manual</c> or <c>rule</c>.</param>
/// <param name="Id">A chosen id; null: a fresh one.</param>
/// <param name="Rule">The written rule for <c>rule</c>, which is then the default; it is never sent to anybody.</param>
/// <param name="Visible">Who sees the offer: <c>{"when": […]}</c>; null: everybody. It is never sent either.</param>
public sealed record OfferDraft(
    JsonElement Policy, string? Handling = null, string? Id = null, JsonElement? Rule = null,
    JsonElement? Visible = null);

/// <summary>One rule of a policy as a sentence, with how far it reaches.</summary>
/// <param name="Path">
/// Where in the policy it stands; <c>holder.mask[card]</c> is no place in it: that holds whatever is agreed.
/// </param>
/// <param name="TextZh">The same sentence in Chinese.</param>
/// <param name="Reach">
/// Who sees to it: <c>provider</c> and <c>consumer</c> are enforced by technique on that side; <c>attested</c> is
/// promised under signature; <c>legal</c> binds by law alone.
/// </param>
public sealed record Term(string Path, string Text, string TextZh, string Reach);
