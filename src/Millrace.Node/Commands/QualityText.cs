using System.Globalization;
using Millrace.Engine.Supply;

namespace Millrace.Node.Commands;

/// <summary>A quality report for a terminal.</summary>
internal static class QualityText
{
    /// <summary>Each measure with A and B, and the rows behind those of the table alone.</summary>
    public static void Measures(Screen screen, QualityReport report)
    {
        screen.Table(
            ["measure", "#as they should be", "#of", "rule", ""],
            report.Dimensions.Select(d => (string[])
            [
                d.Name, d.Ratio is null ? "–" : Number(d.A), d.Ratio is null ? "–" : Number(d.B), d.RuleId,
                d.NotEvaluated ?? "",
            ]));
        foreach (var dimension in report.Dimensions)
        {
            foreach (var rows in dimension.Evidence ?? [])
                screen.Line(
                    $"  {dimension.Name}{(rows.Column is { } column ? $" of {column}" : "")}: "
                    + $"{Wording.Count(rows.Count)} are not as they should be, "
                    + $"{(rows.Rows.Count < rows.Count ? "first in rows" : "in rows")} {string.Join(", ", rows.Rows)}");
        }
    }

    public static void Rules(Screen screen, ContractResult contract) => screen.Table(
        ["rule", "#keep it", "#of", "", "asks for", "rows that break it"],
        contract.Rules.Select(r => (string[])
        [
            r.Id, Wording.Count(r.A), Wording.Count(r.B), r.Held ? "kept" : r.IsError ? "broken" : "not kept",
            $"{r.Kind} {r.Detail}".TrimEnd(), string.Join(", ", r.EvidenceRows),
        ]));

    private static string Number(double number) => number.ToString("#,0.###", CultureInfo.InvariantCulture);
}
