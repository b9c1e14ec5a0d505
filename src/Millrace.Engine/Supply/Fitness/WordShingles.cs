using Millrace.Engine.Supply.Classification;

namespace Millrace.Engine.Supply.Fitness;

/// <summary>
/// Thirteen words in a row, the usual sign that a text was copied. A word is a run of letters and digits, in lower
/// case; a Han character is one by itself.
/// </summary>
internal sealed class WordShingles
{
    public const int Words = 13;

    private readonly ulong[] _last = new ulong[Words];
    private int _count;

    /// <summary>Tells a visitor the hash of each shingle, until it has seen enough.</summary>
    /// <param name="visit">Whether to go on.</param>
    public static void Each(ReadOnlySpan<char> text, Func<ulong, bool> visit)
    {
        var shingles = new WordShingles();
        Span<char> lower = stackalloc char[64];
        for (var i = 0; i < text.Length;)
        {
            var begin = i;
            if (ChineseForms.IsHan(text[i])) i++;
            else
                while (i < text.Length && char.IsLetterOrDigit(text[i]) && !ChineseForms.IsHan(text[i])) i++;
            if (i == begin)
            {
                i++; // Between words.
                continue;
            }
            var word = text[begin..Math.Min(i, begin + lower.Length)];
            word.ToLowerInvariant(lower);
            if (shingles.Add(Mixing.Of(lower[..word.Length])) is { } shingle && !visit(shingle)) return;
        }
    }

    /// <returns>The shingle that the word ends; null: there are too few words yet.</returns>
    private ulong? Add(ulong word)
    {
        _last[_count++ % Words] = word;
        if (_count < Words) return null;
        var shingle = 0ul;
        for (var i = 0; i < Words; i++)
            shingle = Mixing.Mixed((shingle * 31) + _last[(_count + i) % Words]);
        return shingle;
    }
}
