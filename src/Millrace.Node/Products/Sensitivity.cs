using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Classification;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Products;

/// <summary>
/// How sensitive the columns of a product are, and what follows: a column from level 3 on is masked or hidden by the
/// product's default plan, whatever an offer says, until a person decides on a lower level.
/// </summary>
internal sealed record Sensitivity(ClassificationReport Report, IReadOnlyList<LevelDecision> Decisions)
{
    /// <summary>What a mask may leave of a number or an address, as on a receipt.</summary>
    private const int CharactersMax = 4;

    /// <summary>Many Chinese names have two characters.</summary>
    private const int CharactersOfNamesMax = 1;

    /// <summary>Of a product whose newest version has that report; null: it was not classified.</summary>
    public static Sensitivity Of(ProductRecord? product, ClassificationReport? report) => new(
        report ?? new ClassificationReport(ClassificationReport.CurrentRules, []), product?.Decisions ?? []);

    /// <summary>
    /// Whether no value of a column is told where figures are: what was never classified is not known not to be
    /// sensitive.
    /// </summary>
    public static bool Withholds(ProductRecord product, ProductVersionRecord version, string column) =>
        version.Classification is not { } found || Of(product, found).LevelOf(column) >= LevelRule.Sensitive;

    /// <summary>What a person decided, unless more was found since; else what is proposed.</summary>
    public int LevelOf(string column) => DecisionOn(column)?.Level ?? Report.LevelOf(column);

    /// <summary>The decision that holds on a column, or null: more than was known then asks for another.</summary>
    public LevelDecision? DecisionOn(string column) => Decisions.FirstOrDefault(
        d => d.Column == column && Math.Max(d.Proposed, d.Level) >= Report.LevelOf(column) && KnewKinds(d));

    /// <summary>The levels that persons decided on, as a contract is checked with them; null: none holds.</summary>
    public IReadOnlyList<DecidedLevel>? Decided =>
        Decisions.Where(d => DecisionOn(d.Column) == d).Select(d => new DecidedLevel(d.Column, d.Level)).ToList() is
            { Count: > 0 } decided ? decided : null;

    /// <summary>The mask that suits what was found; without a finding, nothing is left to see.</summary>
    public Mask MaskFor(string column) => Report.LikelyOf(column)
        .Where(f => f.Mask is not null)
        .OrderByDescending(f => f.Level)
        .Select(f => Mask.Parse(f.Mask!))
        .FirstOrDefault() ?? Mask.Null;

    /// <summary>The plan, with a mask on each sensitive one of some columns that it leaves open.</summary>
    public DefaultPlan Guard(DefaultPlan plan, IEnumerable<Column> columns)
    {
        List<string> open = [.. Open(plan, columns)];
        return open.Count == 0 ? plan : plan with
        {
            Masks = plan.Masks.Where(m => !open.Contains(m.Key))
                .Concat(open.Select(column => KeyValuePair.Create(column, MaskFor(column)))).ToDictionary(),
        };
    }

    /// <summary>What is wrong with a plan that leaves a sensitive column open; null: nothing.</summary>
    /// <param name="remedy">What to do, for a column and its mask.</param>
    public Refusal? Objection(DefaultPlan plan, TableSchema schema, Func<string, Mask, string> remedy) =>
        Open(plan, schema.Columns).FirstOrDefault() is { } column
            ? new Refusal(
                "sensitive-open",
                $"The column {column} is of level {LevelOf(column)} ({Kinds(column)}), and "
                + (plan.Masks.TryGetValue(column, out var weak)
                    ? $"{weak} leaves too much of it: "
                    : "nothing masks it: ")
                + remedy(column, MaskFor(column)),
                column)
            : null;

    private bool KnewKinds(LevelDecision decision) => decision.Kinds is null || Report.LikelyOf(decision.Column)
        .All(f => f.Level <= decision.Level || decision.Kinds.Contains(f.Kind));

    private IEnumerable<string> Open(DefaultPlan plan, IEnumerable<Column> columns) => columns
        .Select(c => c.Name)
        .Where(c => LevelOf(c) >= LevelRule.Sensitive && !plan.HiddenColumns.Contains(c)
            && !(plan.Masks.TryGetValue(c, out var mask) && Guards(mask, c)));

    /// <summary>Whether what a mask leaves of a column tells nobody whom or what it is about.</summary>
    private bool Guards(Mask mask, string column)
    {
        var (found, usual) = (Report.LikelyOf(column).ToList(), MaskFor(column));
        if (mask.Kind is MaskKind.Null or MaskKind.Hash || mask.Covers(usual) || found.Count == 0)
            return true; // Where nothing was found, the person who decided on the level knows what to leave.
        var left = found.Any(f => f.Category == DataCategory.Name) ? CharactersOfNamesMax : CharactersMax;
        return usual.Kind == MaskKind.Hash && mask.Kind is (MaskKind.First or MaskKind.Last) && mask.Chars <= left;
    }

    private string Kinds(string column) =>
        Report.LikelyOf(column).Select(f => f.Kind).ToList() is { Count: > 0 } kinds
            ? string.Join(", ", kinds)
            : "decided";
}
