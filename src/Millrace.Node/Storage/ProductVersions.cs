using System.Globalization;
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

    /// <summary>When each version of a product was published, in their order; none is read whole for it.</summary>
    public static async Task<IReadOnlyList<VersionTime>> TimesAsync(
        Session session, string participant, string product, CancellationToken cancel)
    {
        var rows = await Tables.ProductVersions.ListColumnByAsync(
            session, participant, "product", product, "published", cancel);
        // Of those from before the times were kept beside the bodies.
        var bodies = (await Tables.ProductVersions.ListAsync(
            session, participant, [.. rows.Where(r => r.Shown is null).Select(r => r.Id)], cancel))
            .ToDictionary(r => r.Id, r => r.Value.CreatedAt);
        return [.. rows.Select(r => new VersionTime(
            ProductVersionRecord.NumberOf(r.Id), r.Shown is { } key ? VersionTime.Of(key) : bodies[r.Id]))];
    }

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

/// <summary>When a version was published.</summary>
public sealed record VersionTime(int Number, DateTimeOffset CreatedAt)
{
    private const int KeyDigits = 19;

    /// <summary>A moment as a text that sorts, and loses nothing.</summary>
    internal static string Key(DateTimeOffset moment) =>
        moment.UtcTicks.ToString($"D{KeyDigits}", CultureInfo.InvariantCulture);

    internal static DateTimeOffset Of(string key) => new(long.Parse(key, CultureInfo.InvariantCulture), TimeSpan.Zero);
}

/// <summary>A product as it stands now.</summary>
internal sealed record CurrentProduct(Stored<ProductRecord> Row, ProductVersionRecord Newest)
{
    public ProductRecord Product => Row.Value;
}
