using Apache.Arrow;
using Apache.Arrow.Types;

namespace Millrace.Engine.Delivery;

/// <summary>
/// What stands beneath a NULL in the engine's memory is whatever was there before, a masked cell perhaps. Arrow writes
/// its buffers as they are: so that place is cleared first, and same rows are same bytes.
/// </summary>
internal static class ArrowCells
{
    public static RecordBatch Cleared(RecordBatch batch) => new(
        batch.Schema, batch.Arrays.Select(array => ArrowArrayFactory.BuildArray(Cleared(array.Data))), batch.Length);

    private static ArrayData Cleared(ArrayData data)
    {
        var buffers = data.Buffers.Select(b => b.Span.ToArray()).ToArray();
        var valid = buffers.Length > 0 ? buffers[0] : [];
        var end = data.Offset + data.Length;
        var bits = data.DataType is FixedWidthType { BitWidth: var width } ? width : 0;
        for (var i = 0; i < end && valid.Length > 0 && bits > 0; i++)
        {
            if (IsSet(valid, i))
                continue;
            if (bits < 8)
                Clear(buffers[1], i);
            else
                buffers[1].AsSpan(i * (bits / 8), bits / 8).Clear();
        }
        ClearFrom(valid, end);
        if (bits == 1)
            ClearFrom(buffers[1], end);
        else if (bits >= 8)
            buffers[1].AsSpan(Math.Min(end * (bits / 8), buffers[1].Length)).Clear();
        return new ArrayData(
            data.DataType, data.Length, data.NullCount, data.Offset, [.. buffers.Select(b => new ArrowBuffer(b))],
            data.Children?.Select(Cleared).ToArray() ?? [], data.Dictionary);
    }

    private static void ClearFrom(byte[] bitmap, int from)
    {
        for (var i = from; i < bitmap.Length * 8; i++)
            Clear(bitmap, i);
    }

    private static bool IsSet(byte[] bitmap, int index) => (bitmap[index >> 3] & (1 << (index & 7))) != 0;

    private static void Clear(byte[] bitmap, int index) => bitmap[index >> 3] &= (byte)~(1 << (index & 7));
}
