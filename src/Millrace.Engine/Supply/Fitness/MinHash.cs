using System.Numerics;

namespace Millrace.Engine.Supply.Fitness;

/// <summary>
/// The signature of a text: of each of 128 orders of its shingles (five characters in a row, lower case, white space as
/// one blank) the least. The share of equal places of two signatures estimates how many of all shingles of two texts
/// both have (Broder 1997), to about 0.035.
/// </summary>
internal sealed class MinHash
{
    public const int Length = 128;

    private const int ShingleLength = 5;

    private static readonly uint[] _factors = Constants(0, oddOnly: true);
    private static readonly uint[] _addends = Constants(Length, oddOnly: false);

    private readonly uint[] _least = new uint[Length];

    private MinHash() => Array.Fill(_least, uint.MaxValue);

    /// <summary>The least shingle of one more order: near texts mostly share it, so samples are taken by it.</summary>
    public ulong Sample { get; private set; } = ulong.MaxValue;

    public static MinHash Of(string text)
    {
        var hash = new MinHash();
        Span<char> last = stackalloc char[ShingleLength];
        var count = 0;
        foreach (var raw in text)
        {
            var c = char.IsWhiteSpace(raw) ? ' ' : char.ToLowerInvariant(raw);
            if (c == ' ' && (count == 0 || last[^1] == ' ')) continue;
            last[1..].CopyTo(last);
            last[^1] = c;
            if (++count >= ShingleLength) hash.Add(Mixing.Of(last));
        }
        return hash;
    }

    /// <summary>The estimated share of shingles that both texts have, 0 to 1.</summary>
    public double Likeness(MinHash other)
    {
        var same = 0;
        for (var i = 0; i < Length; i++)
            same += _least[i] == other._least[i] ? 1 : 0;
        return (double)same / Length;
    }

    /// <summary>A name for some places of the signature.</summary>
    public ulong Band(int from, int length)
    {
        var name = (ulong)from;
        for (var i = from; i < from + length; i++)
            name = Mixing.Mixed(name ^ _least[i]);
        return name;
    }

    private void Add(ulong shingle)
    {
        Sample = Math.Min(Sample, shingle);
        var each = new Vector<uint>((uint)(shingle >> 32));
        for (var i = 0; i < Length; i += Vector<uint>.Count)
        {
            var moved = (each * new Vector<uint>(_factors, i)) + new Vector<uint>(_addends, i);
            Vector.Min(moved, new Vector<uint>(_least, i)).CopyTo(_least, i);
        }
    }

    private static uint[] Constants(int from, bool oddOnly) =>
        [.. Enumerable.Range(from, Length).Select(i => (uint)Mixing.Mixed((ulong)i + 1) | (oddOnly ? 1u : 0u))];
}
