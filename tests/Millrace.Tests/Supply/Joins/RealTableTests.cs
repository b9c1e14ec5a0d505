using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Joins;
using Millrace.Tests.Architecture;
using Millrace.Tests.Nodes;
using Millrace.Tests.Supply.Fields;

namespace Millrace.Tests.Supply.Joins;

/// <summary>
/// Every pair of the real tables that elements are measured on, by values alone, against the joins that a person
/// listed: those where equal values mean the same.
/// </summary>
public sealed class RealTableTests : IDisposable
{
    private const string Labels = "tests/Millrace.Tests/Supply/Joins/joins.tsv";

    private readonly Workshop _work = new();
    private int _tables;

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task Most_of_what_is_proposed_between_tables_of_others_makes_sense()
    {
        using var npm = new NpmFolder();
        await npm.WriteAsync("package.json", FieldLabels.Packages);
        await npm.InstallAsync();
        var files = FieldLabels.Read(await ReadAsync(FieldLabels.Path)).Select(l => l.File).Distinct().ToList();
        var tables = new List<(string File, IReadOnlyList<JoinColumn> Columns)>();
        foreach (var file in files)
            tables.Add((Path.GetFileNameWithoutExtension(file), await ColumnsAsync(
                file.StartsWith("samples/", StringComparison.Ordinal)
                    ? Path.Combine(SourceTree.Root, file)
                    : Path.Combine(npm.Folder, "node_modules", file))));
        var told = new HashSet<string>();
        for (var i = 0; i < tables.Count; i++)
            for (var j = i + 1; j < tables.Count; j++)
                foreach (var join in JoinFinder.Find(tables[i].Columns, tables[j].Columns, "secret"u8))
                    told.Add(Line(tables[i].File, join.Mine, tables[j].File, join.Theirs));
        var labels = (await ReadAsync(Labels)).Split('\n', StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        var (right, wrong, missed) = (
            told.Count(labels.Contains), told.Where(t => !labels.Contains(t)).Order().ToList(),
            labels.Where(l => !told.Contains(l)).Order().ToList());
        var report = $"{right} right\nwrong:\n{string.Join('\n', wrong)}\nmissed:\n{string.Join('\n', missed)}";
        Assert.True(right >= 0.8 * told.Count, report);
        Assert.True(right >= 0.75 * labels.Count, report);
    }

    private static string Line(string file, string column, string otherFile, string otherColumn) =>
        $"{file}\t{column}\t{otherFile}\t{otherColumn}";

    private static Task<string> ReadAsync(string path) =>
        File.ReadAllTextAsync(Path.Combine(SourceTree.Root, path), Workshop.Cancel);

    private async Task<IReadOnlyList<JoinColumn>> ColumnsAsync(string path)
    {
        var table = await _work.Import.ImportAsync([path], _work.At("out.parquet"), Workshop.Cancel);
        var state = await new Profiler(_work.Duck).MeasureAsync(
            _work.At("out.parquet"), table.Schema, _work.At($"rows-{_tables++}.parquet"), Workshop.Cancel);
        return JoinColumn.Of(state, _ => true, _ => null);
    }
}
