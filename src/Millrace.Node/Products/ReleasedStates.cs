using System.Security.Cryptography;
using System.Text;
using Millrace.Engine.Delivery;
using Millrace.Engine.Supply.States;
using Millrace.Node.Storage.Objects;
using Millrace.Node.Storage.Records;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Products;

/// <summary>
/// What is known of a table as a plan shows it. Of all its rows the states of its files tell; a plan that leaves rows
/// out is made a governed view of, so that no row of another kind takes part.
/// </summary>
public sealed class ReleasedStates(FileStates states, GovernedView views, IObjectStore objects)
{
    /// <summary>The whole table.</summary>
    public async Task<TableState> OfAsync(ProductVersionRecord version, CancellationToken cancel)
    {
        TableState? whole = null;
        foreach (var file in version.Files)
        {
            using var state = await states.FindAsync(file.Sha256, version.Schema, cancel)
                ?? await MakeAsync(file.Sha256, version.Schema, cancel);
            whole = whole is null ? state.Table : whole.Merge(state.Table);
        }
        return whole!;
    }

    /// <summary>The rows of a plan, and of the columns those that it shows as they are.</summary>
    /// <exception cref="ViewException">Nothing of it can be shown.</exception>
    public async Task<TableState> OfAsync(ProductVersionRecord version, AccessPlan plan, CancellationToken cancel)
    {
        if (plan.Rows is null)
            return await OfAsync(version, cancel);
        var open = plan with { Columns = [.. plan.Columns.Where(c => c.Mask is null)] };
        var schema = new TableSchema([.. open.Columns.Select(c => new Column(c.Name, c.Type))]);
        var key = KeyOf(version, open);
        using var known = await states.FindAsync(key, schema, cancel)
            ?? await MakeAsync(version, open, schema, key, cancel);
        return known.Table;
    }

    /// <summary>A view is its plan over its files: their digests stand for its own.</summary>
    private static string KeyOf(ProductVersionRecord version, AccessPlan plan) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(
            string.Join('\n', version.Files.Select(f => f.Sha256).Prepend(plan.Hash)))));

    private async Task<FileState> MakeAsync(string sha256, TableSchema schema, CancellationToken cancel)
    {
        using var file = await objects.OpenAsync(sha256, cancel);
        return await states.MakeAsync(file.Path, sha256, schema, cancel);
    }

    private async Task<FileState> MakeAsync(
        ProductVersionRecord version, AccessPlan plan, TableSchema schema, string key, CancellationToken cancel)
    {
        using var files = new VersionFiles();
        await files.OpenAsync(objects, version.Files, cancel);
        var view = objects.NewFile(".parquet");
        try
        {
            await views.BuildAsync(files.Paths, plan, [], ViewFormat.Parquet, view, cancel);
            return await states.MakeAsync(view, key, schema, cancel);
        }
        finally
        {
            File.Delete(view);
        }
    }
}
