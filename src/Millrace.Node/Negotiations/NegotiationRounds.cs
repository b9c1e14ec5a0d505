using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Protocol;
using Millrace.Protocol.Negotiations;

namespace Millrace.Node.Negotiations;

/// <summary>The history of a negotiation for people: what each round changed, in sentences.</summary>
internal static class NegotiationRounds
{
    /// <param name="offers">What was laid on the table, in order.</param>
    public static IReadOnlyList<NegotiationRound> Of(IEnumerable<Proposal> offers)
    {
        var rounds = new List<NegotiationRound>();
        IReadOnlyList<Term> before = [];
        foreach (var (by, offer) in offers)
        {
            var terms = Shown.Terms(offer);
            rounds.Add(new NegotiationRound(
                by == Role.Consumer ? "consumer" : "provider", Shown.Policy(offer), terms,
                rounds.Count == 0 ? [] : Missing(terms, before), Missing(before, terms)));
            before = terms;
        }
        return rounds;
    }

    /// <summary>Sentences of one side that the other lacks; a sentence counts as often as it is said.</summary>
    private static List<Term> Missing(IReadOnlyList<Term> those, IReadOnlyList<Term> others)
    {
        var left = others.Select(t => t.Text).ToList();
        return [.. those.Where(t => !left.Remove(t.Text))];
    }
}
