using System.Buffers;
using Apache.Arrow.Memory;

namespace Millrace.Engine.Supply;

/// <summary>
/// The memory that an Arrow file is read into: enough for one batch, whatever lengths the file tells. It is managed,
/// and so never given back by hand: a batch that is disposed takes along the dictionaries that the next one needs.
/// </summary>
internal sealed class ArrowMemory(string file, UnpackingBound bound) : MemoryAllocator
{
    private const int BytesMax = 512 << 20;

    private long _taken;

    /// <summary>What was read before is not needed any more.</summary>
    public void Renew() => _taken = 0;

    public SourceException TooLarge() => new(
        "batch-too-large",
        $"A batch of {file} takes more than {BytesMax >> 20} MiB; write the file with fewer rows in each batch.");

    protected override IMemoryOwner<byte> AllocateInternal(int length, out int bytesAllocated)
    {
        _taken += length;
        if (_taken > BytesMax) throw TooLarge();
        bound.Take(length);
        bytesAllocated = length;
        return new Managed(new byte[length]);
    }

    private sealed class Managed(byte[] bytes) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory => bytes;

        public void Dispose()
        {
        }
    }
}
