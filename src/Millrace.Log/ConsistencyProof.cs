namespace Millrace.Log;

/// <summary>That a tree only grew: an older tree is the beginning of a newer one. RFC 6962 §2.1.2.</summary>
public static class ConsistencyProof
{
    /// <summary>Builds the proof from the tiles of the newer tree.</summary>
    /// <returns>At most 64 hashes; none where the older tree is empty or the same.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative, or the older exceeds the newer.</exception>
    /// <exception cref="InvalidDataException">A tile is shorter than the tree demands.</exception>
    public static async ValueTask<IReadOnlyList<byte[]>> BuildAsync(
        ITiles tiles, long oldSize, long newSize, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(oldSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(oldSize, newSize);
        var proof = new List<byte[]>();
        if (oldSize == 0 || oldSize == newSize)
            return proof;
        var reader = new TileReader(tiles, newSize, cancel);
        var (start, end) = (0L, newSize);
        while (end != oldSize)
        {
            var split = start + MerklePath.Split(end - start);
            var left = oldSize <= split;
            proof.Add(left ? await reader.RootAsync(split, end) : await reader.RootAsync(start, split));
            (start, end) = left ? (start, split) : (split, end);
        }
        if (start > 0) // Otherwise the old tree is itself a node of the new one, and its root is known.
            proof.Add(await reader.RootAsync(start, end));
        proof.Reverse();
        return proof;
    }

    /// <summary>Checks the proof: RFC 9162 §2.1.4.2. Any input is answered; none throws.</summary>
    public static bool Verify(
        long oldSize, byte[] oldRoot, long newSize, byte[] newRoot, IReadOnlyList<byte[]> proof)
    {
        if (oldSize < 0 || oldSize > newSize || !MerklePath.AreHashes(proof, oldRoot, newRoot))
            return false;
        if (oldSize == newSize)
            return proof.Count == 0 && oldRoot.AsSpan().SequenceEqual(newRoot)
                && (oldSize > 0 || oldRoot.AsSpan().SequenceEqual(MerkleTree.EmptyRoot));
        if (oldSize == 0)
            return proof.Count == 0 && oldRoot.AsSpan().SequenceEqual(MerkleTree.EmptyRoot);
        IReadOnlyList<byte[]> path = long.IsPow2(oldSize) ? [oldRoot, .. proof] : proof;
        return path.Count > 0 && Climb(path, oldSize, newSize) is var (was, now)
            && oldRoot.AsSpan().SequenceEqual(was) && newRoot.AsSpan().SequenceEqual(now);
    }

    /// <summary>Both roots that follow from the path, or null where it has the wrong length.</summary>
    private static (byte[] Was, byte[] Now)? Climb(IReadOnlyList<byte[]> path, long oldSize, long newSize)
    {
        var (node, last) = (oldSize - 1, newSize - 1);
        while ((node & 1) == 1)
            (node, last) = (node >> 1, last >> 1);
        var (was, now) = (path[0], path[0]);
        foreach (var neighbour in path.Skip(1))
        {
            if (last == 0)
                return null;
            if ((node & 1) == 1 || node == last)
            {
                (was, now) = (MerkleTree.HashChildren(neighbour, was), MerkleTree.HashChildren(neighbour, now));
                while ((node & 1) == 0 && node != 0)
                    (node, last) = (node >> 1, last >> 1);
            }
            else
            {
                now = MerkleTree.HashChildren(now, neighbour); // Added since.
            }
            (node, last) = (node >> 1, last >> 1);
        }
        return last == 0 ? (was, now) : null;
    }
}
