using System.Globalization;
using System.Text;
using Apache.Arrow;

namespace Millrace.Engine.Supply.Classification;

/// <summary>Counts the kinds of the cells of one column.</summary>
internal sealed class KindCounter
{
    private readonly Dictionary<ulong, long> _counts = [];
    private char[] _chars = new char[CellScan.CharsMax];
    private ulong _last; // Neighbours are often of the same kinds: they are counted together.
    private long _times;

    /// <summary>Of all cells so far.</summary>
    public IReadOnlyDictionary<ulong, long> Counts
    {
        get
        {
            Note();
            return _counts;
        }
    }

    /// <param name="cells">As <see cref="KindReader"/> asks for them by the column's type.</param>
    public void Add(IArrowArray cells)
    {
        switch (cells)
        {
            case Int64Array numbers: AddNumbers(numbers); break;
            case StringArray texts: AddTexts(texts); break;
            default: throw new InvalidOperationException($"Cells of {cells.GetType().Name} are not asked for.");
        }
    }

    private void AddNumbers(Int64Array numbers)
    {
        var values = numbers.Values;
        for (var i = 0; i < values.Length; i++)
        {
            if (numbers.IsNull(i))
                continue;
            if (_times > 0 && i > 0 && values[i] == values[i - 1] && !numbers.IsNull(i - 1))
            {
                _times++; // Codes of a sorted table repeat.
                continue;
            }
            values[i].TryFormat(_chars, out var length, provider: CultureInfo.InvariantCulture);
            Add(CellScan.Kinds(_chars.AsSpan(0, length)));
        }
    }

    private void AddTexts(StringArray texts)
    {
        ReadOnlySpan<int> ends = texts.ValueOffsets;
        var bytes = texts.Values;
        for (var i = 0; i < texts.Length; i++)
        {
            if (texts.IsNull(i))
                continue;
            var text = bytes[ends[i]..ends[i + 1]];
            if (text.Length > _chars.Length)
                _chars = new char[text.Length];
            Add(CellScan.Kinds(_chars.AsSpan(0, Encoding.UTF8.GetChars(text, _chars))));
        }
    }

    private void Add(ulong kinds)
    {
        if (kinds != _last)
            Note();
        (_last, _times) = (kinds, _times + 1);
    }

    private void Note()
    {
        if (_times > 0)
            _counts[_last] = _counts.GetValueOrDefault(_last) + _times;
        _times = 0;
    }
}
