using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Millrace.Engine.Delivery;
using Millrace.Engine.Duck;
using Millrace.Node.Delivery;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Sharing;

/// <summary>Whose views the files of a table are made of.</summary>
public sealed record TableSource(string Participant, AgreementRecord Agreement, AccessPlan Plan);

/// <summary>
/// The files of a table: the governed view of a version, parts of it for hints, and what changed between two versions.
/// All are made of governed views alone, so none can tell more than they do. Whoever gets one disposes it.
/// </summary>
public sealed class TableFiles(ViewStore views, ViewParts parts, Database database, Clock clock)
{
    private const int KnownMax = 1_000;

    /// <summary>The columns of files that were looked at; a file's digest never means another file.</summary>
    private readonly ConcurrentDictionary<string, IReadOnlyList<ViewColumn>> _columns = new();

    /// <summary>The table as it stands at a version.</summary>
    public async Task<GovernedFile> WholeAsync(SharedTable table, VersionTime version, CancellationToken cancel) =>
        Check.NotNull(await WholeAsync(SourceOf(table), version.Number, cancel));

    /// <summary>The same, by the number of the version; null where there is none.</summary>
    public async Task<GovernedFile?> WholeAsync(TableSource source, int version, CancellationToken cancel)
    {
        var id = ProductVersionRecord.IdOf(source.Agreement.Product, version);
        var found = await database.ReadAsync(
            s => Tables.ProductVersions.FindAsync(s, source.Participant, id, cancel), cancel);
        return found is null ? null : await WholeAsync(source, found.Value, cancel);
    }

    /// <summary>
    /// As little of a version as the hints allow: rows are left out that the reader would drop itself. Hints are never
    /// a reason to fail: where one is not understood, or there are too many, the whole is sent.
    /// </summary>
    public async Task<GovernedFile> PartAsync(
        SharedTable table, GovernedFile whole, TableAsk ask, CancellationToken cancel)
    {
        // Beside a condition, the first rows are for the reader to count: it may drop more than we do.
        var most = ask.HasHint || ask.LimitHint >= whole.Rows ? null : ask.LimitHint;
        var wish = new PartWish(ask.Hint, most);
        var meaning = ViewParts.Meaning(wish, await ColumnsAsync(whole, cancel));
        if (meaning.Length == 0)
            return whole;
        var (share, agreement) = (table.Share, table.Share.Agreement.Id);
        var key = Key("part", agreement, whole.Sha256, meaning);
        var known = await views.FindDerivedAsync(
            share.Participant, key, table.Schema.Plan, whole.Version, cancel);
        if (known is not null)
            return known;
        if (await views.FindRecordAsync(share.Participant, key, cancel) is null &&
            await database.ReadAsync(
                s => Tables.Views.CountByAsync(s, share.Participant, "agreement", agreement, cancel), cancel)
            >= clock.Limits.HintedViewsMax)
        {
            return whole;
        }
        try
        {
            return await PartAsync(SourceOf(table), whole, key, wish, cancel);
        }
        catch (Exception e) when (e is EngineException or JsonException) // Nested deeper than can be kept.
        {
            return whole;
        }
    }

    /// <summary>The rows that came and went from one version to a later one.</summary>
    /// <param name="isInsertsOnly">Only those that came, without the column that says so.</param>
    public Task<GovernedFile> ChangesAsync(
        SharedTable table, GovernedFile before, GovernedFile after, bool isInsertsOnly, CancellationToken cancel) =>
        ChangesAsync(
            SourceOf(table), before, after, Key(isInsertsOnly ? "inserts" : "changes", before.Sha256, after.Sha256),
            isInsertsOnly, cancel);

    /// <summary>A derived file by its key: it is made again where it is gone. Null: nobody ever made it.</summary>
    public async Task<GovernedFile?> DerivedAsync(
        TableSource source, string key, int version, CancellationToken cancel)
    {
        if (await views.FindDerivedAsync(source.Participant, key, source.Plan, version, cancel) is { } there)
            return there;
        if (await views.FindRecordAsync(source.Participant, key, cancel) is not { Origin: { } origin })
            return null;
        using var view = await WholeAsync(source, version, cancel);
        using var before = origin.Before is { } earlier ? await WholeAsync(source, earlier, cancel) : null;
        return (view, before, origin.Part) switch
        {
            ({ }, null, { } wish) => await PartAsync(source, view, key, wish, cancel),
            ({ }, { }, null) => await ChangesAsync(source, before, view, key, origin.IsInsertsOnly, cancel),
            _ => null,
        };
    }

    public async Task<IReadOnlyList<ViewColumn>> ColumnsAsync(GovernedFile view, CancellationToken cancel)
    {
        if (_columns.TryGetValue(view.Sha256, out var known))
            return known;
        var found = await parts.ColumnsAsync(view.Path, cancel);
        if (_columns.Count >= KnownMax)
            _columns.Clear();
        return _columns[view.Sha256] = found;
    }

    /// <summary>Whether a file was derived: then only its key leads back to it.</summary>
    public static bool IsDerived(GovernedFile file) => file.Key.Contains(':', StringComparison.Ordinal);

    private Task<GovernedFile> WholeAsync(
        TableSource source, ProductVersionRecord version, CancellationToken cancel) =>
        views.OpenAsync(
            source.Agreement, source.Participant, source.Plan, ViewFormat.SnappyParquet, version, cancel);

    private Task<GovernedFile> PartAsync(
        TableSource source, GovernedFile whole, string key, PartWish wish, CancellationToken cancel) =>
        views.DeriveAsync(
            source.Participant, key, source.Agreement.Id, source.Plan, whole.Version, new ViewOrigin(wish),
            async file =>
            {
                using var held = whole.File.Again(); // For who asked may leave before it is made.
                return await parts.PartAsync(held.Path, wish, file, CancellationToken.None);
            },
            cancel);

    private Task<GovernedFile> ChangesAsync(
        TableSource source, GovernedFile before, GovernedFile after, string key, bool isInsertsOnly,
        CancellationToken cancel) =>
        views.DeriveAsync(
            source.Participant, key, null, source.Plan, after.Version,
            new ViewOrigin(null, before.Version, isInsertsOnly),
            async file =>
            {
                using var old = before.File.Again();
                using var now = after.File.Again();
                return await parts.ChangesAsync(old.Path, now.Path, isInsertsOnly, file, CancellationToken.None);
            },
            cancel);

    private static TableSource SourceOf(SharedTable table) =>
        new(table.Share.Participant, table.Share.Agreement, table.Schema.Plan);

    private static string Key(string kind, params IReadOnlyList<string> from) => string.Create(
        CultureInfo.InvariantCulture,
        $"{kind}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', from))))}");
}
