using System.Globalization;
using System.Text;

namespace Millrace.Engine.Supply.Languages;

/// <summary>
/// Tells the language of a text by its script and its function words, and rather none than a wrong one: codes, names,
/// headings and a few words have none.
/// </summary>
internal static class TextLanguage
{
    private const int WordsMin = 4, HitsMin = 2;

    /// <summary>How many of all words are function words, at least.</summary>
    private const double HitShareMin = 0.12;

    /// <summary>What the best language must be ahead of the next by: in signs, and as a factor.</summary>
    private const double AheadMin = 0.5, AheadFactorMin = 1.25;

    /// <summary>Below this many letters, what is written without blanks is a name or a heading.</summary>
    private const int HanMin = 6, HangulMin = 6, ThaiMin = 12;

    // Not 有, 和, 在 and the like, which stand in names of firms and places.
    private const string ChineseSigns = "的了是吗嗎呢们們这這那我你他她它很也都就被把没沒说說还還着著";

    private static readonly string[] _koreanEndings = ["는", "을", "를", "다", "요", "에서", "으로", "까"];

    private static readonly string[] _thaiWords =
        ["ที่", "และ", "ไม่", "ของ", "เป็น", "ใน", "ได้", "ให้", "จะ", "มาก", "ว่า"];

    /// <summary>The code of ISO 639-1; null: it is not told.</summary>
    public static string? Of(string text)
    {
        text = text.Normalize(NormalizationForm.FormC).ToLowerInvariant();
        var letters = text.Count(char.IsLetter);
        var (han, hiragana) = (text.Count(IsHan), text.Count(c => c is >= '\u3041' and <= '\u3096'));
        var kana = hiragana + text.Count(c => c is >= '\u30A1' and <= '\u30FA' or 'ー');
        if (2 * (han + kana) > letters)
            return han + kana < HanMin ? null
                : hiragana >= 2 ? "ja"
                : kana == 0 && text.Any(ChineseSigns.Contains) ? "zh"
                : null;
        if (2 * text.Count(c => c is >= '\uAC00' and <= '\uD7A3') > letters)
            return Korean(text, letters);
        if (2 * text.Count(c => c is >= '\u0E01' and <= '\u0E3A' or >= '\u0E40' and <= '\u0E4E') > letters)
            return letters >= ThaiMin && _thaiWords.Any(w => text.Contains(w, StringComparison.Ordinal)) ? "th" : null;
        return BySigns(text);
    }

    private static string? Korean(string text, int letters)
    {
        var words = Words(text).ToList();
        return words.Count >= 3 && letters >= HangulMin
            && words.Any(w => _koreanEndings.Any(e => w.EndsWith(e, StringComparison.Ordinal)))
                ? "ko"
                : null;
    }

    private static string? BySigns(string text)
    {
        var words = Words(text).ToList();
        if (words.Count < WordsMin)
            return null;
        var (signs, hits) = (new Dictionary<string, double>(), new Dictionary<string, int>());
        var outsideOfNames = new HashSet<string>();
        foreach (var word in words.Distinct())
        {
            var languages = FunctionWords.Words.GetValueOrDefault(word, []);
            foreach (var language in languages)
            {
                signs[language] = signs.GetValueOrDefault(language) + (1.0 / languages.Length);
                hits[language] = hits.GetValueOrDefault(language) + 1;
                if (!FunctionWords.OfNames.Contains(word))
                    outsideOfNames.Add(language);
            }
        }
        foreach (var languages in text.Distinct().Select(c => FunctionWords.Letters.GetValueOrDefault(c, [])))
        {
            foreach (var language in languages)
                signs[language] = signs.GetValueOrDefault(language) + (1.0 / languages.Length);
        }
        var best = signs.OrderByDescending(s => s.Value).ThenBy(s => s.Key, StringComparer.Ordinal).Take(2).ToList();
        if (best.Count == 0)
            return null;
        var next = best.Count > 1 ? best[1].Value : 0;
        var count = hits.GetValueOrDefault(best[0].Key);
        return count >= HitsMin && outsideOfNames.Contains(best[0].Key) && count >= HitShareMin * words.Count
            && best[0].Value >= next + AheadMin && best[0].Value >= AheadFactorMin * next
                ? best[0].Key
                : null;
    }

    private static IEnumerable<string> Words(string text)
    {
        for (var (from, to) = (0, 0); from < text.Length; from = to + 1)
        {
            for (to = from; to < text.Length && IsOfWord(text[to]); to++)
            {
            }
            if (to > from)
                yield return text[from..to];
        }
    }

    private static bool IsOfWord(char c) => char.IsLetter(c)
        || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool IsHan(char c) => c is >= '\u3400' and <= '\u4DBF' or >= '\u4E00' and <= '\u9FFF' or '々';
}
