using System.Globalization;
using System.Text;

namespace Millrace.Engine.Supply;

/// <summary>
/// Tells the code pages of central Europe from that of the west by what letters the high bytes of words would be.
/// </summary>
internal static class LatinPages
{
    private const int West = 1252;

    /// <summary>Letters that the western page reads otherwise: fewer, or always the same one, say too little.</summary>
    private const int OtherLettersMin = 4, DifferentLettersMin = 2;

    /// <summary>Of the letters in words, those that a language of central Europe has.</summary>
    private const double OwnLettersMin = 0.98;

    /// <summary>Of the same, those that any of the western alphabets has, read as such.</summary>
    private const double WesternLettersMax = 0.95;

    private static readonly int[] _central = [1250, 28592];

    /// <summary>The letters beyond ASCII, also of neighbours that stand in one table.</summary>
    private static readonly string[] _westernAlphabets =
    [
        "àáâãåæçèéêëìíîïñòóôõøùúü", // Catalan, Irish, Italian, Portuguese, Spanish, and Danish beside.
        "àâæçèéêëîïôùûüÿœ", // French.
        "àâäçèéêëìîïòôöùûüß", // Dutch, and languages of Switzerland.
        "àäåæèéöøüß", // Danish, German, Norwegian, Swedish.
        "áäéíñóöúüß", // German beside Spanish.
        "áåæéðíóöøúýþ", // Faroese, Icelandic.
        "äåéõöüšž", // Estonian, Finnish.
    ];

    private static readonly string[] _centralAlphabets =
    [
        "áčďéěíňóřšťúůýž", // Czech.
        "áäčďéíĺľňóôŕšťúýž", // Slovak.
        "áäčďéěíĺľňóôřŕšťúůýž", // Both.
        "ąćęłńóśźż", // Polish.
        "áéíóöőúüű", // Hungarian.
        "ćčđšž", // Croatian, Slovene.
        "âăîşţ", // Romanian.
    ];

    /// <param name="text">In a code page of Latin letters.</param>
    /// <returns>Null: it is western, or in doubt, or either page reads it alike.</returns>
    public static Encoding? Central(ReadOnlySpan<byte> text)
    {
        var western = Letters(West);
        var pages = Array.ConvertAll(_central, Letters);
        var counts = InWords(text, western, pages);
        var all = counts.Sum();
        // Such a byte within a word is a letter of another page.
        var cannotBeWestern = Enumerable.Range(0, 256).Any(b => counts[b] > 0 && IsUndefined((byte)b));
        if (!cannotBeWestern && _westernAlphabets.Max(a => Covered(counts, western, a)) > WesternLettersMax * all)
            return null;
        for (var i = 0; i < pages.Length; i++)
        {
            var page = pages[i];
            int[] others = [.. Enumerable.Range(0, 256).Where(b => counts[b] > 0 && page[b] != western[b])];
            var areEnough = cannotBeWestern
                || (others.Length >= DifferentLettersMin && others.Sum(b => counts[b]) >= OtherLettersMin);
            if (areEnough && _centralAlphabets.Any(a => Covered(counts, page, a) >= OwnLettersMin * all))
            {
                return Encoding.GetEncoding(_central[i]);
            }
        }
        return null;
    }

    /// <summary>How often each byte is a letter of a word in any of the pages.</summary>
    private static int[] InWords(ReadOnlySpan<byte> text, char[] western, char[][] pages)
    {
        var counts = new int[256];
        for (var i = 0; i < text.Length; i++)
        {
            var b = text[i];
            if (b < 0x80 || !IsLetter(b))
                continue;
            var (before, after) = (i > 0 && IsLetter(text[i - 1]), i + 1 < text.Length && IsLetter(text[i + 1]));
            // What the western page has for a sign stands beside words too: m³, nº, ¿qué, £.
            var isSign = western[b] == '\0' && !IsUndefined(b);
            if (isSign ? before && after : before || after)
                counts[b]++;
        }
        return counts;

        bool IsLetter(byte b) => western[b] != '\0' || pages.Any(p => p[b] != '\0');
    }

    /// <summary>Bytes that the western page leaves without a meaning.</summary>
    private static bool IsUndefined(byte b) => b is 0x81 or 0x8D or 0x8F or 0x90 or 0x9D;

    private static int Covered(int[] counts, char[] page, string alphabet) =>
        Enumerable.Range(0x80, 0x80).Where(b => alphabet.Contains(page[b])).Sum(b => counts[b]);

    /// <summary>Of each byte its letter, a small one; NUL where it is none.</summary>
    private static char[] Letters(int page)
    {
        var encoding = Encoding.GetEncoding(page);
        return Array.ConvertAll(Enumerable.Range(0, 256).ToArray(), b => Letter(encoding.GetChars([(byte)b])[0]));
    }

    private static char Letter(char c) =>
        c != 'µ' && CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.LowercaseLetter
            or UnicodeCategory.UppercaseLetter ? char.ToLowerInvariant(c) : '\0';
}
