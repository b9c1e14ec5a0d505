using System.Text.Json.Nodes;
using Millrace.Engine.Supply.Classification;
using Millrace.Engine.Supply.Contracts;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Objects;

namespace Millrace.Node.Products;

/// <summary>Drafts a contract from the latest version of a product, for its holder to correct.</summary>
public sealed class ContractDrafts(Database database, IObjectStore objects, ColumnRelations relations)
{
    /// <returns>An Open Data Contract Standard document; null: there is no such product.</returns>
    public async Task<JsonObject?> DraftAsync(string participant, string id, CancellationToken cancel)
    {
        if (await database.ReadAsync(s => ProductVersions.CurrentAsync(s, participant, id, cancel), cancel)
            is not { Product: var product, Newest: var version })
        {
            return null;
        }
        using var files = new VersionFiles();
        await files.OpenAsync(objects, version.Files, cancel);
        return ContractDraft.Of(
            id, version.Profile,
            // Never classified: nothing is known not to be sensitive.
            version.Classification is { } found ? Sensitivity.Of(product, found).LevelOf : _ => LevelRule.Sensitive,
            await relations.FindAsync(files.Paths, version.Profile, cancel));
    }
}
