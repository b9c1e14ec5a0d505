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
/// <param name="AddedSha256">Its digest; null: there is none.</param>
/// <param name="At">The moment of publication, which freshness is measured at.</param>
/// <param name="Contract">The text of the contract; null: none.</param>
/// <param name="Compared">By product, the version that rules refer to; what is missing: the newest.</param>
/// <param name="Anew">All files are read, whatever is known of them.</param>
/// <param name="Earlier">The version before, which a rule on drift compares with; null: there is none.</param>
/// <param name="Then">
/// What else was known when the table was published, which nobody finds out again; null: it is published now.
/// </param>
public sealed record TableToStudy(
    string Participant, IReadOnlyList<FileRecord> Kept, string? Added, string? AddedSha256, TableSchema Schema,
    DateTimeOffset At, string? Contract, IReadOnlyDictionary<string, int>? Compared = null, bool Anew = false,
    ProductVersionRecord? Earlier = null, KnownThen? Then = null);

/// <param name="Decided">What persons had decided on levels; null: nothing.</param>
/// <param name="Judged">How sensitive the table was by rules of then; null: by those of today.</param>
/// <param name="Method">Of the report.</param>
public sealed record KnownThen(IReadOnlyList<DecidedLevel>? Decided, ClassificationReport? Judged, int Method);

/// <param name="Breach">Why the contract wants the table refused; null: it does not.</param>
public sealed record StudiedTable(
    TableProfile Profile, QualityReport Quality, ClassificationReport Classification, Refusal? Breach);

/// <summary>
/// Measures, classifies and checks tables. Same table and contract: same findings. Files whose state is kept are read
/// only by rules of a contract, and for a latest date where dates to come hide it.
/// </summary>
public sealed class TableStudy(IObjectStore objects, FileStates states, RuleChecker checker, Database database)
{
    private const int BreachesTold = 10;

    /// <exception cref="ContractException">The contract cannot be kept, or does not fit the table.</exception>
    public async Task<StudiedTable> StudyAsync(TableToStudy table, CancellationToken cancel)
    {
        // Read before anything is measured: a mistake in it is told at once.
        var contract = table.Contract is { } text ? ContractReader.Read(text) : null;
        if (table.Then is { Method: 1 }) contract = contract?.InUtc();
        using var files = new StudiedFiles(objects, table);
        using var known = new KnownTable();
        for (var i = 0; i < files.Count; i++)
            known.Add(await KnownAsync(table, files, i, cancel));
        var classification = table.Then?.Judged ?? Classifier.Judge(table.Schema, known.Kinds);
        var profile = await states.ProfileAsync(known, cancel);
        var check = contract is null
            ? null
            : await CheckAsync(table, contract, files, profile, classification, cancel);
        var latest = await LatestDateAsync(table, files, known, cancel);
        var evidence = await states.EvidenceAsync(known, profile, cancel);
        var quality = Quality.Score(profile, table.Schema, table.At, latest, check, evidence);
        return new StudiedTable(profile, quality, classification, Breach(contract, quality));
    }

    private async Task<FileState> KnownAsync(TableToStudy table, StudiedFiles files, int i, CancellationToken cancel) =>
        (table.Anew ? null : await states.FindAsync(files.Sha256(i), table.Schema, cancel))
        ?? await states.MakeAsync(await files.OpenAsync(i, cancel), files.Sha256(i), table.Schema, cancel);

    private async Task<ContractCheck> CheckAsync(
        TableToStudy table, DataContract contract, StudiedFiles files, TableProfile profile,
        ClassificationReport classification, CancellationToken cancel)
    {
        using var others = new VersionFiles();
        var referred = await ReferredAsync(contract, table, others, cancel);
        var before = await EarlierAsync(contract, table, files.Count, others, cancel);
        var all = await files.OpenAllAsync(cancel);
        var results = await checker.CheckAsync(contract, all, table.Schema, referred, table.At, cancel, before);
        var decided = table.Then is { } then ? then.Decided : await DecidedAsync(table, classification, cancel);
        return ContractCheck.Of(table.Contract!, contract, results, profile, classification, decided);
    }

    private async Task<IReadOnlyList<DecidedLevel>?> DecidedAsync(
        TableToStudy table, ClassificationReport classification, CancellationToken cancel) =>
        table.Earlier is not { Product: var product }
            ? null
            : Sensitivity.Of(
                (await database.ReadAsync(
                    s => Tables.Products.FindAsync(s, table.Participant, product, cancel), cancel))?.Value,
                classification).Decided;

    private async Task<DateTimeOffset?> LatestDateAsync(
        TableToStudy table, StudiedFiles files, KnownTable known, CancellationToken cancel)
    {
        var latest = known.Whole.LatestDate(table.At, out var isKnown);
        return isKnown
            ? latest
            : await states.LatestDateAsync(await files.OpenAllAsync(cancel), table.Schema, table.At, cancel);
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
