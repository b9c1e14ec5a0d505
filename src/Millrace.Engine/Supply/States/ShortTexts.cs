namespace Millrace.Engine.Supply.States;

/// <summary>
/// Many short texts, one behind the other in blocks: an object for each would keep the garbage collector busy.
/// </summary>
internal sealed class ShortTexts
{
    private const int BlockBits = 16, BlockBytes = 1 << BlockBits;

    private readonly List<byte[]> _blocks = [];
    private int _used = BlockBytes; // Of the last block.

    /// <summary>Keeps a text of at most 255 bytes; where it is.</summary>
    public int Add(ReadOnlySpan<byte> text)
    {
        if (_used + 1 + text.Length > BlockBytes)
        {
            _blocks.Add(new byte[BlockBytes]);
            _used = 0;
        }
        var at = _used;
        _blocks[^1][at] = checked((byte)text.Length);
        text.CopyTo(_blocks[^1].AsSpan(at + 1));
        _used += 1 + text.Length;
        return ((_blocks.Count - 1) << BlockBits) | at;
    }

    public ReadOnlySpan<byte> At(int place)
    {
        var (block, at) = (_blocks[place >> BlockBits], place & (BlockBytes - 1));
        return block.AsSpan(at + 1, block[at]);
    }
}
