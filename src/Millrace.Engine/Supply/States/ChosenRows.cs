using System.Globalization;
using Millrace.Engine.Duck;

namespace Millrace.Engine.Supply.States;

/// <summary>The different rows of a file that have the smallest hashes: an even choice of them.</summary>
/// <param name="Hashes">Ascending.</param>
/// <param name="Counts">How often each row occurs.</param>
/// <param name="Places">In the file, of the first row that has the hash.</param>
/// <param name="IsWhole">No different row is left out.</param>
internal sealed record ChosenRows(ulong[] Hashes, long[] Counts, long[] Places, bool IsWhole)
{
    /// <param name="rowHashes">A Parquet file with a hash for each row of the table, in its order.</param>
    public static ChosenRows Of(DuckSession session, string rowHashes, long rows, int max)
    {
        if (max == 0)
            return new ChosenRows([], [], [], IsWhole: false);
        var file = session.Link(rowHashes, Path.Combine(session.Folder, "row-hashes.parquet"));
        // Hashes lie evenly: those below a bound that lets twice as many pass will do, unless rows repeat.
        for (var share = 2.0 * max / Math.Max(1, rows); ; share *= 8)
        {
            var isBound = share < 1;
            var bound = isBound ? $"WHERE h < {(ulong)Math.ScaleB(share, 64)}::UBIGINT" : "";
            var found = session.Rows($"""
                SELECT h, count(*), min(file_row_number)
                FROM read_parquet({Sql.Text(file)}, file_row_number = true) {bound}
                GROUP BY h ORDER BY h LIMIT {max + 1}
                """);
            if (found.Count > max || !isBound)
                return new ChosenRows(
                    [.. found.Select(r => Convert.ToUInt64(r[0], CultureInfo.InvariantCulture))],
                    [.. found.Select(r => Profiler.Count(r[1]))], [.. found.Select(r => Profiler.Count(r[2]))],
                    IsWhole: true).First(max);
        }
    }

    /// <summary>Those with the smallest hashes of these.</summary>
    public ChosenRows First(int max) => Hashes.Length <= max
        ? this
        : new ChosenRows(Hashes[..max], Counts[..max], Places[..max], IsWhole: false);
}
