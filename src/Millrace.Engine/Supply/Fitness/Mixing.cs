namespace Millrace.Engine.Supply.Fitness;

/// <summary>Hashes that are the same in every process and on every machine.</summary>
internal static class Mixing
{
    private const ulong Begin = 0xCBF29CE484222325, Prime = 0x100000001B3; // FNV-1a of 64 bits.

    public static ulong Of(ReadOnlySpan<char> text)
    {
        var hash = Begin;
        foreach (var c in text)
            hash = (hash ^ c) * Prime;
        return Mixed(hash);
    }

    /// <summary>The finaliser of SplitMix64: each bit depends on all.</summary>
    public static ulong Mixed(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
