using Millrace.Engine.Delivery;
using Millrace.Engine.Supply;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Objects;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Delivery;

/// <summary>The files of collections, as far as a contract has them: it has those whose rows it shows.</summary>
public sealed class CollectionFiles(Database database, IObjectStore objects, ViewStore views, FileIndex index)
{
    private static readonly Refusal _noFiles = new(
        "no-files", "This product is a table and holds no files: read the table.");

    private static readonly Refusal _withheld = new(
        "files-withheld", "This contract is for the index alone: it does not show the path and sha256 of the files.");

    /// <summary>The refusal of a file that is not there, or that the contract does not have.</summary>
    public static Refusal Unknown { get; } = new("not-found", "There is no such file.");

    /// <summary>The file of that path. Whoever gets it disposes it.</summary>
    /// <returns>Else <see cref="Unknown"/>, or the refusal of all files: <c>no-files, files-withheld</c>.</returns>
    public async Task<Decision<GovernedFile>> FindAsync(
        string participant, AgreementRecord agreement, AccessPlan plan, string path, CancellationToken cancel)
    {
        var product = Check.NotNull(await database.ReadAsync(
            s => Tables.Products.FindAsync(s, participant, agreement.Product, cancel), cancel));
        if (!product.Value.HoldsFiles)
            return _noFiles; // Digests in a table are words of its holder, and open nothing.
        if (!Shows(plan, "path") || !Shows(plan, "sha256"))
            return _withheld;
        using var view = await views.OpenAsync(agreement, participant, plan, ViewFormat.Parquet, cancel);
        if (await index.FindAsync(view.Path, path, cancel) is not { } found)
            return Unknown;
        var file = await objects.OpenAsync(found.Sha256, cancel);
        return new GovernedFile(
            $"{view.Key}/{found.Sha256}", view.Plan, view.Version, ViewFormat.Original, file, found.Sha256, 1,
            found.Bytes, found.MediaType);
    }

    private static bool Shows(AccessPlan plan, string column) =>
        plan.Columns.Any(c => c.Name == column && c.Mask is null);
}
