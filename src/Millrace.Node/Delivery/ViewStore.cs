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
        AgreementRecord agreement, string participant, AccessPlan plan, ViewFormat format, CancellationToken cancel)
    {
        var version = await VersionAsync(participant, agreement.Product, cancel);
        if (plan.IsWholeTable && format == ViewFormat.Parquet
            && plan.Schema.Columns.SequenceEqual(version.Schema.Columns)
            && version.Files is [var only])
        {
            return await FileAsync("original", new ViewRecord(only.Sha256, only.Rows, only.Bytes));
        }
        var scopes = plan.MaskKeyScopes
            .Select(s => s == Mask.AgreementScope ? $"agreement:{agreement.Id}" : s)
            .ToList();
        var key = Key(participant, version, plan, scopes, format);
        var known = await database.ReadAsync(s => Tables.Views.FindAsync(s, participant, key, cancel), cancel);
        return await FileAsync(key, known?.Value ?? await BuiltAsync());

        // One building serves all who wait for it; it goes on when one of them leaves.
        Task<ViewRecord> BuiltAsync() =>
            _building.GetOrAdd(
                $"{participant} {key}",
                name => new(() => BuildAsync(participant, name, key, version, plan, agreement.Id, format)))
                .Value.WaitAsync(cancel);

        async Task<GovernedFile> FileAsync(string name, ViewRecord view) => new(
            name, plan.Hash, version.Number, format, await objects.LocalAsync(view.Sha256, cancel), view.Sha256,
            view.Rows, view.Bytes);
    }

    private async Task<ViewRecord> BuildAsync(
        string participant, string name, string key, ProductVersionRecord version, AccessPlan plan, string agreement,
        ViewFormat format)
    {
        var unfinished = objects.NewFile(".view");
        try
        {
            var files = new List<string>();
            foreach (var file in version.Files)
                files.Add(await objects.LocalAsync(file.Sha256, CancellationToken.None));
            var maskKeys = new List<MaskKey>();
            foreach (var scope in plan.MaskKeyScopes)
            {
                var secret = await keys.MaskingAsync(
                    participant,
                    scope == Mask.AgreementScope ? $"agreement:{agreement}" : scope,
                    CancellationToken.None);
                maskKeys.Add(new MaskKey(scope, secret));
            }
            var built = await views.BuildAsync(files, plan, maskKeys, format, unfinished, CancellationToken.None);
            await objects.PutAsync(unfinished, built.Sha256, CancellationToken.None);
            var view = new ViewRecord(built.Sha256, built.Rows, built.Bytes);
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
