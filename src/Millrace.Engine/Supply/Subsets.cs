namespace Millrace.Engine.Supply;

/// <summary>All ways to choose some of a few things.</summary>
internal static class Subsets
{
    /// <summary>All sets of so many of the numbers below another, each ascending, the least first.</summary>
    public static IEnumerable<int[]> Of(int count, int size, int from = 0) => size == 0
        ? [[]]
        : Enumerable.Range(from, count - from).SelectMany(
            first => Of(count, size - 1, first + 1).Select(others => (int[])[first, .. others]));
}
