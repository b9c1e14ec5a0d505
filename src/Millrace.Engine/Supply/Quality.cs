using Millrace.Engine.Supply.Contracts;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply;

/// <summary>
/// Scores a table by what it alone can tell, and by the rules of a contract. A dimension is a ratio A/B of elements
/// (ISO/IEC 25024); the total is the mean of the evaluated ones, weighed as the contract says, and goes with the share
/// of GB/T 36344-2018's indicators that they are. The standards define no grades, and neither does this.
/// </summary>
public static class Quality
{
    /// <summary>A column without any value: the total is at most this.</summary>
    public const double EmptyColumnCap = 80;

    /// <summary>More than a tenth of the rows are repeats: the total is at most this.</summary>
    public const double DuplicatesCap = 70;

    private const double DuplicateShareMax = 0.1;

    /// <summary>Data are worth 1 on the day of their latest date and 0 so many days later.</summary>
    private const double FreshDays = 365;

    /// <param name="publishedAt">When the version was published: the moment that freshness is measured at.</param>
    /// <param name="latest">
    /// The latest date in the data that is not after publication; see <see cref="Profiler.LatestDateAsync"/>.
    /// </param>
    /// <param name="check">What came of the contract on the table; null: there is none.</param>
    /// <param name="evidence">The rows behind the figures; null: the report names none.</param>
    /// <exception cref="ArgumentException">The profile is of another table than the schema.</exception>
    public static QualityReport Score(
        TableProfile profile, TableSchema schema, DateTimeOffset publishedAt, DateTimeOffset? latest,
        ContractCheck? check = null, TableEvidence? evidence = null)
    {
        if (!profile.Columns.Select(c => new Column(c.Name, c.Type)).SequenceEqual(schema.Columns))
            throw new ArgumentException("The profile is of another table.", nameof(profile));
        Dimension[] dimensions =
        [
            Completeness(profile) with { Evidence = Told(evidence?.Missing) },
            Uniqueness(profile) with { Evidence = evidence?.Repeated is { } repeated ? [repeated] : null },
            Validity(profile) with { Evidence = Told(evidence?.Defective) },
            Freshness(profile, publishedAt, latest),
            .. check is null ? [] : ContractScore.Dimensions(check),
        ];
        if (check is not null)
            dimensions = [.. dimensions.Select(d => ContractScore.Weighed(d, check.Contract))];
        List<Cap> caps = [.. Caps(profile), .. check is null ? [] : ContractScore.Caps(check)];
        double? total = Mean(dimensions) is { } mean ? Rounded(caps.Select(c => c.Limit).Append(mean).Min()) : null;
        var indicators = Indicator.Of(dimensions);
        return new QualityReport(
            total, Rounded((double)indicators.Count(i => i.Measures.Count > 0) / indicators.Count), dimensions, caps,
            check is null ? null : ContractScore.Result(check, total), QualityReport.CurrentMethod, indicators);
    }

    /// <summary>The total before caps, 0 to 100; null where nothing was evaluated.</summary>
    internal static double? Mean(IReadOnlyList<Dimension> dimensions)
    {
        var evaluated = dimensions.Where(d => d.Ratio is not null).ToList();
        return evaluated.Count == 0
            ? null
            : 100 * evaluated.Sum(d => (d.Weight ?? 1) * d.Ratio!.Value) / evaluated.Sum(d => d.Weight ?? 1);
    }

    private static IReadOnlyList<EvidenceRows>? Told(IReadOnlyList<EvidenceRows>? rows) =>
        rows is { Count: > 0 } ? rows : null;

    private static Dimension Completeness(TableProfile profile)
    {
        var cells = (double)profile.Rows * profile.Columns.Count;
        return Measured(
            "completeness", cells - profile.Columns.Sum(c => (double)c.Nulls), cells, "cells-with-a-value/1", "0201",
            "Completeness");
    }

    // 0304, not 0303: that one counts the repeats. GB/T 36344 takes them for a lack of accuracy, ISO/IEC 25024 for a
    // risk to consistency (Con-I-3).
    private static Dimension Uniqueness(TableProfile profile) => Measured(
        "uniqueness", profile.Rows - profile.DuplicateRows, profile.Rows, "rows-not-repeated/1", "0304", "Consistency");

    // 0302, not 0305: that one counts the defects. A defect is a value outside the form and range of its type.
    private static Dimension Validity(TableProfile profile)
    {
        var values = profile.Columns.Sum(c => (double)(profile.Rows - c.Nulls));
        return Measured(
            "validity", values - profile.Columns.Sum(c => (double)c.Defects), values, "values-without-defect/1", "0302",
            "Accuracy");
    }

    private static Dimension Freshness(TableProfile profile, DateTimeOffset publishedAt, DateTimeOffset? latest)
    {
        var missing =
            profile.Rows == 0 ? "The table has no rows."
            : latest is not null ? null
            : profile.Columns.Any(c => c.Type is ColumnType.Date or ColumnType.Timestamp)
                ? "No date in the table is before its publication."
            : "No column holds dates; name the date that the data are of.";
        var days = missing is null ? Math.Max(0, FreshDays - (publishedAt - latest!.Value).TotalDays) : 0;
        return missing is null
            ? Measured("freshness", Rounded(days), FreshDays, "days-since-latest-date/2", "0502", "Currentness")
            : new Dimension("freshness", 0, 0, null, "days-since-latest-date/2", "0502", "Currentness", missing);
    }

    private static List<Cap> Caps(TableProfile profile)
    {
        var caps = new List<Cap>();
        if (profile.Rows == 0) return caps;
        if (profile.Columns.Count(c => c.Nulls == profile.Rows) is > 0 and var empty)
            caps.Add(new Cap("empty-column/1", EmptyColumnCap, $"{empty} of {profile.Columns.Count} columns hold no "
                + "value."));
        if (profile.DuplicateRows > DuplicateShareMax * profile.Rows)
            caps.Add(new Cap(
                "many-duplicates/1", DuplicatesCap, $"{profile.DuplicateRows} of {profile.Rows} rows repeat another "
                    + "row."));
        return caps;
    }

    internal static Dimension Measured(
        string name, double a, double b, string rule, string code, string characteristic) => b > 0
        ? new Dimension(name, a, b, a / b, rule, code, characteristic, null)
        : new Dimension(name, 0, 0, null, rule, code, characteristic, "There is nothing to measure.");

    // Four places, so that the report is the same text on every machine.
    private static double Rounded(double value) => Math.Round(value, 4, MidpointRounding.AwayFromZero);
}
