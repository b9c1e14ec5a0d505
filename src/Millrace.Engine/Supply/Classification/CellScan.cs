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
    private static readonly (Detector Detector, int Index)[][]
        _byLength = OfLengths(beginInHan: false), _byLengthInHan = OfLengths(beginInHan: true);

    private static readonly (Detector Detector, int Index)[] _embedded =
        [.. _formed.Where(d => d.Detector.IsEmbedded)];

    private static readonly (Detector Detector, int Index)[] _grouped =
        [.. _embedded.Where(d => d.Detector.Like is not null)];

    /// <summary>Those that look like a kind take the bits from the last one down.</summary>
    private static readonly ulong[] _like = [.. Detector.All.Select(d => d.Like is null ? 0 : BitOfLike(d))];

    private static readonly ulong _likes = _like.Aggregate((a, b) => a | b);

    private static readonly int _address = Detector.All.Select(d => d.Id).ToList().IndexOf("cn-address");

    /// <summary>The bit of cells that are of the i-th kind; none for a kind that has no form.</summary>
    public static ulong IsKind(int i) => Detector.All[i].Form is null ? 0 : 1ul << (2 * i);

    /// <summary>The bit of cells that hold one somewhere.</summary>
    public static ulong Holds(int i) => IsKind(i) << 1;

    /// <summary>The bits of cells that hold one, or what only looks so.</summary>
    public static ulong HoldsLike(int i) => _like[i] == 0 ? 0 : _like[i] | Holds(i);

    /// <summary>All that a cell is or holds, as bits.</summary>
    public static ulong Kinds(ReadOnlySpan<char> cell)
    {
        cell = cell.Trim();
        var kinds = 0ul;
        var byLength = cell.Length > 0 && ChineseForms.IsHan(cell[0]) ? _byLengthInHan : _byLength;
        foreach (var (detector, index) in cell.Length < byLength.Length ? byLength[cell.Length] : [])
        {
            if (detector.Form!(cell)) kinds |= 1ul << (2 * index);
        }
        return kinds == 0 && cell.Length > 11 ? Within(cell) : kinds;
    }

    /// <summary>Looks at each run of characters that such values are made of.</summary>
    private static ulong Within(ReadOnlySpan<char> cell)
    {
        if (cell.Length > CharsMax) cell = cell[..CharsMax];
        var kinds = InGroups(cell);
        if (ChineseForms.HoldsAddress(cell)) kinds |= Holds(_address);
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

    private static ulong Embedded(ReadOnlySpan<char> text) => Of(_embedded, text);

    private static ulong Of((Detector Detector, int Index)[] detectors, ReadOnlySpan<char> text)
    {
        var kinds = 0ul;
        foreach (var (detector, index) in detectors)
        {
            if (!Fits(detector, text.Length)) continue;
            if (detector.Form!(text)) kinds |= Holds(index);
            else if (detector.Like?.Invoke(text) is true) kinds |= _like[index];
        }
        return kinds;
    }

    /// <summary>Numbers that are written in groups: <c>138 0013 8000</c>. Days and times have shorter ones.</summary>
    private static ulong InGroups(ReadOnlySpan<char> cell)
    {
        var kinds = 0ul;
        for (var at = 0; at < cell.Length;)
        {
            if (cell[at..].IndexOfAnyInRange('0', '9') is not (>= 0 and var found)) break;
            var begin = at + found;
            at = EndOfDigits(cell, begin);
            var from = begin > 0 && cell[begin - 1] is '+' or '(' or '（' ? begin - 1 : begin;
            if (from > 0 && IsWord(cell[from - 1])) continue;
            for (var end = at; Next(cell, end) is > 0 and var next && next - from <= LongestNumber;)
            {
                end = EndOfDigits(cell, next);
                if (cell[from] != '+' && end - next < 3) break;
                if (end < cell.Length && IsWord(cell[end])) break;
                var told = Of(_grouped, cell[from..end]);
                kinds |= told;
                if ((told & ~_likes) != 0) at = end;
            }
        }
        return kinds;
    }

    private const int LongestNumber = 20;

    private static int EndOfDigits(ReadOnlySpan<char> cell, int begin)
    {
        while (begin < cell.Length && char.IsAsciiDigit(cell[begin])) begin++;
        return begin;
    }

    /// <summary>Where the next group of digits begins; 0: none follows.</summary>
    private static int Next(ReadOnlySpan<char> cell, int end)
    {
        if (end < cell.Length && cell[end] is ')' or '）') end++;
        if (end < cell.Length && cell[end] is ' ' or '-') end++;
        return end < cell.Length && char.IsAsciiDigit(cell[end]) && !char.IsAsciiDigit(cell[end - 1]) ? end : 0;
    }

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_';

    private static bool Fits(Detector detector, int length) =>
        length >= detector.Lengths.Min && length <= detector.Lengths.Max;

    private static ulong BitOfLike(Detector detector) =>
        1ul << (63 - Detector.All.Where(d => d.Like is not null).TakeWhile(d => d != detector).Count());

    private static (Detector Detector, int Index)[][] OfLengths(bool beginInHan)
    {
        var detectors = _formed.Where(d => d.Detector.BeginsInHan == beginInHan).ToList();
        return
        [
            .. Enumerable.Range(0, detectors.Max(d => d.Detector.Lengths.Max) + 1).Select(
                length => detectors.Where(d => Fits(d.Detector, length)).ToArray()),
        ];
    }
}
