using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Millrace.Node.Storage.Search;

/// <summary>
/// The words of a text, as they are indexed and looked for. Scripts with spaces: runs of letters and digits, in lower
/// case. Chinese and Japanese, which have none: single characters and pairs of neighbours, so that a word of two
/// characters is found wherever it stands.
/// </summary>
/// <remarks>A change of these rules needs a migration that rebuilds the term table.</remarks>
public static class Words
{
    /// <summary>Longer words are cut, in texts and in questions alike. In UTF-16 units.</summary>
    public const int LengthMax = 64;

    // The Chinese zero: a letter to people, a number sign to Unicode.
    private const int Zero = 0x3007;

    /// <summary>Every word under which a text is found, in the order of the text, repeats included.</summary>
    public static IEnumerable<string> Of(string? text) =>
        Runs(text).SelectMany(run => run.IsHan ? [.. run.Singles(), .. run.Pairs()] : (string[])[run.Cut()]);

    /// <summary>
    /// The words that must all occur in what is looked for: of a Chinese word its pairs, a single character only where
    /// it stands alone.
    /// </summary>
    public static ImmutableArray<string> Asked(string? question) =>
    [
        .. Runs(question)
            .SelectMany(run => run switch
            {
                { IsHan: false } => [run.Cut()],
                { Runes.Count: 1 } => run.Singles(),
                _ => run.Pairs(),
            })
            .Distinct(),
    ];

    private static IEnumerable<Run> Runs(string? text)
    {
        if (string.IsNullOrEmpty(text))
            yield break;
        var run = new Run(false, []);
        foreach (var rune in Folded(text).EnumerateRunes())
        {
            // A mark (accent, vowel sign) belongs to the letter before it.
            var belongs = run.Runes.Count > 0 && IsMark(rune);
            var isHan = belongs ? run.IsHan : IsHan(rune);
            var isWord = belongs || Rune.IsLetterOrDigit(rune) || rune.Value == Zero;
            if (run.Runes.Count > 0 && (!isWord || isHan != run.IsHan))
            {
                yield return run;
                run = new Run(isHan, []);
            }
            if (isWord)
                (run = run with { IsHan = isHan }).Runes.Add(rune);
        }
        if (run.Runes.Count > 0)
            yield return run;
    }

    /// <summary>
    /// Full and half width are one, so are the forms of a letter; halves of characters become a sign.
    /// </summary>
    private static string Folded(string text)
    {
        var whole = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) // Gives U+FFFD for what is no character.
            whole.Append(rune);
        return whole.ToString().Normalize(NormalizationForm.FormKC).ToLowerInvariant();
    }

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    /// <summary>Han characters and kana: written without spaces.</summary>
    private static bool IsHan(Rune rune) => rune.Value is (>= 0x3400 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF)
        or (>= 0x20000 and <= 0x3FFFF) or (>= 0x3040 and <= 0x30FF) or 0x3005 or Zero;

    private sealed record Run(bool IsHan, List<Rune> Runes)
    {
        public string[] Singles() => [.. Runes.Select(r => r.ToString())];

        public string[] Pairs() => [.. Runes.Zip(Runes.Skip(1), (a, b) => $"{a}{b}")];

        public string Cut()
        {
            var word = new StringBuilder();
            foreach (var rune in Runes)
            {
                if (word.Length + rune.Utf16SequenceLength > LengthMax)
                    break;
                word.Append(rune);
            }
            return word.ToString();
        }
    }
}
