using System.Buffers;

namespace Millrace.Engine.Supply.Classification;

/// <summary>Tells which kinds of sensitive value a cell is, or holds somewhere in a longer text.</summary>
internal static class CellScan
{
    /// <summary>A longer cell is looked at up to here: a document is no table.</summary>
    public const int CharsMax = 4_000;

    private static readonly SearchValues<char> _token = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#$%&*+/=?^_{|}~-@");

    private static readonly SearchValues<char> _lettersAndDigits = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    private static readonly (Detector Detector, int Index)[] _formed =
        [.. Detector.All.Select((d, i) => (d, i)).Where(d => d.d.Form is not null)];

    /// <summary>Those that a cell of so many characters can be of: no cell is tried for all.</summary>
    private static readonly (Detector Detector, int Index)[][] _byLength =
        [.. Enumerable.Range(0, _formed.Max(d => d.Detector.Lengths.Max) + 1).Select(OfLength)];

    private static readonly (Detector Detector, int Index)[] _embedded =
        [.. _formed.Where(d => d.Detector.IsEmbedded)];

    /// <summary>Bit 2i: the cell is of the i-th kind; bit 2i + 1: it holds one.</summary>
    public static ulong Kinds(ReadOnlySpan<char> cell)
    {
        cell = cell.Trim();
        var kinds = 0ul;
        foreach (var (detector, index) in cell.Length < _byLength.Length ? _byLength[cell.Length] : [])
        {
            if (detector.Form!(cell)) kinds |= 1ul << (2 * index);
        }
        return kinds == 0 && cell.Length > 11 ? Within(cell) : kinds;
    }

    /// <summary>Looks at each run of characters that such values are made of.</summary>
    private static ulong Within(ReadOnlySpan<char> cell)
    {
        if (cell.Length > CharsMax) cell = cell[..CharsMax];
        var kinds = 0ul;
        while (cell.IndexOfAny(_token) is >= 0 and var begin)
        {
            cell = cell[begin..];
            var end = cell.IndexOfAnyExcept(_token);
            if (end < 0) end = cell.Length;
            if (end > 5) kinds |= InToken(cell[..end]);
            cell = cell[end..];
        }
        return kinds;
    }

    private static ulong InToken(ReadOnlySpan<char> token)
    {
        var kinds = Embedded(token.Trim("./!?&%#=-~*|{}'"));
        if (!token.ContainsAnyExcept(_lettersAndDigits)) return kinds;
        // In key=value, addresses of pages and JSON, a value stands among characters that others are made of.
        for (var rest = token; rest.IndexOfAny(_lettersAndDigits) is >= 0 and var begin;)
        {
            rest = rest[begin..];
            var end = rest.IndexOfAnyExcept(_lettersAndDigits);
            if (end < 0) end = rest.Length;
            kinds |= Embedded(rest[..end]);
            rest = rest[end..];
        }
        return kinds;
    }

    private static ulong Embedded(ReadOnlySpan<char> text)
    {
        var kinds = 0ul;
        foreach (var (detector, index) in _embedded)
        {
            if (Is(detector, text)) kinds |= 2ul << (2 * index);
        }
        return kinds;
    }

    private static bool Is(Detector detector, ReadOnlySpan<char> text) =>
        Fits(detector, text.Length) && detector.Form!(text);

    private static bool Fits(Detector detector, int length) =>
        length >= detector.Lengths.Min && length <= detector.Lengths.Max;

    private static (Detector Detector, int Index)[] OfLength(int length) =>
        [.. _formed.Where(d => Fits(d.Detector, length))];
}
