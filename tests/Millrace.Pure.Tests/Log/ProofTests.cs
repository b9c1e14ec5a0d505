using Millrace.Log;

namespace Millrace.Tests.Log;

public class ProofTests
{
    private const int SizeMax = 64;

    private static readonly StoredTiles Stored = StoredTiles.Of(SizeMax);
    private static readonly byte[][] Leaves = NaiveTree.Leaves(SizeMax);
    private static readonly byte[][] Roots =
        [.. Enumerable.Range(0, SizeMax + 1).Select(n => NaiveTree.Root(Leaves.AsSpan(0, n)))];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_entry_of_every_small_tree_is_proved_and_no_other_place_passes()
    {
        for (var size = 1; size <= SizeMax; size++)
        {
            for (var index = 0; index < size; index++)
            {
                var proof = await InclusionProof.BuildAsync(Stored, index, size, Cancel);
                for (var claimed = -1; claimed <= size; claimed++)
                    Assert.Equal(
                        claimed == index,
                        InclusionProof.Verify(Leaves[index], claimed, size, proof, Roots[size]));
                AssertNoEditPasses(proof, p => InclusionProof.Verify(Leaves[index], index, size, p, Roots[size]));
            }
        }
    }

    [Fact]
    public async Task Every_two_small_trees_are_proved_consistent_and_no_edit_passes()
    {
        for (var now = 0; now <= SizeMax; now++)
        {
            for (var was = 0; was <= now; was++)
            {
                var proof = await ConsistencyProof.BuildAsync(Stored, was, now, Cancel);
                Assert.True(ConsistencyProof.Verify(was, Roots[was], now, Roots[now], proof));
                Assert.False(ConsistencyProof.Verify(was, Flip(Roots[was], 9), now, Roots[now], proof));
                if (was > 0) // Every tree is consistent with the empty one, whatever its root.
                    Assert.False(ConsistencyProof.Verify(was, Roots[was], now, Flip(Roots[now], 9), proof));
                AssertNoEditPasses(proof, p => ConsistencyProof.Verify(was, Roots[was], now, Roots[now], p));
            }
        }
    }

    [Theory]
    [InlineData(70000, 0), InlineData(70000, 65535), InlineData(70000, 65536), InlineData(70000, 69999)]
    [InlineData(65537, 65536), InlineData(65536, 300), InlineData(257, 256)]
    public async Task Proofs_reach_over_the_levels_of_tiles(int size, int index)
    {
        var leaves = NaiveTree.Leaves(size);
        var stored = new StoredTiles().Append(leaves);
        var root = NaiveTree.Root(leaves);
        var inclusion = await InclusionProof.BuildAsync(stored, index, size, Cancel);
        Assert.True(InclusionProof.Verify(leaves[index], index, size, inclusion, root));
        var consistency = await ConsistencyProof.BuildAsync(stored, index, size, Cancel);
        Assert.True(ConsistencyProof.Verify(
            index, NaiveTree.Root(leaves.AsSpan(0, index)), size, root, consistency));
    }

    [Theory]
    [InlineData(5, 5), InlineData(-1, 5), InlineData(0, 0)]
    public async Task An_entry_outside_the_tree_has_no_proof(long index, long size)
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await InclusionProof.BuildAsync(Stored, index, size, Cancel));
        Assert.False(InclusionProof.Verify(Leaves[0], index, size, [], Leaves[0]));
    }

    [Fact]
    public async Task A_smaller_tree_has_no_proof_from_a_larger()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await ConsistencyProof.BuildAsync(Stored, 9, 8, Cancel));
        Assert.False(ConsistencyProof.Verify(9, Roots[9], 8, Roots[8], []));
    }

    [Fact]
    public void Equal_sizes_with_different_roots_are_not_consistent() =>
        Assert.False(ConsistencyProof.Verify(8, Roots[8], 8, Roots[7], []));

    [Fact]
    public async Task A_tile_that_is_too_short_gives_no_proof() =>
        await Assert.ThrowsAsync<InvalidDataException>(
            async () => await InclusionProof.BuildAsync(StoredTiles.Of(9), 3, 10, Cancel));

    private static void AssertNoEditPasses(IReadOnlyList<byte[]> proof, Func<IReadOnlyList<byte[]>, bool> verify)
    {
        Assert.True(verify(proof));
        Assert.False(verify([.. proof, new byte[MerkleTree.HashSize]]), "longer");
        for (var i = 0; i < proof.Count; i++)
        {
            Assert.False(verify([.. proof.Take(i), .. proof.Skip(i + 1)]), "shorter");
            Assert.False(verify([.. proof.Take(i), proof[i][..31], .. proof.Skip(i + 1)]), "cut");
            for (var at = 0; at < MerkleTree.HashSize; at++)
                Assert.False(verify([.. proof.Take(i), Flip(proof[i], at), .. proof.Skip(i + 1)]), "edited");
        }
    }

    private static byte[] Flip(byte[] hash, int at)
    {
        byte[] flipped = [.. hash];
        flipped[at] ^= 1;
        return flipped;
    }
}
