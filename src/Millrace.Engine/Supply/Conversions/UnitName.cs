using System.Text.RegularExpressions;
using Millrace.Engine.Supply.Classification;
using Millrace.Engine.Supply.Fields;

namespace Millrace.Engine.Supply.Conversions;

/// <summary>The unit that a column's name ends with.</summary>
internal static class UnitName
{
    private const string Apart = @"[^\p{L}\p{N}]*";

    /// <summary>
    /// The name with another unit in its place: <c>distance_mi</c> becomes <c>distance_km</c>; one that says no unit
    /// stays.
    /// </summary>
    public static string Replace(string column, Unit from, Unit to)
    {
        foreach (var written in from.Words.OrderByDescending(w => w.Length))
        {
            var words = string.Join(Apart, written.Split(' ').Select(Regex.Escape));
            // Names come from outside: a long one must not take long.
            var found = Regex.Match(
                column, $"^(?<head>.+?)(?<unit>{words})(?<tail>{Apart})$",
                RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
            var head = found.Groups["head"].Value;
            if (!found.Success || Detector.WordsOf(head).TrimEnd() + $" {written} " != Detector.WordsOf(column))
                continue;
            var (was, word) = (found.Groups["unit"].Value, to.Words[0].Replace(' ', '_'));
            if (char.IsUpper(was[0]))
                word = was.Any(char.IsLower)
                    ? char.ToUpperInvariant(word[0]) + word[1..]
                    : word.ToUpperInvariant();
            return head + word + found.Groups["tail"].Value;
        }
        return column;
    }
}
