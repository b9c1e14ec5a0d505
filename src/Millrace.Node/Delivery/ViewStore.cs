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
/// same format, is served the same file.
/// </summary>
public sealed class ViewStore(
    Database database, IObjectStore objects, GovernedView views, ParticipantKeys keys)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<ViewRecord>>> _building = new();

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
            return await FileAsync(
                "original", plan.Hash, version.Number, format, new ViewRecord(only.Sha256, only.Rows, only.Bytes),
                cancel);
        }
        var scopes = plan.MaskKeyScopes
            .Select(s => s == Mask.AgreementScope ? $"agreement:{agreement.Id}" : s)
            .ToList();
        var key = Key(participant, version, plan, scopes, format);
        var view = await MadeAsync(
            participant, key, null,
            unfinished => BuildAsync(participant, version, plan, agreement.Id, format, unfinished), cancel);
        return await FileAsync(key, plan.Hash, version.Number, format, view, cancel);
    }

    /// <summary>What is made out of views, as Snappy Parquet: a part of one, or the changes between two.</summary>
    /// <param name="key">What makes it what it is: the views, and what is done with them.</param>
    /// <param name="agreement">For whose reader alone it is made; null where all readers of the view share it.</param>
    /// <param name="build">Writes it into the file of that path.</param>
    public async Task<GovernedFile> DeriveAsync(
        string participant, string key, string? agreement, AccessPlan plan, int version,
        Func<string, Task<BuiltView>> build, CancellationToken cancel)
    {
        var view = await MadeAsync(participant, key, agreement, build, cancel);
        return await FileAsync(key, plan.Hash, version, ViewFormat.SnappyParquet, view, cancel);
    }

    /// <summary>What was derived before under that key, or null.</summary>
    public async Task<GovernedFile?> FindDerivedAsync(
        string participant, string key, AccessPlan plan, int version, CancellationToken cancel) =>
        await database.ReadAsync(s => Tables.Views.FindAsync(s, participant, key, cancel), cancel) is { } known
            ? await FileAsync(key, plan.Hash, version, ViewFormat.SnappyParquet, known.Value, cancel)
            : null;

    private async Task<GovernedFile> FileAsync(
        string key, string plan, int version, ViewFormat format, ViewRecord view, CancellationToken cancel) => new(
            key, plan, version, format, await objects.LocalAsync(view.Sha256, cancel), view.Sha256, view.Rows,
            view.Bytes);

    /// <summary>What is there under the key, else what is built now.</summary>
    private async Task<ViewRecord> MadeAsync(
        string participant, string key, string? agreement, Func<string, Task<BuiltView>> build,
        CancellationToken cancel)
    {
        if (await database.ReadAsync(s => Tables.Views.FindAsync(s, participant, key, cancel), cancel) is { } known)
            return known.Value;
        // One building serves all who wait for it; it goes on when one of them leaves.
        return await _building.GetOrAdd(
            $"{participant} {key}", name => new(() => KeepAsync(participant, name, key, agreement, build)))
            .Value.WaitAsync(cancel);
    }

    private async Task<ViewRecord> KeepAsync(
        string participant, string name, string key, string? agreement, Func<string, Task<BuiltView>> build)
    {
        var unfinished = objects.NewFile(".view");
        try
        {
            var built = await build(unfinished);
            await objects.PutAsync(unfinished, built.Sha256, CancellationToken.None);
            var view = new ViewRecord(built.Sha256, built.Rows, built.Bytes, agreement);
            await database.WriteAsync(
                async unit =>
                {
                    if (await Tables.Views.FindAsync(unit, participant, key, CancellationToken.None) is null)
                        await Tables.Views.SaveAsync(unit, new(participant, key, 0, view), CancellationToken.None);
                },
                CancellationToken.None);
            return view;
        }
        finally
        {
            File.Delete(unfinished);
            _building.TryRemove(name, out _); // A failure is not remembered; a success is in the table.
        }
    }

    private async Task<BuiltView> BuildAsync(
        string participant, ProductVersionRecord version, AccessPlan plan, string agreement, ViewFormat format,
        string unfinished)
    {
        var files = new List<string>();
        foreach (var file in version.Files)
            files.Add(await objects.LocalAsync(file.Sha256, CancellationToken.None));
        var maskKeys = new List<MaskKey>();
        foreach (var scope in plan.MaskKeyScopes)
        {
            var secret = await keys.MaskingAsync(
                participant, scope == Mask.AgreementScope ? $"agreement:{agreement}" : scope, CancellationToken.None);
            maskKeys.Add(new MaskKey(scope, secret));
        }
        return await views.BuildAsync(files, plan, maskKeys, format, unfinished, CancellationToken.None);
    }

    private Task<ProductVersionRecord> VersionAsync(string participant, string product, CancellationToken cancel) =>
        database.ReadAsync(
            async session =>
            {
                var found = Check.NotNull(await Tables.Products.FindAsync(session, participant, product, cancel));
                var id = ProductVersionRecord.IdOf(product, found.Value.Latest);
                return Check.NotNull(await Tables.ProductVersions.FindAsync(session, participant, id, cancel)).Value;
            },
            cancel);

    private static string Key(
        string participant, ProductVersionRecord version, AccessPlan plan, List<string> scopes, ViewFormat format)
    {
        var parts = string.Join(
            '\n',
            [participant, version.Product, version.Number.ToString(System.Globalization.CultureInfo.InvariantCulture),
                plan.Hash, format.ToString(), .. scopes]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(parts)));
    }
}
