using CsCheck;
using Millrace.Log;

namespace Millrace.Tests.Log;

public class TileTests
{
    [Theory]
    [InlineData(0, 0, 256, "tile/0/000")]
    [InlineData(0, 999, 256, "tile/0/999")]
    [InlineData(1, 1000, 256, "tile/1/x001/000")]
    [InlineData(0, 1234067, 256, "tile/0/x001/x234/067")]
    [InlineData(2, 1234067, 8, "tile/2/x001/x234/067.p/8")]
    [InlineData(0, 273, 112, "tile/0/273.p/112")]
    public void A_tile_has_the_path_of_tlog_tiles(int level, long number, int width, string path) =>
        Assert.Equal(path, new TileAddress(level, number).Path(width));

    [Fact]
    public void A_bundle_has_the_path_of_tlog_tiles() =>
        Assert.Equal("tile/entries/x001/x234/067.p/8", TileAddress.BundlePath(1234067, 8));

    [Fact]
    public void A_path_reads_back() =>
        Gen.Select(Gen.Long[0, long.MaxValue], Gen.Int[0, 62], Gen.Int[1, 256]).Sample((bits, shift, width) =>
        {
            var path = TileAddress.BundlePath(bits >> shift, width)["tile/entries/".Length..];
            Assert.True(TileAddress.TryParseNumber(path, out var number, out var read));
            Assert.Equal((bits >> shift, width), (number, read));
        });

    [Theory]
    [InlineData(""), InlineData("1"), InlineData("0001"), InlineData("001/002"), InlineData("x000/001")]
    [InlineData("x001"), InlineData("001.p/256"), InlineData("001.p/0"), InlineData("001.p/01"), InlineData("001.p/")]
    [InlineData("001.p/-1"), InlineData("001.p/1.p/1")]
    [InlineData("../001"), InlineData("/001"), InlineData("001/"), InlineData("-01")]
    [InlineData("x009/x223/x372/x036/x854/x775/808")] // 2^63.
    public void A_path_of_another_form_is_not_read(string path) =>
        Assert.False(TileAddress.TryParseNumber(path, out _, out _));

    [Theory]
    [InlineData(0), InlineData(257), InlineData(-1)]
    public void There_is_no_tile_of_an_impossible_width(int width) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TileAddress(0, 0).Path(width));

    [Theory]
    [InlineData(70000, 0, 273, 112), InlineData(70000, 0, 272, 256), InlineData(70000, 0, 274, 0)]
    [InlineData(70000, 1, 0, 256), InlineData(70000, 1, 1, 17), InlineData(70000, 2, 0, 1), InlineData(70000, 3, 0, 0)]
    [InlineData(70000, 8, 0, 0), InlineData(70000, -1, 0, 0), InlineData(70000, 0, -1, 0)]
    [InlineData(70000, 0, long.MaxValue, 0), InlineData(long.MaxValue, 7, 0, 127)]
    public void The_width_of_a_tile_follows_from_the_size(long size, int level, long number, int width) =>
        Assert.Equal(width, new TileAddress(level, number).WidthIn(size));

    [Theory]
    [InlineData(1), InlineData(255), InlineData(256), InlineData(257), InlineData(65536), InlineData(70000)]
    public void Exactly_the_tiles_of_the_size_are_stored(int size)
    {
        var tiles = StoredTiles.Of(size).Tiles;
        Assert.All(tiles, t => Assert.Equal(t.Key.WidthIn(size), t.Value.Length / MerkleTree.HashSize));
        Assert.All(tiles, t => Assert.NotEmpty(t.Value));
        Assert.Equal(Enumerable.Range(0, 3).Sum(level => ((size >> 8 * level) + 255) / 256), tiles.Count);
    }
}
