namespace Millrace.Log;

/// <summary>What both kinds of proof share.</summary>
internal static class MerklePath
{
    /// <summary>Where a tree of two or more entries splits: the largest power of two below its size.</summary>
    public static long Split(long size) => 1L << (int)long.Log2(size - 1);

    /// <summary>Whether every part of a proof is as long as a hash.</summary>
    public static bool AreHashes(IReadOnlyList<byte[]> proof, params ReadOnlySpan<byte[]> others)
    {
        foreach (var other in others)
        {
            if (other.Length != MerkleTree.HashSize)
                return false;
        }
        return proof.All(h => h.Length == MerkleTree.HashSize);
    }
}
