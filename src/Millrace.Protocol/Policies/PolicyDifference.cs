namespace Millrace.Protocol.Policies;

/// <summary>What a change does for whoever uses the data.</summary>
public enum Effect
{
    /// <summary>More may be done, or less must be.</summary>
    Widens,

    /// <summary>Less may be done, or more must be.</summary>
    Narrows,
}

/// <summary>One sentence that only one of two policies says.</summary>
/// <param name="Added">Whether the second one says it; else the first.</param>
/// <param name="Rule">
/// The rule that it belongs to, where a condition was changed and the rule stayed; null: a rule as a whole.
/// </param>
/// <param name="Term">With its path in the policy that says it.</param>
public sealed record Change(bool Added, Term? Rule, Term Term, Effect Effect);

/// <summary>
/// What one policy says and another does not, in sentences. Order and spelling do not count: there is no difference
/// exactly where <see cref="Policy.SameTerms"/> holds.
/// </summary>
public static class PolicyDifference
{
    private sealed record Piece(string Canonical, Term Term);

    private sealed record Part(string Key, string Canonical, Term Term, IReadOnlyList<Piece> Pieces);

    /// <summary>The changes from one policy to another: what is gone first, then what is new, in their order.</summary>
    public static IReadOnlyList<Change> Between(Policy before, Policy after)
    {
        var (left, right) = (Parts(before), Parts(after));
        // What both say is no difference, however often it is said on each side.
        foreach (var part in right.ToList())
            if (left.FindIndex(other => (other.Key, other.Canonical) == (part.Key, part.Canonical)) is >= 0 and var i)
            {
                left.RemoveAt(i);
                right.Remove(part);
            }

        var changes = new List<Change>();
        foreach (var part in left.ToList())
            if (Nearest(part, right) is { } counterpart)
            {
                changes.AddRange(Inside(part, counterpart));
                left.Remove(part);
                right.Remove(counterpart);
            }

        changes.AddRange(left.SelectMany(part => Whole(part, added: false)));
        changes.AddRange(right.SelectMany(part => Whole(part, added: true)));
        return [.. changes.OrderBy(change => change.Added)];
    }

    /// <summary>The rule that this one became: of the same kind and action, and with the most in common.</summary>
    private static Part? Nearest(Part part, IEnumerable<Part> others) =>
        others.Where(other => other.Key == part.Key && other.Pieces.Count + part.Pieces.Count > 0)
            .OrderByDescending(other => Common(part, other))
            .ThenBy(other => other.Canonical, StringComparer.Ordinal)
            .FirstOrDefault();

    private static int Common(Part a, Part b) =>
        a.Pieces.Count(piece => b.Pieces.Any(other => other.Canonical == piece.Canonical));

    private static IEnumerable<Change> Inside(Part before, Part after)
    {
        foreach (var piece in Missing(before.Pieces, after.Pieces))
            yield return Of(false, before, piece.Term);
        foreach (var piece in Missing(after.Pieces, before.Pieces))
            yield return Of(true, after, piece.Term);
    }

    private static IEnumerable<Change> Whole(Part part, bool added) =>
        part.Pieces.Select(piece => Of(added, part, piece.Term))
            .Prepend(new Change(added, null, part.Term, added == Permits(part) ? Effect.Widens : Effect.Narrows));

    /// <summary>A condition narrows the permission that it stands in.</summary>
    private static Change Of(bool added, Part part, Term term) =>
        new(added, part.Term, term, added ? Effect.Narrows : Effect.Widens);

    private static bool Permits(Part part) => part.Key.StartsWith("permission", StringComparison.Ordinal);

    private static List<Piece> Missing(IReadOnlyList<Piece> those, IReadOnlyList<Piece> others)
    {
        var left = others.Select(piece => piece.Canonical).ToList();
        return [.. those.Where(piece => !left.Remove(piece.Canonical))];
    }

    private static List<Part> Parts(Policy policy)
    {
        var terms = PolicySentences.Describe(policy).ToLookup(term => term.Path);
        // What a prohibition is about, and what is owed, is one sentence; a permission has one for each condition.
        IEnumerable<Part> Rules(IReadOnlyList<Rule> rules, string name) => rules.Select((rule, i) =>
        {
            var path = PolicyShape.At(name, i);
            return new Part(
                $"{name} {rule.Action}", PolicyHash.Canonical(rule), terms[path].Last(),
                name == "permission" ? Pieces(rule, path) : []);
        });
        return
        [
            .. policy.Profiles.Index().Where(p => p.Item != Terms.Profile)
                .Select(p => new Part("profile", p.Item, terms[PolicyShape.At("profile", p.Index)].First(), [])),
            .. Rules(policy.Permissions, "permission"), .. Rules(policy.Prohibitions, "prohibition"),
            .. Rules(policy.Obligations, "obligation"),
        ];
    }

    private static List<Piece> Pieces(Rule rule, string path) =>
    [
        .. rule.Constraints.Select((constraint, i) => new Piece(
            PolicyHash.Canonical(constraint),
            PolicySentences.Condition(constraint, PolicyShape.At(path + ".constraint", i)))),
        .. rule.Duties.Select((duty, i) => new Piece(
            PolicyHash.Canonical(duty), PolicySentences.Duty(duty, PolicyShape.At(path + ".duty", i)))),
    ];
}
