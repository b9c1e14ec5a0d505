namespace Millrace.Engine.Supply;

/// <summary>An indicator of GB/T 36344-2018: what measures it in a report, or what would be needed to.</summary>
/// <param name="Code">Its first two digits are the standard's dimension.</param>
/// <param name="Measures">
/// The dimensions of the report that were evaluated for it; empty: it is not evaluated, which is neither 0 nor 100.
/// </param>
/// <param name="Reason">Why it is not evaluated, as a code; null: it is.</param>
/// <param name="Needed">The same as a sentence.</param>
public sealed record Indicator(
    string Code, IReadOnlyList<string> Measures, string? Reason = null, string? Needed = null)
{
    /// <summary>
    /// All of the standard, in its order, with what is needed where nothing measures them. Without 0303 (repeated data)
    /// and 0305 (dirty data): they are what is missing to 1 of 0304 and 0302.
    /// </summary>
    private static readonly (string Code, string Reason, string Needed)[] _all =
    [
        ("0101", "no-value-rules", "It needs rules of a contract on ranges, lengths, patterns or allowed values."),
        ("0102", "no-data-model", "It needs a data model apart from the table to compare it with."),
        ("0103", "no-metadata-standard", "It needs a standard that says which metadata must be given."),
        ("0104", "no-business-rules", "It needs business rules: conditions in a contract."),
        ("0105", "no-authoritative-reference", "It needs an authoritative list of the values to compare them with."),
        ("0106", "no-security-rules", "It needs the rules of security that the data must keep."),
        ("0201", "nothing-to-measure", "There is nothing to measure."),
        ("0202", "no-expected-records", "It needs the number of rows to expect: a rule in a contract."),
        ("0301", "no-true-values", "It needs the true values to compare with."),
        ("0302", "nothing-to-measure", "There is nothing to measure."),
        ("0304", "nothing-to-measure", "There is nothing to measure."),
        ("0401", "no-second-copy", "It needs another copy of the same data to compare with."),
        ("0402", "no-relations", "It needs references or sums in a contract."),
        ("0501", "no-period", "It needs the period that the data must cover."),
        ("0502", "nothing-to-measure", "There is nothing to measure."),
        ("0503", "no-sequence", "It needs the order in which the records must follow one another."),
        ("0601", "no-access-promise", "It needs a promise of access and measurements of it; no table tells them."),
        ("0602", "no-use-promise", "It needs a promise of use and measurements of it; no table tells them."),
    ];

    /// <summary>How many there are.</summary>
    public static int Count => _all.Length;

    /// <summary>All of them, by what a report measured.</summary>
    internal static IReadOnlyList<Indicator> Of(IReadOnlyList<Dimension> dimensions) =>
        [.. _all.Select(one => Of(one, [.. dimensions.Where(d => d.StandardCode == one.Code)]))];

    private static Indicator Of((string Code, string Reason, string Needed) one, Dimension[] dimensions) =>
        dimensions.Where(d => d.Ratio is not null).Select(d => d.Name).ToList() is { Count: > 0 } measures
            ? new Indicator(one.Code, measures)
            : dimensions is [{ NotEvaluated: { } why }, ..]
                ? new Indicator(one.Code, [], "nothing-to-measure", why)
                : new Indicator(one.Code, [], one.Reason, one.Needed);
}
