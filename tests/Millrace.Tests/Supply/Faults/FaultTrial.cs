using Millrace.Engine.Duck;
using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Classification;
using Millrace.Engine.Supply.Contracts;
using Millrace.Engine.Supply.Drift;

namespace Millrace.Tests.Supply.Faults;

/// <summary>Rows: how many are faulty, how many a rule names, how many are both. They add up.</summary>
internal readonly record struct Confusion(long Planted, long Named, long Both)
{
    public double Recall => Planted == 0 ? 1 : (double)Both / Planted;

    public double Precision => Named == 0 ? 1 : (double)Both / Named;

    public static Confusion operator +(Confusion a, Confusion b) =>
        new(a.Planted + b.Planted, a.Named + b.Named, a.Both + b.Both);
}

/// <summary>Which part of the program sees that a table has faults.</summary>
internal sealed record FaultSigns(bool ByRules, bool ByProfile, bool ByDrift);

/// <summary>
/// A real table, and a contract drafted from it as it is: what does the contract find in a copy with faults? The draft
/// is the one that <c>millrace contract init</c> writes, and knows nothing of the faults.
/// </summary>
internal sealed class FaultTrial
{
    private readonly DuckPool _duck;
    private readonly string _folder;
    private readonly string _clean;
    private readonly ImportedTable _table;
    private readonly TableProfile _profile;
    private readonly DataContract _contract;

    private FaultTrial(
        DuckPool duck, string folder, string clean, ImportedTable table, TableProfile profile, DataContract contract) =>
        (_duck, _folder, _clean, _table, _profile, _contract) = (duck, folder, clean, table, profile, contract);

    public long Rows => _table.Rows;

    public static async Task<FaultTrial> OfAsync(DuckPool duck, string folder, string source, CancellationToken cancel)
    {
        var clean = Path.Combine(folder, "clean.parquet");
        var table = await new TableImport(duck).ImportAsync([source], clean, cancel);
        var profile = await new Profiler(duck).ProfileAsync([clean], table.Schema, cancel);
        var classified = await new Classifier(duck).ClassifyAsync([clean], table.Schema, cancel);
        var relations = await new ColumnRelations(duck).FindAsync([clean], profile, cancel);
        var draft = YamlText.Write(ContractDraft.Of("t", profile, classified.LevelOf, relations));
        return new FaultTrial(duck, folder, clean, table, profile, ContractReader.Read(draft));
    }

    /// <returns>Null: no column can have this fault, or no row was hit.</returns>
    public async Task<Confusion?> RunAsync(Fault fault, double share, int seed, CancellationToken cancel)
    {
        if (Planted(fault, share, seed) is not { } planted)
            return null;
        var named = (await NamedAsync(planted.Path, cancel)).ToHashSet();
        return new Confusion(planted.Rows.Count, named.Count, named.Count(planted.Rows.Contains));
    }

    /// <inheritdoc cref="RunAsync"/>
    public async Task<FaultSigns?> LookAsync(Fault fault, double share, int seed, CancellationToken cancel)
    {
        if (Planted(fault, share, seed) is not { } planted)
            return null;
        var profile = await new Profiler(_duck).ProfileAsync([planted.Path], _table.Schema, cancel);
        var drift = await new DriftMeter(_duck).MeasureAsync(
            new ComparedTable([_clean], _table.Schema), new ComparedTable([planted.Path], _table.Schema), false,
            _ => false, cancel);
        return new FaultSigns(
            (await NamedAsync(planted.Path, cancel)).Count > 0,
            profile.DuplicateRows > _profile.DuplicateRows
                || profile.Columns.Zip(_profile.Columns).Any(c => c.First.Nulls > c.Second.Nulls),
            drift.Columns.Any(c => c.Extent != DriftExtent.Small));
    }

    private PlantedTable? Planted(Fault fault, double share, int seed)
    {
        var planted = FaultPlanter.Plant(
            _clean, _table.Schema, fault, share, seed, Path.Combine(_folder, "faulty.parquet"));
        return planted is { Rows.Count: > 0 } ? planted : null;
    }

    /// <summary>The rows of the clean table that its own contract names: there must be none.</summary>
    public Task<IReadOnlyList<long>> NamedOfCleanAsync(CancellationToken cancel) => NamedAsync(_clean, cancel);

    private async Task<IReadOnlyList<long>> NamedAsync(string parquet, CancellationToken cancel)
    {
        var results = await new RuleChecker(_duck, int.MaxValue).CheckAsync(
            _contract, [parquet], _table.Schema, new Dictionary<string, ReferredTable>(), DateTimeOffset.UnixEpoch,
            cancel);
        return [.. results.Where(r => !r.Held).SelectMany(r => r.EvidenceRows)];
    }
}
