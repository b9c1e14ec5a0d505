using Apache.Arrow;
using Millrace.Engine.Duck;

namespace Millrace.Engine.Supply.States;

/// <summary>
/// Finds the first rows whose hash an earlier row has, in bounded memory: among the first rows, where most tables with
/// repeats have enough of them; else among all, a share of the hashes after the other.
/// </summary>
internal static class RepeatedRows
{
    /// <summary>Some 50 MB.</summary>
    public const int OfAShareMax = 1 << 21;

    /// <param name="table">Has a column <c>h</c>, UBIGINT, without nulls, in the order of the rows.</param>
    /// <param name="rows">How many it has.</param>
    /// <returns>Their numbers, counted from 1, at most <paramref name="most"/>.</returns>
    public static IReadOnlyList<long> First(
        DuckSession session, string table, long rows, int most, int ofAShareMax)
    {
        var found = new SortedSet<long>();
        var seen = new HashSet<ulong>((int)Math.Min(rows, ofAShareMax));
        Look(ofAShareMax, hash => true);
        if (rows > ofAShareMax && found.Count < most)
        {
            found.Clear();
            var shares = (ulong)((rows / ofAShareMax) + 1);
            for (var share = 0ul; share < shares; share++)
            {
                seen.Clear();
                var own = share;
                Look(found.Count < most ? rows : found.Max, hash => hash % shares == own);
            }
        }
        return [.. found];

        void Look(long limit, Func<ulong, bool> isLookedAt)
        {
            var number = 0L;
            session.ReadArrow($"SELECT h FROM {table} LIMIT {limit}", batch =>
            {
                foreach (var hash in ((UInt64Array)batch.Column(0)).Values)
                {
                    number++;
                    if (!isLookedAt(hash) || seen.Add(hash))
                        continue;
                    found.Add(number);
                    if (found.Count > most)
                        found.Remove(found.Max);
                }
            });
        }
    }
}
