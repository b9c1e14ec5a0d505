using CsCheck;
using Millrace.Log;

namespace Millrace.Tests.Log;

public class TreeEdgeTests
{
    [Theory]
    [InlineData(0), InlineData(1), InlineData(2), InlineData(3), InlineData(255), InlineData(256), InlineData(257)]
    [InlineData(511), InlineData(512), InlineData(65535), InlineData(65536), InlineData(65537), InlineData(70000)]
    public void The_root_is_that_of_the_written_definition(int size)
    {
        var leaves = NaiveTree.Leaves(size);
        var edge = TreeEdge.Empty.Append(leaves).Next;
        Assert.Equal(size, edge.Size);
        Assert.Equal(NaiveTree.Root(leaves), edge.Root());
    }

    /// <summary>The eight leaves and roots that certificate transparency implementations test with.</summary>
    [Theory]
    [InlineData(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData(2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")]
    [InlineData(4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4")]
    [InlineData(6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef")]
    [InlineData(7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c")]
    [InlineData(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
    public void The_root_is_that_of_the_known_vectors(int size, string root)
    {
        string[] entries =
        [
            "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
        ];
        var leaves = entries.Take(size).Select(e => MerkleTree.HashLeaf(Convert.FromHexString(e))).ToArray();
        Assert.Equal(root, Convert.ToHexStringLower(TreeEdge.Empty.Append(leaves).Next.Root()));
    }

    [Fact]
    public void Appending_in_chunks_equals_appending_at_once() =>
        Gen.Int[0, 700].Array[1, 6].Sample(chunks =>
        {
            var leaves = NaiveTree.Leaves(chunks.Sum());
            var grown = new StoredTiles();
            foreach (var chunk in chunks)
            {
                grown.Append([.. leaves.Skip((int)grown.Edge.Size).Take(chunk)]);
                Assert.Equal(NaiveTree.Root(leaves.AsSpan(0, (int)grown.Edge.Size)), grown.Edge.Root());
            }
            var atOnce = new StoredTiles().Append(leaves);
            Assert.Equal(atOnce.Tiles.OrderBy(Place), grown.Tiles.OrderBy(Place));
        }, iter: 50);

    [Theory]
    [InlineData(0), InlineData(1), InlineData(256), InlineData(300), InlineData(65536), InlineData(65800)]
    public void A_restored_edge_goes_on_like_the_one_that_was_lost(int size)
    {
        var leaves = NaiveTree.Leaves(size + 300);
        var before = new StoredTiles().Append(leaves[..size]);
        var restored = TreeEdge.Restore(size, a => before.Tiles[a]);
        Assert.Equal(before.Edge.Root(), restored.Root());
        Assert.Equal(NaiveTree.Root(leaves), restored.Append(leaves[size..]).Next.Root());
    }

    [Fact]
    public void An_edge_can_be_restored_from_tiles_that_have_grown_since()
    {
        var grown = StoredTiles.Of(700);
        Assert.Equal(NaiveTree.Root(NaiveTree.Leaves(530)), TreeEdge.Restore(530, a => grown.Tiles[a]).Root());
    }

    [Fact]
    public void A_tile_that_is_too_short_is_refused()
    {
        var stored = StoredTiles.Of(10);
        Assert.Throws<InvalidDataException>(() => TreeEdge.Restore(11, a => stored.Tiles[a]));
    }

    [Fact]
    public void An_edge_does_not_change_when_it_is_appended_to()
    {
        var edge = StoredTiles.Of(300).Edge;
        var root = edge.Root();
        edge.Append(NaiveTree.Leaves(600));
        Assert.Equal(root, edge.Root());
        Assert.Equal(300, edge.Size);
    }

    [Fact]
    public void A_hash_of_the_wrong_length_is_refused() =>
        Assert.Throws<ArgumentException>(() => TreeEdge.Empty.Append([new byte[31]]));

    private static (int, long) Place(KeyValuePair<TileAddress, byte[]> tile) => (tile.Key.Level, tile.Key.Number);
}
