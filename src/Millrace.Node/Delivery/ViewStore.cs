using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Millrace.Engine.Delivery;
using Millrace.Node.Identity;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Objects;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Delivery;

/// <summary>
/// Governed views, each built once: whoever has the same plan over the same version, with the same mask keys and in the
/// same format, is served the same file. The files are a cache: one that is gone is built again when it is asked for,
/// and has the same bytes. Whoever opens one disposes it.
/// </summary>
public sealed class ViewStore(
    Database database, IObjectStore objects, FileCache cache, GovernedView views, ParticipantKeys keys)
{
    private readonly SingleFlight<ViewRecord> _building = new();

    /// <summary>How far the views are that are being built, by their key.</summary>
    private readonly ConcurrentDictionary<string, double> _done = new();

    /// <summary>Begins to open the view of an agreement's plan over the newest version of the product.</summary>
    public async Task<ViewOpening> BeginAsync(
        AgreementRecord agreement, string participant, AccessPlan plan, ViewFormat format, CancellationToken cancel)
    {
        var version = await VersionAsync(participant, agreement.Product, cancel);
        // Its key is only made for who asks how far it is: most find the view there.
        return new ViewOpening(
            OpenAsync(agreement, participant, plan, format, version, cancel),
            () => _done.GetValueOrDefault(Key(participant, version, plan, Scopes(agreement, plan), format)));
    }

    /// <summary>The view of an agreement's plan over the newest version of the product.</summary>
    public async Task<GovernedFile> OpenAsync(
        AgreementRecord agreement, string participant, AccessPlan plan, ViewFormat format, CancellationToken cancel) =>
        await OpenAsync(
            agreement, participant, plan, format, await VersionAsync(participant, agreement.Product, cancel), cancel);

    /// <summary>The view of an agreement's plan over a version of the product.</summary>
    public async Task<GovernedFile> OpenAsync(
        AgreementRecord agreement, string participant, AccessPlan plan, ViewFormat format,
        ProductVersionRecord version, CancellationToken cancel)
    {
        if (plan.IsWholeTable && format == ViewFormat.Parquet
            && plan.Schema.Columns.SequenceEqual(version.Schema.Columns)
            && version.Files is [var only])
        {
            return new GovernedFile(
                "original", plan.Hash, version.Number, format, await objects.OpenAsync(only.Sha256, cancel),
                only.Sha256, only.Rows, only.Bytes);
        }
        var key = Key(participant, version, plan, Scopes(agreement, plan), format);
        var (view, file) = await MadeAsync(
            participant, key, null, null,
            async unfinished =>
            {
                try
                {
                    return await BuildAsync(
                        participant, version, plan, agreement.Id, format, unfinished, new Reporter(_done, key));
                }
                finally
                {
                    _done.TryRemove(key, out _);
                }
            },
            cancel);
        return Governed(key, plan, version.Number, format, view, file);
    }

    /// <summary>What is made out of views, as Snappy Parquet: a part of one, or the changes between two.</summary>
    /// <param name="key">What makes it what it is: the views, and what is done with them.</param>
    /// <param name="agreement">For whose reader alone it is made; null where all readers of the view share it.</param>
    /// <param name="origin">How it is made, for whoever must make it again.</param>
    /// <param name="build">
    /// Writes it into the file of that path. What it reads it holds itself, from its beginning: its asker may leave.
    /// </param>
    public async Task<GovernedFile> DeriveAsync(
        string participant, string key, string? agreement, AccessPlan plan, int version, ViewOrigin origin,
        Func<string, Task<BuiltView>> build, CancellationToken cancel)
    {
        var (view, file) = await MadeAsync(participant, key, agreement, origin, build, cancel);
        return Governed(key, plan, version, ViewFormat.SnappyParquet, view, file);
    }

    /// <summary>What was derived before under that key and is still there, or null.</summary>
    public async Task<GovernedFile?> FindDerivedAsync(
        string participant, string key, AccessPlan plan, int version, CancellationToken cancel) =>
        await FindAsync(participant, key, cancel) is var (view, file)
            ? Governed(key, plan, version, ViewFormat.SnappyParquet, view, file)
            : null;

    /// <summary>What was built under that key, its file there or gone; null: nothing.</summary>
    public async Task<ViewRecord?> FindRecordAsync(string participant, string key, CancellationToken cancel) =>
        (await database.ReadAsync(s => Tables.Views.FindAsync(s, participant, key, cancel), cancel))?.Value;

    private static GovernedFile Governed(
        string key, AccessPlan plan, int version, ViewFormat format, ViewRecord view, LocalFile file) =>
        new(key, plan.Hash, version, format, file, view.Sha256, view.Rows, view.Bytes);

    private async Task<(ViewRecord View, LocalFile File)?> FindAsync(
        string participant, string key, CancellationToken cancel) =>
        await FindRecordAsync(participant, key, cancel) is { } view && cache.Find(view.Sha256) is { } file
            ? (view, file)
            : null;

    /// <summary>What is there under the key, else what is built now.</summary>
    private async Task<(ViewRecord View, LocalFile File)> MadeAsync(
        string participant, string key, string? agreement, ViewOrigin? origin, Func<string, Task<BuiltView>> build,
        CancellationToken cancel) =>
        await FindAsync(participant, key, cancel) ?? await _building.JoinAsync(
            $"{participant} {key}", () => KeepAsync(participant, key, agreement, origin, build), cancel);

    /// <summary>
    /// First the file, then the row: whoever finds a row may find its file gone, which is as if nothing was built.
    /// </summary>
    private async Task<(ViewRecord View, LocalFile File)> KeepAsync(
        string participant, string key, string? agreement, ViewOrigin? origin, Func<string, Task<BuiltView>> build)
    {
        var unfinished = objects.NewFile(".view");
        try
        {
            var built = await build(unfinished);
            var kept = cache.Keep(unfinished, built.Sha256);
            try
            {
                var view = new ViewRecord(built.Sha256, built.Rows, built.Bytes, agreement, origin);
                await SaveAsync(participant, key, view);
                return (view, kept);
            }
            catch
            {
                kept.Dispose();
                throw;
            }
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>
    /// What is built again has the same bytes, unless a newer engine writes others: then the new ones count.
    /// </summary>
    private Task SaveAsync(string participant, string key, ViewRecord view) => database.WriteAsync(
        async unit =>
        {
            var found = await Tables.Views.FindAsync(unit, participant, key, CancellationToken.None);
            if (found?.Value != view)
                await Tables.Views.SaveAsync(
                    unit, found?.With(view) ?? new(participant, key, 0, view), CancellationToken.None);
        },
        CancellationToken.None);

    private async Task<BuiltView> BuildAsync(
        string participant, ProductVersionRecord version, AccessPlan plan, string agreement, ViewFormat format,
        string unfinished, IProgress<double> progress)
    {
        using var files = new VersionFiles();
        await files.OpenAsync(objects, version.Files, CancellationToken.None);
        var maskKeys = new List<MaskKey>();
        foreach (var scope in plan.MaskKeyScopes)
        {
            var secret = await keys.MaskingAsync(
                participant, scope == Mask.AgreementScope ? $"agreement:{agreement}" : scope, CancellationToken.None);
            maskKeys.Add(new MaskKey(scope, secret));
        }
        return await views.BuildAsync(
            files.Paths, plan, maskKeys, format, unfinished, CancellationToken.None, progress);
    }

    private Task<ProductVersionRecord> VersionAsync(string participant, string product, CancellationToken cancel) =>
        database.ReadAsync(
            async s => Check.NotNull(await ProductVersions.CurrentAsync(s, participant, product, cancel)).Newest,
            cancel);

    private static List<string> Scopes(AgreementRecord agreement, AccessPlan plan) =>
        [.. plan.MaskKeyScopes.Select(s => s == Mask.AgreementScope ? $"agreement:{agreement.Id}" : s)];

    private static string Key(
        string participant, ProductVersionRecord version, AccessPlan plan, List<string> scopes, ViewFormat format)
    {
        var parts = string.Join(
            '\n',
            [participant, version.Product, version.Number.ToString(System.Globalization.CultureInfo.InvariantCulture),
                plan.Hash, format.ToString(), .. scopes]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(parts)));
    }

    private sealed class Reporter(ConcurrentDictionary<string, double> done, string key) : IProgress<double>
    {
        public void Report(double value) => done[key] = value;
    }
}
