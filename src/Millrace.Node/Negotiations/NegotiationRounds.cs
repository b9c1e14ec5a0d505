using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Negotiations;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Negotiations;

/// <summary>The history of a negotiation for people: what each round changed, in sentences.</summary>
internal static class NegotiationRounds
{
    public static IReadOnlyList<NegotiationRound> Of(NegotiationRecord negotiation) =>
    [
        .. Of(negotiation.Process.Offers).Select((round, i) => round with
        {
            Decision = negotiation.Decisions?.LastOrDefault(d => d.Round == i + 1) is { } d
                ? new RuleDecision(
                    d.Act.ToString().ToLowerInvariant(), d.Line, d.Text, d.TextZh, d.Rule, d.Reason)
                : null,
        }),
    ];

    /// <param name="offers">What was laid on the table, in order.</param>
    public static IReadOnlyList<NegotiationRound> Of(IEnumerable<Proposal> offers)
    {
        var rounds = new List<NegotiationRound>();
        Policy? before = null;
        foreach (var (by, offer) in offers)
        {
            var changes = before is null ? [] : PolicyDifference.Between(before, offer);
            rounds.Add(new NegotiationRound(
                by.Name(), Shown.Policy(offer), Shown.Terms(offer),
                [.. changes.Where(c => c.Added).Select(c => Shown.Term(c.Term))],
                [.. changes.Where(c => !c.Added).Select(c => Shown.Term(c.Term))]));
            before = offer;
        }
        return rounds;
    }
}
