using Millrace.Engine.Supply.Contracts;

namespace Millrace.Engine.Supply;

/// <summary>
/// How good a table is, as far as the table alone and a contract on it can tell. Same input, same report.
/// </summary>
/// <param name="Total">
/// 0 to 100: the mean of the evaluated dimensions, held down by <paramref name="Caps"/>; null when none was evaluated.
/// </param>
/// <param name="Coverage">The share of the standard's indicators that were evaluated, 0 to 1.</param>
/// <param name="Contract">What came of the contract; null: there was none.</param>
/// <param name="Method">
/// How it was made: 3; 2 without the rows behind the figures of the table alone and what the contract promised; or 1,
/// which listed what it could measure only, and whose coverage is the share of its dimensions, by weight.
/// </param>
/// <param name="Indicators">All of GB/T 36344-2018, in its order; null in reports of method 1.</param>
public sealed record QualityReport(
    double? Total, double Coverage, IReadOnlyList<Dimension> Dimensions, IReadOnlyList<Cap> Caps,
    ContractResult? Contract = null, int Method = 1, IReadOnlyList<Indicator>? Indicators = null)
{
    public const int CurrentMethod = 3;

    /// <summary>This report as an earlier method would have told it.</summary>
    public QualityReport ByMethod(int method) => method switch
    {
        1 => ByMethod(2) with
        {
            Coverage = Dimensions.Where(d => d.Ratio is not null).Sum(d => d.Weight ?? 1)
                / Dimensions.Sum(d => d.Weight ?? 1),
            Method = 1,
            Indicators = null,
        },
        2 => this with
        {
            Dimensions = [.. Dimensions.Select(d => d with { Evidence = null })],
            Contract = Contract is null ? null : Contract with
            {
                Rules = [.. Contract.Rules.Select(r => r with { Promise = null })],
                MinimumScore = null,
            },
            Method = 2,
        },
        _ => this,
    };

    /// <summary>The mean of the evaluated dimensions, which no cap held down; null when none was evaluated.</summary>
    public double? Uncapped() => Quality.Mean(Dimensions);
}

/// <summary>What came of a contract.</summary>
/// <param name="Sha256">Of its text, UTF-8.</param>
/// <param name="Breaches">What is below what is promised, a sentence each; empty: it is kept.</param>
/// <param name="Decided">
/// What persons had decided on the levels of columns when it was checked, for whoever recomputes it; null: nothing.
/// </param>
/// <param name="MinimumScore">The least total that is promised, 0 to 100; null: none, or method 2 made it.</param>
public sealed record ContractResult(
    string Sha256, IReadOnlyList<RuleResult> Rules, IReadOnlyList<string> Breaches,
    IReadOnlyList<DecidedLevel>? Decided = null, double? MinimumScore = null);

/// <summary>A column's level by a person's word, which stands before what is proposed.</summary>
public sealed record DecidedLevel(string Column, int Level);

/// <summary>One dimension: A of B elements are as they should be.</summary>
/// <param name="Ratio">A/B; null when not evaluated, which is neither 0 nor 1.</param>
/// <param name="RuleId">The rule and its version, for whoever recomputes it.</param>
/// <param name="StandardCode">
/// The indicator of GB/T 36344-2018 that grows with the ratio; its first two digits are the standard's dimension.
/// </param>
/// <param name="Characteristic">The characteristic of ISO/IEC 25012.</param>
/// <param name="NotEvaluated">Why there is no ratio, and what would be needed.</param>
/// <param name="Weight">In the total, where the contract gives one; null: 1.</param>
/// <param name="Evidence">
/// Of a figure of the table alone the rows for which it is below 1; null: it is not, it counts no rows, or method 2
/// made it. Rules of a contract name theirs themselves.
/// </param>
public sealed record Dimension(
    string Name, double A, double B, double? Ratio, string RuleId, string StandardCode, string Characteristic,
    string? NotEvaluated, double? Weight = null, IReadOnlyList<EvidenceRows>? Evidence = null);

/// <summary>A fault that a mean would hide: the total is at most <paramref name="Limit"/>.</summary>
public sealed record Cap(string RuleId, double Limit, string Reason);
