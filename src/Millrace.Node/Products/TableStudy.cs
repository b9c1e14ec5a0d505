using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Classification;
using Millrace.Engine.Supply.Contracts;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Objects;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Products;

/// <summary>A table of which everything is to be found out.</summary>
/// <param name="Kept">Files of it that are stored already.</param>
/// <param name="Added">A local file whose rows follow theirs; null: none.</param>
/// <param name="At">The moment of publication, which freshness is measured at.</param>
/// <param name="Contract">The text of the contract; null: none.</param>
/// <param name="Compared">By product, the version that rules refer to; what is missing: the newest.</param>
/// <param name="Earlier">The version before, which a rule on drift compares with; null: there is none.</param>
public sealed record TableToStudy(
    string Participant, IReadOnlyList<FileRecord> Kept, string? Added, TableSchema Schema, DateTimeOffset At,
    string? Contract, IReadOnlyDictionary<string, int>? Compared = null, ProductVersionRecord? Earlier = null);

/// <param name="Breach">Why the contract wants the table refused; null: it does not.</param>
public sealed record StudiedTable(
    TableProfile Profile, QualityReport Quality, ClassificationReport Classification, Refusal? Breach);

/// <summary>Measures, classifies and checks tables. Same table and contract: same findings.</summary>
public sealed class TableStudy(
    IObjectStore objects, Profiler profiler, Classifier classifier, RuleChecker checker, Database database)
{
    private const int BreachesTold = 10;

    /// <exception cref="ContractException">The contract cannot be kept, or does not fit the table.</exception>
    public async Task<StudiedTable> StudyAsync(TableToStudy table, CancellationToken cancel)
    {
        // Read before anything is measured: a mistake in it is told at once.
        var contract = table.Contract is { } text ? ContractReader.Read(text) : null;
        using var earlier = new VersionFiles();
        await earlier.OpenAsync(objects, table.Kept, cancel);
        List<string> files = [.. earlier.Paths];
        if (table.Added is not null)
            files.Add(table.Added);
        var classification = await classifier.ClassifyAsync(files, table.Schema, cancel);
        var profile = await profiler.ProfileAsync(files, table.Schema, cancel);
        ContractCheck? check = null;
        if (contract is not null)
        {
            using var others = new VersionFiles();
            var referred = await ReferredAsync(contract, table, others, cancel);
            var before = await EarlierAsync(contract, table, files.Count, others, cancel);
            var results = await checker.CheckAsync(contract, files, table.Schema, referred, table.At, cancel, before);
            check = ContractCheck.Of(table.Contract!, contract, results, profile, classification);
        }
        var latest = await profiler.LatestDateAsync(files, table.Schema, table.At, cancel);
        var quality = Quality.Score(profile, table.Schema, table.At, latest, check);
        return new StudiedTable(profile, quality, classification, Breach(contract, quality));
    }

    private static Refusal? Breach(DataContract? contract, QualityReport quality) =>
        contract is { PublishesBreaches: false } && quality.Contract is { Breaches: { Count: > 0 } breaches }
            ? new Refusal(
                "contract-broken",
                $"The data break their contract: {string.Join(" ", breaches.Take(BreachesTold))} Mend the data, or "
                + "let the contract publish breaches (millrace.gate: publish).")
            : null;

    private async Task<IReadOnlyDictionary<string, ReferredTable>> ReferredAsync(
        DataContract contract, TableToStudy table, VersionFiles others, CancellationToken cancel)
    {
        var referred = new Dictionary<string, ReferredTable>();
        foreach (var product in contract.Rules.Select(r => r.Test).OfType<RefersTo>().Select(r => r.Product).Distinct())
        {
            var version = await database.ReadAsync(
                s => FindAsync(s, table.Participant, product, table.Compared?.GetValueOrDefault(product), cancel),
                cancel);
            if (version is null)
                continue; // The checker says which rule named it.
            var before = others.Paths.Count;
            await others.OpenAsync(objects, version.Files, cancel);
            referred[product] = new ReferredTable(
                version.Number, [.. others.Paths.Skip(before)], version.Schema);
        }
        return referred;
    }

    private async Task<EarlierTable?> EarlierAsync(
        DataContract contract, TableToStudy table, int files, VersionFiles others, CancellationToken cancel)
    {
        if (table.Earlier is not { } earlier || !contract.Rules.Any(r => r.Test is DriftWithin))
            return null;
        var before = others.Paths.Count;
        await others.OpenAsync(objects, earlier.Files, cancel);
        var isAppended = files > earlier.Files.Count && earlier.IsBeginningOf(table.Kept);
        return new EarlierTable(
            earlier.Number, [.. others.Paths.Skip(before)], earlier.Schema,
            isAppended ? files - earlier.Files.Count : files);
    }

    private static async Task<ProductVersionRecord?> FindAsync(
        Session session, string participant, string product, int? number, CancellationToken cancel)
    {
        if (number is null or 0)
            number = (await Tables.Products.FindAsync(session, participant, product, cancel))?.Value.Latest;
        return number is { } n
            ? await ProductVersions.FindAsync(session, participant, product, n, cancel)
            : null;
    }
}
