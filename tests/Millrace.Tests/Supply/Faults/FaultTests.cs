using Millrace.Protocol.Policies;
using Millrace.Tests.Architecture;

namespace Millrace.Tests.Supply.Faults;

/// <summary>The line that <c>./bench faults</c> measures on more tables.</summary>
public sealed class FaultTests : IDisposable
{
    private static readonly string[] _samples = ["weather-chicago-2001.csv", "l-ridership-2001.csv"];

    private readonly Workshop _work = new();

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData(nameof(Fault.Nulls), 0.95, 0.95)]
    [InlineData(nameof(Fault.Swapped), 0.75, 0.95)] // Cells that might as well stand there, no rule tells.
    [InlineData(nameof(Fault.ShiftedDates), 0.95, 0.95)]
    [InlineData(nameof(Fault.Duplicates), 0.95, 0.95)]
    [InlineData(nameof(Fault.Thousandfold), 0.95, 0.95)]
    public async Task The_contract_drafted_from_a_clean_table_finds_faults_row_by_row(
        string kind, double recall, double precision)
    {
        var rows = default(Confusion);
        foreach (var sample in _samples)
        {
            var trial = await FaultTrial.OfAsync(
                _work.Duck, _work.Folder, Path.Combine(SourceTree.Root, "samples", sample), Workshop.Cancel);
            Assert.Empty(await trial.NamedOfCleanAsync(Workshop.Cancel));
            for (var seed = 1; seed <= 5; seed++)
                rows += await trial.RunAsync(Enum.Parse<Fault>(kind), 0.05, seed, Workshop.Cancel) ?? default;
        }
        Assert.True(rows.Planted > 50, $"Only {rows} was planted.");
        Assert.True(rows.Recall >= recall && rows.Precision >= precision, $"{rows}");
    }

    [Fact]
    public void What_is_planted_is_there_and_nothing_else()
    {
        _work.Make("""
            COPY (SELECT i AS id, i % 7 AS a, i % 5 AS b, 'x' || i AS t, DATE '2024-01-01' + i::INTEGER AS day
            FROM range(500) r(i)) TO '@/clean.parquet' (FORMAT parquet)
            """);
        var schema = new TableSchema(
        [
            new("id", ColumnType.Integer), new("a", ColumnType.Integer),
            new("b", ColumnType.Integer), new("t", ColumnType.Text),
            new("day", ColumnType.Date),
        ]);
        var clean = _work.Cells("@", "clean.parquet");
        foreach (var fault in Enum.GetValues<Fault>())
        {
            var planted = FaultPlanter.Plant(
                _work.At("clean.parquet"), schema, fault, 0.2, 1, _work.At("faulty.parquet"))!;
            var faulty = _work.Cells("@", "faulty.parquet");
            var changed = Enumerable.Range(0, faulty.Count)
                .Where(i => i >= clean.Count || !clean[i].SequenceEqual(faulty[i])).Select(i => i + 1L);
            Assert.Equal(changed, planted.Rows.Order());
            Assert.InRange(planted.Rows.Count, 50, 140);
        }
    }
}
