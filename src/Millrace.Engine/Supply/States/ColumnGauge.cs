using System.Buffers;
using System.IO.Hashing;
using System.Numerics;
using System.Runtime.Intrinsics;
using Apache.Arrow;
using Millrace.Protocol.Policies;
using Column = Millrace.Protocol.Policies.Column;

namespace Millrace.Engine.Supply.States;

/// <summary>Takes the cells of a column, batch by batch, and gives its state.</summary>
internal sealed class ColumnGauge
{
    private const int BucketsMax = 16_384;
    private const long DayFirst = -719_162, DayLast = 2_932_896; // 0001-01-01 and 9999-12-31.

    // Control characters but for tab and line ends; 0xEF begins U+FFFD, among others.
    private static readonly SearchValues<byte> _suspects = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Except([0x09, 0x0A, 0x0D]).Append(0x7F).Append(0xEF).Select(b => (byte)b)]);

    private readonly Column _column;
    private readonly (long First, long Last) _known;
    private readonly ValueSketch.Builder _values;
    private readonly Buckets.Builder? _buckets;
    private readonly ExactSums.Builder? _sums;
    private long _count, _sound, _defects, _lengthMax, _lengthMin = long.MaxValue;
    private ulong _least = ulong.MaxValue, _greatest;
    private byte[]? _leastText, _greatestText;
    private readonly List<long> _firstNulls = [], _firstDefects = [];
    private long _rows;

    /// <param name="valuesMax">How many different values are kept.</param>
    public ColumnGauge(Column column, int valuesMax)
    {
        (_column, _known) = (column, Known(column.Type));
        _values = new ValueSketch.Builder(valuesMax, ColumnState.IsText(column.Type));
        _buckets = ColumnState.IsPlaced(column.Type)
            ? new Buckets.Builder(Math.Min(valuesMax, BucketsMax))
            : null;
        _sums = ColumnFigures.IsNumeric(column.Type) ? new ExactSums.Builder() : null;
    }

    /// <summary>The first and the last date or moment of the years 1 to 9999.</summary>
    public static (long First, long Last) Known(ColumnType type) => type == ColumnType.Date
        ? (DayFirst, DayLast)
        : (DayFirst * TimeSpan.MicrosecondsPerDay, ((DayLast + 1) * TimeSpan.MicrosecondsPerDay) - 1);

    /// <param name="cells">As <see cref="StateReader"/> asks for them by the column's type.</param>
    /// <param name="numbers">Of decimals, as doubles.</param>
    public void Add(IArrowArray cells, IArrowArray? numbers)
    {
        _count += cells.Length - cells.NullCount;
        var defects = _defects;
        switch (cells)
        {
            case Int64Array when _column.Type == ColumnType.Binary: break;
            case Int64Array integers: AddIntegers(Present(cells, integers.Values)); break;
            case DoubleArray doubles: AddNumbers(Present(cells, doubles.Values)); break;
            case Date32Array days: AddPlaced(Present(cells, days.Values), int.MaxValue); break;
            case TimestampArray moments: AddPlaced(Present(cells, moments.Values), long.MaxValue); break;
            case Time64Array times: AddKeys(Present(cells, times.Values)); break;
            case StringArray texts: EachText(texts, numbers is DoubleArray places ? places.Values : []); break;
            default: throw new InvalidOperationException($"Cells of {cells.GetType().Name} are not asked for.");
        }
        if (cells.NullCount > 0)
            Note(_firstNulls, cells, cells.IsNull);
        // Looked for only where there is one: most batches have none, and each cell was seen once already.
        if (_defects > defects)
            Note(_firstDefects, cells, i => !cells.IsNull(i) && IsDefect(cells, i));
        _rows += cells.Length;
    }

    public ColumnState Build()
    {
        var hasSound = _sound > 0 && _column.Type != ColumnType.Binary;
        return new ColumnState(
            _column, _count, _sound, _defects,
            hasSound ? new Extreme(_leastText is null ? _least : 0, _leastText) : null,
            hasSound ? new Extreme(_greatestText is null ? _greatest : 0, _greatestText) : null,
            _count > 0 && _column.Type == ColumnType.Text ? _lengthMin : 0, _lengthMax,
            _column.Type == ColumnType.Binary ? null : _values.Build(), _buckets?.Build(), _sums?.Build(),
            _firstNulls, _firstDefects);
    }

    private void Note(List<long> first, IArrowArray cells, Func<int, bool> isOne)
    {
        for (var i = 0; i < cells.Length && first.Count < TableEvidence.RowsMax; i++)
        {
            if (isOne(i))
                first.Add(_rows + i + 1);
        }
    }

    private bool IsDefect(IArrowArray cells, int i) => cells switch
    {
        DoubleArray numbers => !double.IsFinite(numbers.Values[i]),
        Date32Array days => IsUnknown(days.Values[i]),
        TimestampArray moments => IsUnknown(moments.Values[i]),
        StringArray texts => IsDefect(texts.GetBytes(i)),
        _ => false,
    };

    private bool IsUnknown(long position) => position < _known.First || position > _known.Last;

    /// <summary>The values of those cells that have one.</summary>
    private static ReadOnlySpan<T> Present<T>(IArrowArray cells, ReadOnlySpan<T> values)
    {
        if (cells.NullCount == 0)
            return values;
        var present = new T[cells.Length - cells.NullCount];
        for (int i = 0, at = 0; i < cells.Length; i++)
        {
            if (!cells.IsNull(i))
                present[at++] = values[i];
        }
        return present;
    }

    private void EachText(StringArray texts, ReadOnlySpan<double> numbers)
    {
        var (hasNulls, isDecimal) = (texts.NullCount > 0, _column.Type == ColumnType.Decimal);
        ReadOnlySpan<int> ends = texts.ValueOffsets;
        var bytes = texts.Values;
        for (var i = 0; i < texts.Length; i++)
        {
            if (hasNulls && texts.IsNull(i))
                continue;
            var text = bytes[ends[i]..ends[i + 1]];
            if (isDecimal)
                AddDecimal(Canonical(text), numbers[i]);
            else
                AddText(text);
        }
    }

    // One loop for each kind of table: while one cell waits for memory, the next ones are on their way.

    private void AddIntegers(ReadOnlySpan<long> numbers)
    {
        AddKeys(numbers);
        if (_sums is null)
            return; // A boolean.
        foreach (var number in numbers)
            _buckets!.Add(number);
        foreach (var number in numbers)
            _sums.Add(number);
    }

    private void AddNumbers(ReadOnlySpan<double> numbers)
    {
        foreach (var number in numbers)
            _values.Add(Order64.Mix(Order64.Of(number)));
        foreach (var number in numbers)
        {
            if (!double.IsFinite(number))
            {
                _defects++;
                continue;
            }
            AddKey(Order64.Of(number));
            _buckets!.Add(number);
            _sums!.Add(number);
        }
    }

    /// <param name="infinity">Its negative is one, too.</param>
    private void AddPlaced<T>(ReadOnlySpan<T> positions, T infinity)
        where T : IBinaryInteger<T>
    {
        foreach (var position in positions)
            _values.Add(Order64.Mix(Order64.Of(long.CreateTruncating(position))));
        foreach (var placed in positions)
        {
            var position = long.CreateTruncating(placed);
            if (IsUnknown(position))
                _defects++;
            if (placed == infinity || placed == -infinity)
                continue;
            AddKey(Order64.Of(position));
            _buckets!.Add(position);
        }
    }

    private void AddKeys(ReadOnlySpan<long> numbers)
    {
        foreach (var number in numbers)
            _values.Add(Order64.Mix(Order64.Of(number)));
        foreach (var number in numbers)
            AddKey(Order64.Of(number));
    }

    private void AddKey(ulong key)
    {
        _sound++;
        _least = Math.Min(_least, key);
        _greatest = Math.Max(_greatest, key);
    }

    private void AddText(ReadOnlySpan<byte> text)
    {
        _sound++;
        _values.Add(XxHash3.HashToUInt64(text), text);
        var beginning = TextBeginning.Kept(text);
        if (_leastText is null || beginning.SequenceCompareTo(_leastText) < 0)
            _leastText = beginning.ToArray();
        if (_greatestText is null || beginning.SequenceCompareTo(_greatestText) > 0)
            _greatestText = beginning.ToArray();
        var length = LengthOf(text);
        _lengthMin = Math.Min(_lengthMin, length);
        _lengthMax = Math.Max(_lengthMax, length);
        if (IsDefect(text))
            _defects++;
    }

    private void AddDecimal(ReadOnlySpan<byte> text, double number)
    {
        _sound++;
        _values.Add(XxHash3.HashToUInt64(text), text);
        if (_leastText is null || Extreme.CompareDecimals(text, _leastText) < 0)
            _leastText = text.ToArray();
        if (_greatestText is null || Extreme.CompareDecimals(text, _greatestText) > 0)
            _greatestText = text.ToArray();
        _buckets!.Add(number);
        _sums!.Add(number);
    }

    /// <summary>The same text in files with more and fewer places: <c>.50</c> and <c>0.5</c> are one.</summary>
    public static ReadOnlySpan<byte> Canonical(ReadOnlySpan<byte> text)
    {
        if (text.Contains((byte)'.'))
            text = text.TrimEnd((byte)'0').TrimEnd((byte)'.');
        return text switch
        {
            [] or [(byte)'-'] => "0"u8,
            [(byte)'.', ..] => (byte[])[(byte)'0', .. text],
            [(byte)'-', (byte)'.', ..] => (byte[])[(byte)'-', (byte)'0', .. text[1..]],
            _ => text,
        };
    }

    /// <summary>The characters of a text: bytes but for those that go on with one.</summary>
    private static long LengthOf(ReadOnlySpan<byte> text)
    {
        long length = text.Length;
        for (; text.Length >= Vector128<byte>.Count; text = text[Vector128<byte>.Count..])
        {
            var goesOn = Vector128.LessThan(Vector128.Create(text).AsSByte(), Vector128.Create((sbyte)-0x40));
            length -= BitOperations.PopCount(goesOn.ExtractMostSignificantBits());
        }
        foreach (var b in text)
        {
            if ((b & 0xC0) == 0x80)
                length--;
        }
        return length;
    }

    private static bool IsDefect(ReadOnlySpan<byte> text)
    {
        while (text.IndexOfAny(_suspects) is >= 0 and var at)
        {
            text = text[at..];
            if (text[0] != 0xEF || text.StartsWith("\uFFFD"u8))
                return true;
            text = text[1..];
        }
        return false;
    }
}
