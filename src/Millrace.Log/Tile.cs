using System.Globalization;

namespace Millrace.Log;

/// <summary>
/// Where a tile lies: hash <c>i</c> of tile <c>(level, number)</c> is the root over the 256^level entries that begin
/// at <c>(number · 256 + i) · 256^level</c>. C2SP tlog-tiles.
/// </summary>
/// <param name="Level">0 (over the entries) to 7.</param>
/// <param name="Number">From 0, left to right.</param>
public readonly record struct TileAddress(int Level, long Number)
{
    /// <summary>The highest level that a size of 63 bits can have.</summary>
    public const int LevelMax = 7;

    /// <summary>Where the tile is published: <c>tile/0/x001/x234/067</c>, partial ones with <c>.p/8</c>.</summary>
    /// <param name="width">Hashes in the tile, 1 to 256.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative, or the width is not 1 to 256.</exception>
    public string Path(int width = MerkleTree.TileWidth) =>
        string.Create(CultureInfo.InvariantCulture, $"tile/{Level}/{PathOf(Number, width)}");

    /// <summary>Where the entries below a tile of level 0 are published, as a bundle.</summary>
    /// <param name="width">Entries in the bundle, 1 to 256.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative, or the width is not 1 to 256.</exception>
    public static string BundlePath(long number, int width = MerkleTree.TileWidth) =>
        $"tile/entries/{PathOf(number, width)}";

    /// <summary>
    /// Reads what follows <c>tile/&lt;level&gt;/</c> or <c>tile/entries/</c> in a path. Only the one form that
    /// <see cref="Path"/> gives is read.
    /// </summary>
    public static bool TryParseNumber(string path, out long number, out int width)
    {
        (number, width) = (0, MerkleTree.TileWidth);
        var parts = path.Split(".p/");
        if (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out width))
            return false;
        var digits = parts[0].Replace("/", "", StringComparison.Ordinal).Replace("x", "", StringComparison.Ordinal);
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && width is > 0 and <= MerkleTree.TileWidth
            && PathOf(number, width) == path;
    }

    /// <summary>How many hashes of this tile a tree of <paramref name="size"/> entries has: 0 to 256.</summary>
    public int WidthIn(long size)
    {
        var (full, rest) = Level is >= 0 and <= LevelMax
            ? Math.DivRem(size >> 8 * Level, MerkleTree.TileWidth)
            : default;
        return Number < 0 || Number > full ? 0 : Number < full ? MerkleTree.TileWidth : (int)rest;
    }

    private static string PathOf(long number, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, MerkleTree.TileWidth);
        var path = (number % 1000).ToString("D3", CultureInfo.InvariantCulture);
        while ((number /= 1000) > 0)
            path = string.Create(CultureInfo.InvariantCulture, $"x{number % 1000:D3}/{path}");
        return width == MerkleTree.TileWidth
            ? path
            : string.Create(CultureInfo.InvariantCulture, $"{path}.p/{width}");
    }
}

/// <summary>A tile: 1 to 256 hashes of one level of the tree, one behind the other.</summary>
public sealed record Tile(TileAddress Address, ReadOnlyMemory<byte> Hashes)
{
    /// <summary>Hashes in the tile. A partial tile has fewer than 256 and is replaced as the log grows.</summary>
    public int Width => Hashes.Length / MerkleTree.HashSize;
}
