namespace Millrace.Protocol.Policies;

/// <summary>A phrase in both languages; it fits after "only if" and inside a list.</summary>
internal readonly record struct Words(string English, string Chinese)
{
    internal static Words Joined(IEnumerable<Words> parts, string english, string chinese)
    {
        var all = parts.ToList();
        return new Words(
            string.Join(english, all.Select(part => part.English)),
            string.Join(chinese, all.Select(part => part.Chinese)));
    }

    /// <summary>Names as a list; text from a policy is shown as it is, without control characters.</summary>
    internal static Words List(IEnumerable<string> names)
    {
        var all = names.Select(Shown).ToList();
        return new Words(string.Join(", ", all), string.Join("、", all));
    }

    internal static string Shown(string text) =>
        string.Concat(text.Where(c => !char.IsControl(c) && !IsBidirectional(c)));

    /// <summary>Marks that would let a foreign policy show its words in another order.</summary>
    private static bool IsBidirectional(char c) =>
        c is '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
