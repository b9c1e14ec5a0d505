using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Millrace.Engine.Supply.Classification;

namespace Millrace.Engine.Supply.Contracts;

/// <summary>A table, checked against a contract.</summary>
/// <param name="Sha256">Of the contract's text.</param>
/// <param name="Undeclared">
/// Columns that are sensitive, by what persons decided or else by what was found, and that the contract does not
/// declare.
/// </param>
/// <param name="Decided">What persons decided on levels; null: nothing.</param>
public sealed record ContractCheck(
    string Sha256, DataContract Contract, IReadOnlyList<RuleResult> Results, IReadOnlyList<string> Undeclared,
    IReadOnlyList<DecidedLevel>? Decided = null)
{
    /// <param name="text">The contract as it was handed in.</param>
    public static ContractCheck Of(
        string text, DataContract contract, IReadOnlyList<RuleResult> results, TableProfile profile,
        ClassificationReport classification, IReadOnlyList<DecidedLevel>? decided = null) => new(
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), contract, results,
        [
            .. profile.Columns.Select(c => c.Name).Where(name =>
                LevelOf(name, classification, decided) >= LevelRule.Sensitive
                && contract.Columns.FirstOrDefault(c => c.Name == name)?.Classification is null or "" or "public"),
        ],
        decided);

    private static int LevelOf(
        string column, ClassificationReport classification, IReadOnlyList<DecidedLevel>? decided) =>
        decided?.FirstOrDefault(d => d.Column == column)?.Level ?? classification.LevelOf(column);
}

/// <summary>What a contract adds to the quality report.</summary>
internal static class ContractScore
{
    /// <summary>What the total is at most when the primary key is broken.</summary>
    public const double BrokenKeyCap = 50;

    /// <summary>What the total is at most when sensitive columns are not declared.</summary>
    public const double UndeclaredCap = 60;

    /// <summary>What the total is at most when a rule of severity error fails.</summary>
    public const double FailedRuleCap = 70;

    /// <summary>The rules of a dimension count by the elements that they checked.</summary>
    public static IEnumerable<Dimension> Dimensions(ContractCheck check) =>
        from result in check.Results
        group result by result.Dimension into rules
        let first = rules.First()
        select Quality.Measured(
            rules.Key, rules.Sum(r => (double)r.A), rules.Sum(r => (double)r.B), "contract-rules/1",
            first.StandardCode, first.Characteristic);

    public static Dimension Weighed(Dimension dimension, DataContract contract) =>
        contract.Weights.TryGetValue(dimension.Name, out var weight) ? dimension with { Weight = weight } : dimension;

    public static IEnumerable<Cap> Caps(ContractCheck check)
    {
        var broken = check.Results.Where(r => r.Kind is "primary-key" or "key-not-null" && r.A < r.B).ToList();
        if (broken.Count > 0)
            yield return new Cap(
                "broken-primary-key/2", BrokenKeyCap,
                string.Join(" ", broken.Select(r => r.Kind == "primary-key"
                    ? $"{r.B - r.A} of {r.B} rows repeat the primary key of another."
                    : $"{r.B - r.A} of {r.B} rows have no {r.Columns[0]}, which is in the primary key.")));
        if (check.Undeclared.Count > 0)
            yield return new Cap(
                "undeclared-sensitive/1", UndeclaredCap,
                $"The contract does not declare as sensitive: {string.Join(", ", check.Undeclared)}.");
        if (check.Results.Where(r => r is { IsError: true, Held: false }).ToList() is { Count: > 0 } failed)
            yield return new Cap(
                "failed-error-rule/1", FailedRuleCap, $"Rules fail: {string.Join(", ", failed.Select(r => r.Id))}.");
    }

    public static ContractResult Result(ContractCheck check, double? total)
    {
        List<string> breaches =
        [
            .. check.Results.Where(r => r is { IsError: true, Held: false })
                .Select(r => $"{r.Id} ({r.Path}): {r.A} of {r.B} keep it{Moved(r)}."),
        ];
        if (check.Contract.MinimumScore is { } least && !(total >= least))
        {
            var reached = total?.ToString("0.##", CultureInfo.InvariantCulture) ?? "none";
            breaches.Add(FormattableString.Invariant($"The score is {reached}, and at least {least} is promised."));
        }
        return new ContractResult(check.Sha256, check.Results, breaches, check.Decided, check.Contract.MinimumScore);
    }

    private static string Moved(RuleResult result) =>
        result.Kind == "drift" ? $"; {string.Join(", ", result.Columns)} moved too far" : "";
}
