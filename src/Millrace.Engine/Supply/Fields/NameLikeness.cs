using Millrace.Engine.Supply.Classification;

namespace Millrace.Engine.Supply.Fields;

/// <summary>How like two names are, from 0 to 1.</summary>
internal static class NameLikeness
{
    /// <summary>Shorter words have too many neighbours for a typing error to be told from another word.</summary>
    private const int TypingCharsMin = 8;

    public static double Of(ColumnWords column, ColumnWords name)
    {
        if (column.Text == name.Text)
            return 1;
        var (ours, theirs) = (column.Plain, name.Plain);
        if (ours.Count == 0 || theirs.Count == 0)
            return 0;
        if (string.Concat(ours) == string.Concat(theirs) || string.Concat(column.Words) == string.Concat(name.Words))
            return 1;
        if (name.Words.Any(w => w.Any(ChineseForms.IsHan)))
            return Chinese(string.Concat(column.Words), string.Concat(name.Words));
        var shared = theirs.Sum(t => ours.Max(o => Word(o, t)));
        if (shared < theirs.Count * 0.9)
            return 0.6 * 2 * shared / (ours.Count + theirs.Count);
        var extra = ours.Count - theirs.Count;
        return extra <= 0 ? 0.95 * shared / theirs.Count
            : Math.Max(0, 1 - (extra * (theirs.Count == 1 ? 0.45 : 0.25)));
    }

    private static double Chinese(string column, string name) =>
        column.Contains(name, StringComparison.Ordinal) ? 0.4 + (0.6 * name.Length / column.Length) : 0;

    private static double Word(string one, string other)
    {
        if (one == other)
            return 1;
        if (one.TrimEnd('s') == other.TrimEnd('s'))
            return 0.97;
        return Math.Min(one.Length, other.Length) >= TypingCharsMin && IsOneEditAway(one, other) ? 0.9 : 0;
    }

    /// <summary>One character more, fewer or other.</summary>
    private static bool IsOneEditAway(string one, string other)
    {
        if (Math.Abs(one.Length - other.Length) > 1)
            return false;
        var head = one.AsSpan().CommonPrefixLength(other);
        var a = one.AsSpan(head);
        var b = other.AsSpan(head);
        return a.Length == b.Length ? a[1..].SequenceEqual(b[1..])
            : a.Length > b.Length ? a[1..].SequenceEqual(b)
            : a.SequenceEqual(b[1..]);
    }
}
