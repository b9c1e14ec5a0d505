namespace Millrace.Log;

/// <summary>That an entry is in a tree, at its place: RFC 6962 §2.1.1.</summary>
public static class InclusionProof
{
    /// <summary>Builds the proof from the tiles of the tree.</summary>
    /// <param name="index">The place of the entry, from 0.</param>
    /// <param name="size">Entries in the tree.</param>
    /// <returns>At most 63 hashes, the leaf's neighbour first.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The tree has no such entry.</exception>
    /// <exception cref="InvalidDataException">A tile is shorter than the tree demands.</exception>
    public static async ValueTask<IReadOnlyList<byte[]>> BuildAsync(
        ITiles tiles, long index, long size, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var reader = new TileReader(tiles, size, cancel);
        var proof = new List<byte[]>();
        var (start, end) = (0L, size);
        while (end - start > 1)
        {
            var split = start + MerklePath.Split(end - start);
            proof.Add(index < split ? await reader.RootAsync(split, end) : await reader.RootAsync(start, split));
            (start, end) = index < split ? (start, split) : (split, end);
        }
        proof.Reverse();
        return proof;
    }

    /// <summary>Checks the proof: RFC 9162 §2.1.3.2. Any input is answered; none throws.</summary>
    /// <param name="root">The root of the tree, from a checkpoint whose signature was verified.</param>
    public static bool Verify(
        ReadOnlySpan<byte> leafHash, long index, long size, IReadOnlyList<byte[]> proof, ReadOnlySpan<byte> root)
    {
        if (index < 0 || index >= size || leafHash.Length != MerkleTree.HashSize || !MerklePath.AreHashes(proof))
            return false;
        var (node, last) = (index, size - 1); // The place of the path, and the last place, on the level reached.
        var hash = leafHash.ToArray();
        foreach (var neighbour in proof)
        {
            if (last == 0)
                return false;
            if ((node & 1) == 0 && node < last)
            {
                hash = MerkleTree.HashChildren(hash, neighbour);
            }
            else
            {
                hash = MerkleTree.HashChildren(neighbour, hash);
                while ((node & 1) == 0 && node != 0) // A last node without a right neighbour rises as it is.
                    (node, last) = (node >> 1, last >> 1);
            }
            (node, last) = (node >> 1, last >> 1);
        }
        return last == 0 && root.SequenceEqual(hash);
    }
}
