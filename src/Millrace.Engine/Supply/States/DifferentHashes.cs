using System.Numerics;
using Apache.Arrow;
using Millrace.Engine.Duck;

namespace Millrace.Engine.Supply.States;

/// <summary>
/// Counts the different ones of many 64-bit hashes in bounded memory: a share of their range after the other, and each
/// share in sets that are small enough for the processor's cache.
/// </summary>
internal sealed class DifferentHashes
{
    /// <summary>Some 40 MB; more hashes are read in several shares.</summary>
    private const long OfAShareMax = 1 << 21;

    private const int SetBits = 8, WaitingMax = 4096, SlotsMin = 4096;

    private readonly ulong[][] _waiting = new ulong[1 << SetBits][];
    private readonly int[] _waits = new int[1 << SetBits];
    private readonly ulong[][] _sets = new ulong[1 << SetBits][]; // 0: the slot is free.
    private readonly int[] _counts = new int[1 << SetBits];
    private readonly int _setsFrom;
    private bool _hasZero;

    /// <param name="shareBits">The first bits, which are the same in all.</param>
    private DifferentHashes(int shareBits)
    {
        _setsFrom = 64 - SetBits - shareBits;
        for (var i = 0; i < _sets.Length; i++)
            (_waiting[i], _sets[i]) = (new ulong[WaitingMax], new ulong[SlotsMin]);
    }

    /// <param name="table">Has a column <c>h</c>, UBIGINT, without nulls.</param>
    /// <param name="rows">How many it has, about.</param>
    public static long Count(DuckSession session, string table, long rows)
    {
        var shareBits = BitOperations.Log2(((ulong)(rows / OfAShareMax) * 2) + 1);
        var count = 0L;
        var hashes = new DifferentHashes(shareBits); // The sets of one share serve the next.
        for (var share = 0ul; share < 1ul << shareBits; share++)
        {
            var (first, last) = (share << (64 - shareBits), ((share + 1) << (64 - shareBits)) - 1);
            var within = shareBits == 0 ? "" : $" WHERE h BETWEEN {first} AND {last}";
            session.ReadArrow(
                $"SELECT h FROM {table}{within}", batch => hashes.Add(((UInt64Array)batch.Column(0)).Values));
            count += hashes.Ended();
        }
        return count;
    }

    private void Add(ReadOnlySpan<ulong> hashes)
    {
        foreach (var hash in hashes)
        {
            var set = (int)(hash >> _setsFrom) & ((1 << SetBits) - 1);
            _waiting[set][_waits[set]++] = hash;
            if (_waits[set] == WaitingMax)
                Take(set);
        }
    }

    /// <summary>Ends a share: how many different ones it had.</summary>
    private long Ended()
    {
        for (var set = 0; set < _sets.Length; set++)
            Take(set);
        var count = _counts.Sum(c => (long)c) + (_hasZero ? 1 : 0);
        System.Array.ForEach(_sets, System.Array.Clear);
        System.Array.Clear(_counts);
        _hasZero = false;
        return count;
    }

    /// <summary>Many for one set at once, so that it is fetched into the cache once for all of them.</summary>
    private void Take(int set)
    {
        foreach (var hash in _waiting[set].AsSpan(0, _waits[set]))
        {
            if (hash == 0)
                _hasZero = true;
            else if (Put(_sets[set], hash) && ++_counts[set] > _sets[set].Length / 2)
                _sets[set] = Doubled(_sets[set]);
        }
        _waits[set] = 0;
    }

    private static bool Put(ulong[] set, ulong hash)
    {
        var place = (int)hash & (set.Length - 1);
        while (set[place] != 0 && set[place] != hash)
            place = (place + 1) & (set.Length - 1);
        var isNew = set[place] == 0;
        set[place] = hash;
        return isNew;
    }

    private static ulong[] Doubled(ulong[] set)
    {
        var larger = new ulong[2 * set.Length];
        foreach (var hash in set)
        {
            if (hash != 0)
                Put(larger, hash);
        }
        return larger;
    }
}
