using System.Globalization;
using Millrace.Engine.Supply;

namespace Millrace.Node.Commands;

/// <summary>A profile for a terminal: one block of lines a column.</summary>
internal static class ProfileText
{
    private const int ValueLengthMax = 60, FrequentShown = 5;
    private const string Bars = "▁▂▃▄▅▆▇█";

    public static IEnumerable<string> Lines(ProfileReport report)
    {
        var profile = report.Profile;
        yield return $"{string.Join(", ", report.Files)}: {Counted(profile.Rows, "row")}, "
            + Counted(profile.Columns.Count, "column");
        if (profile.DuplicateRows > 0)
            yield return $"{Wording.Count(profile.DuplicateRows)} rows repeat an earlier one in every cell.";
        foreach (var column in profile.Columns)
        {
            yield return "";
            yield return $"{column.Name}  {column.Type}{Meant(report, column)}";
            foreach (var (name, value) in Facts(report, column))
                yield return $"  {name,-10} {value}";
        }
        foreach (var line in KeyLines(profile.CompositeKeys ?? []))
            yield return line;
        if (profile.Correlations is not { } correlations)
            yield break;
        yield return "";
        yield return "Columns that go together, by the correlation of ranks (beside: Pearson), in "
            + (correlations.IsWhole ? "all " : "") + $"{Wording.Count(correlations.Rows)} rows"
            + (correlations.IsWhole ? "" : ", an even choice");
        foreach (var pair in correlations.Strongest)
            yield return $"  {Sign(pair.Rank)} ({Sign(pair.Pearson)})  {pair.One} · {pair.Other}";
    }

    private static IEnumerable<string> KeyLines(IReadOnlyList<CompositeKey> keys)
    {
        if (keys.Count == 0)
            yield break;
        yield return "";
        yield return "Columns that together may be a key: no combination of their values occurs twice in "
            + (keys[0].RepeatsBelow is { } share
                ? $"{Wording.Count(keys[0].Rows)} rows, an even choice; with 99 % confidence fewer than "
                    + string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(1e4 * share) / 100:0.00} %")
                    + " of all rows repeat one"
                : $"all {Wording.Count(keys[0].Rows)} rows");
        foreach (var key in keys)
            yield return $"  {string.Join(" · ", key.Columns)}";
    }

    private static IEnumerable<(string Name, string Value)> Facts(ProfileReport report, ColumnProfile column)
    {
        var rows = report.Profile.Rows;
        yield return ("missing", column.Nulls == 0 ? "none" : OfRows(column.Nulls, rows));
        yield return ("different", (column.DistinctIsExact ? "" : "about ") + Wording.Count(column.Distinct));
        if (column.Defects > 0)
            yield return ("defects", OfRows(column.Defects, rows));
        if (column is { Min: { } min, Max: { } max })
            yield return ("range", $"{Value(min)} … {Value(max)}");
        if (column.Numbers is { } numbers && TypeOf(report, column) is not { IsQuantity: false })
        {
            yield return ("mean", Number(numbers.Mean)
                + (numbers.Deviation is { } deviation ? $", standard deviation {Number(deviation)}" : ""));
            yield return ("quantiles", string.Join(" · ", numbers.Quantiles.Select(q =>
                string.Create(CultureInfo.InvariantCulture, $"{100 * q.Share:0} %: {Number(q.Value)}"))));
        }
        if (column.Text is { } text)
        {
            yield return ("length", text.LengthMin == text.LengthMax
                ? Counted(text.LengthMin, "character")
                : $"{Wording.Count(text.LengthMin)} … {Counted(text.LengthMax, "character")}");
            if (text.Shapes.Count > 0)
                yield return ("shapes", Listed(text.Shapes, text.ShapesOfRows));
        }
        if (column.Histogram.Count > 1)
            yield return ("histogram", Drawn(column.Histogram));
        if (column.Frequent.Count > 0)
            yield return ("frequent", Listed([.. column.Frequent.Take(FrequentShown)], rows));
        if (column.FrequentInSample is { } some)
            yield return ("frequent", Listed([.. some.Values.Take(FrequentShown)], some.Rows)
                + $" of {Wording.Count(some.Rows)} rows that were looked at");
        if (column.Steps is { } steps)
            yield return ("steps", Step(steps) + string.Concat(steps.Largest.Select(g =>
                $" · between {g.After} and {g.Before}: {Wording.Count(g.Missing)}")));
        if (column.Key is { } key)
            yield return ("key", key.RepeatsBelow is { } share
                ? $"perhaps: no value twice among {Wording.Count(key.Values)} sampled; with 99 % confidence fewer than "
                    + string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0000} % of all repeat")
                : "perhaps: each value occurs once");
        if (column.Languages is { } languages)
        {
            var cells = languages.Told.Sum(l => l.Cells) + languages.NotTold;
            yield return ("languages", Listed(
                [
                    .. languages.Told.Select(l => new ValueCount(l.Language, l.Cells)),
                    .. languages.NotTold > 0 ? [new ValueCount("not told", languages.NotTold)] : (ValueCount[])[],
                ],
                cells));
        }
        foreach (var found in report.Classification.Findings.Where(f => f.Column == column.Name))
            yield return (
                "sensitive", $"{found.Kind}, {Wording.Likelihood($"{found.Likelihood}")}, level {found.Level}");
        if (report.Withheld.Contains(column.Name))
            yield return ("withheld", "range, distribution, shapes and frequent values, for the column is sensitive");
    }

    private static SemanticType? TypeOf(ProfileReport report, ColumnProfile column) =>
        report.SemanticTypes.FirstOrDefault(t => t.Column == column.Name);

    private static string Meant(ProfileReport report, ColumnProfile column) => TypeOf(report, column) switch
    {
        null => "",
        { Share: { } share } type =>
            string.Create(CultureInfo.InvariantCulture, $", {type.Kind} ({100 * share:0.##} %)"),
        var type => $", {type.Kind} (by its name)",
    };

    private static string Step(DateSteps steps)
    {
        var unit = steps.Unit.ToString().ToLowerInvariant();
        var every = steps.Every == 1 ? $"every {unit}" : $"every {Counted(steps.Every, unit)}";
        return steps.Missing == 0 ? $"{every}, none missing"
            : $"{every}, {Wording.Count(steps.Missing)} missing in {Counted(steps.Gaps, "gap")}";
    }

    private static string Sign(double? correlation) =>
        correlation?.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture) ?? "–";

    private static string Drawn(IReadOnlyList<Bin> bins)
    {
        var most = bins.Max(b => b.Count);
        return string.Concat(bins.Select(b =>
            b.Count == 0 ? '·' : Bars[(int)Math.Ceiling((double)b.Count / most * Bars.Length) - 1]));
    }

    private static string Listed(IReadOnlyList<ValueCount> values, long of) =>
        string.Join(" · ", values.Select(v => $"{Value(v.Value)} {OfRows(v.Count, of)}"));

    private static string OfRows(long count, long rows) => string.Create(
        CultureInfo.InvariantCulture, $"{Wording.Count(count)} ({100.0 * count / Math.Max(1, rows):0.##} %)");

    private static string Counted(long count, string what) => $"{Wording.Count(count)} {what}{(count == 1 ? "" : "s")}";

    private static string Number(double number) => number.ToString("G6", CultureInfo.InvariantCulture);

    private static string Value(string value) => value.Length switch
    {
        0 => "(empty)",
        _ when string.IsNullOrWhiteSpace(value) => "(blank)",
        > ValueLengthMax => string.Concat(value.AsSpan(0, ValueLengthMax), "…"),
        _ => value,
    };
}
