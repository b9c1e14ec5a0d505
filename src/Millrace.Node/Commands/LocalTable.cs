using Millrace.Engine.Duck;
using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Classification;
using Millrace.Engine.Supply.Contracts;
using Millrace.Engine.Supply.Drift;
using Millrace.Engine.Supply.Fitness;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Commands;

/// <summary>A file or several, read and measured on the spot; no node is needed, and nothing of it stays.</summary>
internal sealed class LocalTable : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("millrace-").FullName;
    private readonly DuckPool _duck;
    private TableEvidence? _evidence;

    private LocalTable() => _duck = new DuckPool(new EngineOptions(Path.Combine(_folder, "work")));

    public TableSchema Schema { get; private set; } = new([]);

    public TableProfile Profile { get; private set; } = new(0, 0, []);

    public ClassificationReport Classification { get; private set; } = new(0, []);

    private string Parquet => Path.Combine(_folder, "table.parquet");

    /// <exception cref="CommandFailedException">It is no table.</exception>
    public static Task<LocalTable> ReadAsync(string path, CancellationToken cancel) => ReadAsync([path], cancel);

    /// <param name="paths">Of files with the same columns, which are one table.</param>
    /// <exception cref="CommandFailedException">They are no table.</exception>
    public static async Task<LocalTable> ReadAsync(IReadOnlyList<string> paths, CancellationToken cancel)
    {
        InputFiles.Check(paths);
        var table = new LocalTable();
        try
        {
            await table.MeasureAsync(paths, cancel);
            return table;
        }
        catch (Exception e)
        {
            table.Dispose();
            throw e is EngineException told ? CommandFailedException.BadInput(Named(paths, told.Message)) : e;
        }
    }

    /// <summary>The first rows of a large file; null where it is small, or they cannot be told soon.</summary>
    public static async Task<LocalTable?> ReadHeadAsync(string path, CancellationToken cancel)
    {
        var table = new LocalTable();
        try
        {
            var head = Path.Combine(table._folder, "head");
            if (await new TableHead(table._duck).WriteAsync(path, head, cancel))
            {
                await table.MeasureAsync([head], cancel);
                return table;
            }
        }
        catch (EngineException)
        {
            // The whole file is read next, and says better what is wrong with it.
        }
        catch
        {
            table.Dispose();
            throw;
        }
        table.Dispose();
        return null;
    }

    /// <exception cref="ContractException">The contract does not fit the table.</exception>
    public async Task<QualityReport> CheckAsync(
        string text, DataContract contract, DateTimeOffset now, CancellationToken cancel)
    {
        var results = await new RuleChecker(_duck).CheckAsync(
            contract, [Parquet], Schema, new Dictionary<string, ReferredTable>(), now, cancel);
        return Quality.Score(
            Profile, Schema, now, await new Profiler(_duck).LatestDateAsync([Parquet], Schema, now, cancel),
            ContractCheck.Of(text, contract, results, Profile, Classification), _evidence);
    }

    /// <summary>What every row keeps across columns.</summary>
    public Task<IReadOnlyList<ColumnRelation>> RelationsAsync(CancellationToken cancel) =>
        new ColumnRelations(_duck).FindAsync([Parquet], Profile, cancel);

    /// <summary>What changed from this table to a later one.</summary>
    public Task<DriftReport> CompareAsync(LocalTable later, CancellationToken cancel) =>
        new DriftMeter(_duck).MeasureAsync(
            new ComparedTable([Parquet], Schema), new ComparedTable([later.Parquet], later.Schema), newRowsOnly: false,
            column => IsSensitive(column) || later.IsSensitive(column), cancel);

    /// <summary>How fit this table is for AI.</summary>
    /// <param name="benchmark">What models are tested on; null: none.</param>
    public async Task<FitnessReport> FitnessAsync(string? label, LocalTable? benchmark, CancellationToken cancel)
    {
        var question = new FitnessQuestion(
            label, benchmark is null ? null : new BenchmarkTable([benchmark.Parquet], benchmark.Schema),
            FitnessQuestion.LanguagesOf(Profile));
        try
        {
            return await new FitnessMeter(_duck).MeasureAsync([Parquet], Profile, Classification, question, cancel);
        }
        catch (EngineException e)
        {
            throw CommandFailedException.BadInput(e.Message);
        }
    }

    public void Dispose()
    {
        _duck.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // A method of its own: the state, which can be large, is gone before values are classified.
    private async Task ProfileAsync(CancellationToken cancel)
    {
        var (profiler, hashes) = (new Profiler(_duck), Path.Combine(_folder, "rows.parquet"));
        var state = await profiler.MeasureAsync(Parquet, Schema, hashes, cancel);
        Profile = await profiler.ProfileAsync(state, [hashes], cancel);
        _evidence = await profiler.EvidenceAsync(state, [hashes], Profile.DuplicateRows, cancel);
        File.Delete(hashes);
    }

    /// <summary>Says which file it is about where that is not said, and known.</summary>
    private static string Named(IReadOnlyList<string> paths, string message) =>
        paths is not [var only] || message.Contains(Path.GetFileName(only), StringComparison.Ordinal)
            ? message
            : $"{only}: {message}";

    private bool IsSensitive(string column) => Classification.LevelOf(column) >= LevelRule.Sensitive;

    private async Task MeasureAsync(IReadOnlyList<string> paths, CancellationToken cancel)
    {
        Schema = (await new TableImport(_duck).ImportAsync(paths, Parquet, cancel)).Schema;
        await ProfileAsync(cancel);
        Classification = await new Classifier(_duck).ClassifyAsync([Parquet], Schema, cancel);
    }
}
