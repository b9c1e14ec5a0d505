using Millrace.Engine.Duck;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply;

/// <summary>
/// Gives the columns of a wide table of texts their types, a slice of columns at a time: all of them side by side would
/// outgrow a job's memory.
/// </summary>
internal static class TypedSlices
{
    /// <summary>A table of more columns is taken in slices.</summary>
    public const int ColumnsMax = 200;

    private const int ColumnsOfASlice = 100;

    /// <param name="texts">A relation of the columns <c>c0, c1, …</c>.</param>
    /// <returns>Its columns with their types, and the SELECT that gives it out of files in the job's folder.</returns>
    public static TypedTexts Of(DuckSession session, string texts, AskedColumns asked)
    {
        var (columns, commas) = (new List<Column>(), new List<string>());
        var slices = new List<string>();
        var copy = Path.Combine(session.Folder, "texts.parquet");
        foreach (var slice in Enumerable.Range(0, asked.Names.Count).Chunk(ColumnsOfASlice))
        {
            var cells = slice.Select((c, i) => $"c{c} AS c{i}");
            ParquetFiles.Write(
                session, $"SELECT {string.Join(", ", cells)} FROM {texts}",
                new TableSchema([.. slice.Select((_, i) => new Column($"c{i}", ColumnType.Text))]), copy, "snappy");
            var typed = CsvTyping.Typed(
                session, ParquetFiles.Table([copy]),
                asked with
                {
                    Names = [.. slice.Select(c => asked.Names[c])],
                    Expected = [.. slice.Select(c => asked.Expected[c])],
                    KeepsNa = [.. slice.Select(c => asked.KeepsNa[c])],
                });
            slices.Add(Path.Combine(session.Folder, $"slice{slices.Count}.parquet"));
            ParquetFiles.Write(session, typed.Relation, new TableSchema(typed.Columns), slices[^1], "snappy");
            columns.AddRange(typed.Columns);
            commas.AddRange(typed.DecimalCommas);
        }
        File.Delete(copy);
        return new TypedTexts(
            columns, $"SELECT * FROM {string.Join(" POSITIONAL JOIN ", slices.Select(s => ParquetFiles.Table([s])))}",
            commas);
    }
}
