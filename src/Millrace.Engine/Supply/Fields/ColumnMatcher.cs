namespace Millrace.Engine.Supply.Fields;

/// <summary>
/// Proposes for each column of a table which elements it may hold: by its name, its type, the unit in its name and what
/// its profile says of its values. A pure function of the profile.
/// </summary>
public static class ColumnMatcher
{
    /// <summary>The version of the rules; it changes with them.</summary>
    public const int CurrentRules = 2;

    /// <summary>From this confidence on a match is proposed to people.</summary>
    public const double Shown = 0.65;

    private const double Kept = 0.4;
    private const int MatchesMax = 3;

    // A weak name by itself stays below what is shown.
    private const double ByName = 0.75, ByWeakName = 0.5;
    private const double ByField = 0.1, ByUnit = 0.1;

    // Of sure columns, which count whole, and unsure ones, which count half.
    private const double FieldWeightMin = 1.5;

    private static readonly List<Candidate> _candidates =
    [
        .. from pack in FieldPacks.All
           from element in pack.Elements
           from name in element.Names.Select(n => (n, ByName)).Concat((element.Weak ?? []).Select(n => (n, ByWeakName)))
           select new Candidate(pack, element, ColumnWords.Of(name.n), name.Item2),
    ];

    /// <param name="field">Only elements of this field and of the common pack; null: of all.</param>
    public static IReadOnlyList<MatchedColumn> Match(TableProfile table, string? field = null)
    {
        var first = table.Columns
            .Select(c => (Column: c, Found: Matches(c, field).ToList())).ToList();
        // A table is about one thing: the field of its surest columns is that of the others.
        var main = field ?? first
            .SelectMany(c => c.Found.Where(m => m.Field != FieldPacks.Common && m.Confidence >= ByWeakName)
                .OrderByDescending(m => m.Confidence).DistinctBy(m => m.Field))
            .GroupBy(m => m.Field).Select(g => (Field: g.Key, Weight: g.Sum(m => m.Confidence >= ByName ? 1 : 0.5)))
            .Where(g => g.Weight >= FieldWeightMin)
            .OrderByDescending(g => g.Weight).ThenBy(g => g.Field, StringComparer.Ordinal).FirstOrDefault().Field;
        return [.. first.Select(c => new MatchedColumn(c.Column.Name, Ranked(c.Found, main)))];
    }

    /// <summary>
    /// Whether a column can hold an element at all, by its type and by what most of its values are; an empty one can.
    /// </summary>
    public static bool CanHold(FieldElement element, ColumnProfile column) =>
        ValueEvidence.Of(Check.NotNull(FieldPacks.Find(element.Field)), element.Element, column).Factor
            > ValueEvidence.Against;

    private static List<ElementMatch> Ranked(List<ElementMatch> found, string? main) =>
    [
        .. found.Select(m => m.Field == FieldPacks.Common || main is null ? m
                : m.Field == main
                    ? Round(m with
                    {
                        Confidence = m.Confidence + ByField, Reasons = [.. m.Reasons, $"other columns are of {main}"],
                    })
                    : Round(m with { Confidence = m.Confidence - ByField }))
            .Where(m => m.Confidence >= Kept)
            .OrderByDescending(m => m.Confidence).ThenBy(m => m.Element.Id, StringComparer.Ordinal)
            .Take(MatchesMax),
    ];

    private static IEnumerable<ElementMatch> Matches(ColumnProfile column, string? field)
    {
        var words = ColumnWords.Of(column.Name);
        (ColumnWords Words, Unit? Unit)[] readings =
            [(words, null), .. words.Measured().Select(m => (m.Bare, (Unit?)m.Unit))];
        return from candidate in _candidates
               where field is null || candidate.Pack.Field == field || candidate.Pack.Field == FieldPacks.Common
               from reading in readings
               let likeness = NameLikeness.Of(reading.Words, candidate.Name)
               where likeness >= 0.5
               let match = Judge(candidate, likeness, reading.Unit, column)
               where match.Confidence > 0
               group match by match.Element.Id into same
               select same.MaxBy(m => m.Confidence)!;
    }

    private static ElementMatch Judge(Candidate candidate, double likeness, Unit? unit, ColumnProfile column)
    {
        var (pack, element, name, weight) = candidate;
        var values = ValueEvidence.Of(pack, element, column, unit);
        var measured = (unit, element.Unit) switch
        {
            (null, _) => 0,
            (_, null) => -0.3,
            var (u, e) when u.Dimension == Units.Find(e)!.Dimension => ByUnit,
            _ => -0.5,
        };
        var confidence = (((likeness * weight) + values.Gain + measured) * values.Factor);
        List<string> reasons = [likeness == 1 ? $"its name is {name.Text}" : $"its name is like {name.Text}"];
        if (measured > 0) reasons.Add($"its name says {unit!.Code}");
        if (measured < 0) reasons.Add($"{unit!.Code} does not measure it");
        if (values.Reason is { } reason) reasons.Add(reason);
        return Round(new ElementMatch(pack.Field, element, confidence, unit?.Code, reasons));
    }

    private static ElementMatch Round(ElementMatch match) =>
        match with { Confidence = Math.Round(Math.Clamp(match.Confidence, 0, 1), 2) };

    private sealed record Candidate(FieldPack Pack, DataElement Element, ColumnWords Name, double Weight);
}
