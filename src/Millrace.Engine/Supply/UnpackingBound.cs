namespace Millrace.Engine.Supply;

/// <summary>What may still come out of a file that holds more than its size.</summary>
/// <param name="packed">The size of the file, in bytes.</param>
internal sealed class UnpackingBound(string name, long packed, long bytesMax, CancellationToken cancel)
{
    /// <summary>Text packs some ten times smaller; only what is made to fill disks packs so much.</summary>
    private const int RatioMax = 1_000;

    private const long RatioFrom = 64L << 20;

    private long _taken;

    /// <exception cref="SourceException">That is too much.</exception>
    public void Take(long bytes)
    {
        cancel.ThrowIfCancellationRequested();
        _taken += bytes;
        if (_taken > bytesMax || (_taken > RatioFrom && _taken / packed > RatioMax))
            throw new SourceException(
                "unpacks-too-far",
                $"{name} unpacks to more than can be taken ({bytesMax} bytes, or {RatioMax} times its size); hand "
                + "it in unpacked and in parts.");
    }
}
