using Millrace.Node.Storage.Records;
using Millrace.Protocol;

namespace Millrace.Node.Storage;

/// <summary>The versions of products, by product and number.</summary>
internal static class ProductVersions
{
    /// <summary>A version, or null.</summary>
    public static async Task<ProductVersionRecord?> FindAsync(
        Session session, string participant, string product, int number, CancellationToken cancel) =>
        (await Tables.ProductVersions.FindAsync(
            session, participant, ProductVersionRecord.IdOf(product, number), cancel))?.Value;

    /// <summary>A product with its newest version; null: there is no such product.</summary>
    public static async Task<CurrentProduct?> CurrentAsync(
        Session session, string participant, string product, CancellationToken cancel) =>
        await Tables.Products.FindAsync(session, participant, product, cancel) is { } row
            ? new CurrentProduct(row, await NewestAsync(session, participant, row.Value, cancel))
            : null;

    /// <summary>The newest version, which every product has.</summary>
    public static async Task<ProductVersionRecord> NewestAsync(
        Session session, string participant, ProductRecord product, CancellationToken cancel) =>
        Check.NotNull(await FindAsync(session, participant, product.Id, product.Latest, cancel));
}

/// <summary>A product as it stands now.</summary>
internal sealed record CurrentProduct(Stored<ProductRecord> Row, ProductVersionRecord Newest)
{
    public ProductRecord Product => Row.Value;
}
