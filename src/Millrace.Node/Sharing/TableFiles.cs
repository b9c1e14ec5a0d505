using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Millrace.Engine.Delivery;
using Millrace.Engine.Duck;
using Millrace.Node.Delivery;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;

namespace Millrace.Node.Sharing;

/// <summary>
/// The files of a table: the governed view of a version, parts of it for hints, and what changed between two versions.
/// All are made of governed views alone, so none can tell more than they do.
/// </summary>
public sealed class TableFiles(ViewStore views, ViewParts parts, Database database, Clock clock)
{
    private const int KnownMax = 1_000;

    /// <summary>The columns of files that were looked at; a file's digest never means another file.</summary>
    private readonly ConcurrentDictionary<string, IReadOnlyList<ViewColumn>> _columns = new();

    /// <summary>The table as it stands at a version.</summary>
    public Task<GovernedFile> WholeAsync(
        SharedTable table, ProductVersionRecord version, CancellationToken cancel) =>
        views.OpenAsync(
            table.Share.Agreement, table.Share.Participant, table.Schema.Plan, ViewFormat.SnappyParquet, version,
            cancel);

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
        var made = await database.ReadAsync(
            s => Tables.Views.CountByAsync(s, share.Participant, "agreement", agreement, cancel), cancel);
        if (made >= clock.Limits.HintedViewsMax)
            return whole;
        try
        {
            return await views.DeriveAsync(
                share.Participant, key, agreement, table.Schema.Plan, whole.Version,
                file => parts.PartAsync(whole.Path, wish, file, CancellationToken.None), cancel);
        }
        catch (EngineException)
        {
            return whole;
        }
    }

    /// <summary>The rows that came and went from one version to a later one.</summary>
    /// <param name="isInsertsOnly">Only those that came, without the column that says so.</param>
    public Task<GovernedFile> ChangesAsync(
        SharedTable table, GovernedFile before, GovernedFile after, bool isInsertsOnly, CancellationToken cancel) =>
        views.DeriveAsync(
            table.Share.Participant,
            Key(isInsertsOnly ? "inserts" : "changes", before.Sha256, after.Sha256), null, table.Schema.Plan,
            after.Version,
            file => parts.ChangesAsync(before.Path, after.Path, isInsertsOnly, file, CancellationToken.None), cancel);

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

    private static string Key(string kind, params IReadOnlyList<string> from) => string.Create(
        CultureInfo.InvariantCulture,
        $"{kind}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', from))))}");
}
