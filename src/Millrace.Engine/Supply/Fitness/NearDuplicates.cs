using Millrace.Engine.Duck;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.Fitness;

/// <summary>Different texts of a column that are nearly the same.</summary>
internal static class NearDuplicates
{
    /// <summary>Shorter ones are words and codes, which are alike by nature.</summary>
    public const int CharsMin = 40;

    /// <summary>Of longer ones only the beginning is looked at.</summary>
    private const int CharsMax = 4_000;

    /// <summary>So many texts of a column are held at a time, at about a kilobyte each; of more, a sample.</summary>
    private const int TextsMax = 50_000;

    public static async Task<FitnessMeasure> MeasureAsync(
        DuckPool duck, IReadOnlyList<string> files, TableProfile profile, CancellationToken cancel)
    {
        const string Name = "near-duplicates";
        var columns = profile.Columns.Where(IsLong).ToList();
        if (columns.Count == 0)
            return FitnessMeter.Not(Name, "No text has 40 characters.");
        var oneIn = columns.Max(c => (c.Distinct + TextsMax - 1) / TextsMax);
        var (texts, near) = (0L, 0L);
        foreach (var column in columns)
        {
            var found = await duck.ExplainedAsync(files, session => Find(session, files, column.Name, oneIn), cancel);
            (texts, near) = (texts + found.Texts, near + found.NearOnes);
        }
        return FitnessMeter.Measured(Name, texts - near, texts, oneIn > 1 ? oneIn : null);
    }

    private static bool IsLong(ColumnProfile column) =>
        column is { Type: ColumnType.Text, Text.LengthMax: >= CharsMin };

    private static NearTexts Find(DuckSession session, IReadOnlyList<string> files, string column, long oneIn)
    {
        var cell = Sql.Name(column);
        var near = new NearTexts();
        // In an order of their own: which text is the first does not depend on threads.
        session.Each(
            $"""
            SELECT left({cell}, {CharsMax}) AS t FROM {ParquetFiles.Table(ParquetFiles.Link(session, files))}
            WHERE length({cell}) >= {CharsMin} GROUP BY {cell}, t ORDER BY hash({cell}), t
            """,
            row =>
            {
                var text = MinHash.Of(row.GetString(0));
                // Near texts share their least shingle in eight of ten cases: a sample by it keeps most pairs together.
                if (Mixing.Mixed(text.Sample) % (ulong)oneIn == 0) near.Add(text);
            });
        return near;
    }
}
