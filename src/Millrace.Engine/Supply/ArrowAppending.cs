using System.Text;
using Apache.Arrow;
using Apache.Arrow.Arrays;
using DuckDB.NET.Data;

namespace Millrace.Engine.Supply;

/// <summary>Ways in which the cells of an Arrow array are appended to rows of the engine.</summary>
internal static class ArrowAppending
{
    /// <summary>What is no UTF-8 must not silently become something else.</summary>
    private static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);

    private delegate ReadOnlySpan<byte> BytesOf(int row);

    public static AppendCell Nothing(IArrowArray array) => static (to, _) => Appended(to.AppendNullValue());

    public static AppendCell Truths(IArrowArray array)
    {
        var truths = (BooleanArray)array;
        return (to, row) => Appended(to.AppendValue(truths.GetValue(row)));
    }

    public static Func<IArrowArray, AppendCell> Values<T>(
        Func<IDuckDBAppenderRow, T, IDuckDBAppenderRow> append)
        where T : struct, IEquatable<T> => array =>
        {
            var values = (PrimitiveArray<T>)array;
            return (to, row) =>
                Appended(values.GetValue(row) is { } value ? append(to, value) : to.AppendNullValue());
        };

    /// <summary>Whole numbers, and what is stored as them.</summary>
    public static Func<IArrowArray, AppendCell> Integers(Func<long, long> change) => array =>
    {
        var whole = Whole(array);
        return (to, row) => Appended(whole(row) is { } value ? to.AppendValue(change(value)) : to.AppendNullValue());
    };

    public static AppendCell Texts(IArrowArray array)
    {
        var bytes = Spans(array);
        return (to, row) =>
        {
            if (array.IsNull(row)) return Appended(to.AppendNullValue());
            var text = bytes(row);
            return Appended(to.AppendValue(_strict.GetString(text)), text.Length);
        };
    }

    public static AppendCell Bytes(IArrowArray array)
    {
        var bytes = Spans(array);
        return (to, row) =>
        {
            if (array.IsNull(row)) return Appended(to.AppendNullValue());
            var cell = bytes(row);
            return Appended(to.AppendValue(cell.ToArray()), cell.Length);
        };
    }

    public static AppendCell Decimals(IArrowArray array)
    {
        Func<int, string?> text = array switch
        {
            Decimal32Array a => a.GetString,
            Decimal64Array a => a.GetString,
            Decimal128Array a => a.GetString,
            _ => ((Decimal256Array)array).GetString,
        };
        return (to, row) =>
            Appended(!array.IsNull(row) && text(row) is { } value ? to.AppendValue(value) : to.AppendNullValue());
    }

    /// <summary>Cells that are numbers of entries in a dictionary.</summary>
    public static Func<IArrowArray, AppendCell> Indexed(Func<IArrowArray, AppendCell> entries) => array =>
    {
        var indexed = (DictionaryArray)array;
        var (index, entry) = (Whole(indexed.Indices), entries(indexed.Dictionary));
        return (to, row) => index(row) is { } number
            ? entry(to, checked((int)number))
            : Appended(to.AppendNullValue());
    };

    private static Func<int, long?> Whole(IArrowArray array) => array switch
    {
        PrimitiveArray<sbyte> a => row => a.GetValue(row),
        PrimitiveArray<short> a => row => a.GetValue(row),
        PrimitiveArray<int> a => row => a.GetValue(row),
        PrimitiveArray<long> a => a.GetValue,
        PrimitiveArray<byte> a => row => a.GetValue(row),
        PrimitiveArray<ushort> a => row => a.GetValue(row),
        PrimitiveArray<uint> a => row => a.GetValue(row),
        _ => row => checked((long?)((PrimitiveArray<ulong>)array).GetValue(row)),
    };

    private static BytesOf Spans(IArrowArray array) => array switch
    {
        BinaryArray a => row => a.GetBytes(row),
        LargeBinaryArray a => row => a.GetBytes(row),
        BinaryViewArray a => row => a.GetBytes(row),
        _ => ((FixedSizeBinaryArray)array).GetBytes,
    };

    private static int Appended(IDuckDBAppenderRow _, int bytes = 0) => bytes;
}
