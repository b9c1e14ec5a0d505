namespace Millrace.Engine.Supply;

/// <summary>What columns may be called: anything, once.</summary>
internal static class ColumnNames
{
    /// <summary>A name that no column has, letter case aside.</summary>
    public static string Unused(string name, IEnumerable<string> names)
    {
        var used = names.ToHashSet(StringComparer.OrdinalIgnoreCase);
        while (used.Contains(name)) name += "_";
        return name;
    }

    /// <exception cref="SourceException">A name is missing, unusable, or there twice (letter case aside).</exception>
    public static void Check(IReadOnlyList<string> names, string file)
    {
        var seen = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i].Length == 0 || names[i].Any(char.IsControl))
                throw new SourceException(
                    "unnamed-column", $"Column {i + 1} of {file} has no usable name; give each column a name in the "
                        + "first row.");
            if (!seen.TryAdd(names[i], i))
                throw new SourceException(
                    "duplicate-column",
                    $"Columns {seen[names[i]] + 1} and {i + 1} of {file} have the same name, letter case aside; "
                        + "rename one.");
        }
    }
}
