using System.Text.Json;
using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Node.Identity;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Node.Storage.Search;
using Millrace.Protocol;
using Millrace.Protocol.Queries;

namespace Millrace.Node.Products;

/// <summary>A holder's products: publishing files, offering, listing.</summary>
public static class ProductEndpoints
{
    public static void Map(IEndpointRouteBuilder participant)
    {
        participant.MapPost("/products", PublishAsync).DisableAntiforgery();
        participant.MapGet("/products", ListAsync);
        participant.MapGet("/products/{id}", ShowAsync);
        participant.MapPost("/products/{id}/offers", OfferAsync);
    }

    /// <summary>
    /// Publishes uploaded files as a new product, or as a new version of one: multipart/form-data with a part
    /// <c>product</c> (JSON) and one or more parts <c>files</c>; or JSON alone, with a <c>source</c> to read. For a
    /// collection of files also parts <c>index</c>, the files of a table that says more of each.
    /// </summary>
    public static async Task<IResult> PublishAsync(
        string participant, HttpRequest request, UploadReader uploads, ProductPublisher publisher,
        LocalParticipants locals, Database database, CancellationToken cancel)
    {
        using var upload = await uploads.ReadAsync(request, cancel);
        if (upload.Files.Count == 0)
            return Problems.Result(400, "no-files", "Send at least one file, as a part named files.");
        var draft = upload.Draft ?? new ProductDraft();
        if (draft.Kind is not (null or "files"))
            return Problems.Result(400, "bad-kind", "The kind of a product to publish is files, or left out.");
        if (draft is { Kind: "files", Query: not null })
            return Problems.Result(400, "bad-kind", "A query is over a table; a collection of files has none to call.");
        if (draft.Kind is null && upload.Index.Count > 0)
            return Problems.Result(400, "bad-kind", "An index is said of a collection: publish with the kind files.");
        if (draft.Source is not null && !request.HasJsonContentType())
            return Problems.Result(400, "bad-source", "Send files or a source: a source in a body that is JSON.");
        if (draft.Keywords?.Contains(null!) == true || draft.Convert?.Contains(null!) == true)
            return Problems.Result(400, "bad-json", "Keywords and conversions must not be null.");
        if (draft.Title is { } title && string.IsNullOrWhiteSpace(title))
            return Problems.Result(400, "bad-title", "The title is empty: name the product, or leave the title out.");
        OfferWish? offer = null;
        if ((draft.Offer, draft.Handling, draft.OfferId, draft.Rule, draft.Visible)
            is not (null, null, null, null, null) &&
            OfferWishes.Read(draft.Offer, draft.Handling, draft.OfferId, draft.Rule, draft.Visible)
                .Refused(out var bad, out offer))
        {
            return Problems.Refused(bad, 400);
        }
        QueryDefinition? query = null;
        if (draft.Query is { } written && QueryJson.Read(written).Refused(out bad, out query))
            return Problems.Refused(bad, 400);
        ImportedDescription? about = null;
        if (draft.About is { } described && DescriptionImport.Read(described).Refused(out bad, out about))
            return Problems.Refused(bad, 400);
        var holder = Check.NotNull(await locals.FindAsync(participant, cancel));
        var wish = new ProductWish(
            draft.Id, draft.Title ?? about?.Title, draft.Description ?? about?.Text,
            draft.Keywords ?? (about is { Keywords.Count: > 0 } ? about.Keywords : null), offer, query, draft.Append,
            draft.Contract, upload.ReadFrom, Provenance: about?.Provenance, Progress: upload.Progress,
            Elements: about?.Elements, Conversions: draft.Convert, Licenses: about?.Licenses);
        var decision = await publisher.PublishAsync(
            holder, wish,
            new HandedIn(upload.Files, draft.Kind == "files", upload.Index is [] ? null : upload.Index), cancel);
        if (decision.Refused(out var refusal, out var product))
            return Problems.Refused(refusal, 400);
        return TypedResults.Json(
            await ReadAsync(participant, product.Id, database, cancel),
            ApiJson.Wire.Product, statusCode: StatusCodes.Status201Created);
    }

    /// <param name="q">Words, of which each must occur in title, keywords, id or description; best hits first.</param>
    /// <param name="after">Without words: the last product of the page before.</param>
    public static async Task<IResult> ListAsync(
        string participant, string? q, string? after, Database database, CancellationToken cancel) =>
        TypedResults.Json(
            await ReadAllAsync(participant, database, cancel, q, after), ApiJson.Wire.IReadOnlyListProduct);

    /// <param name="before">The number of a version: those before it are shown; null: the newest.</param>
    public static async Task<IResult> ShowAsync(
        string participant, string id, int? before, Database database, CancellationToken cancel) =>
        await ReadAsync(participant, id, database, cancel, before) is { } product
            ? TypedResults.Json(product, ApiJson.Wire.Product)
            : Problems.NotFound("product");

    /// <summary>
    /// A page of the participant's products, each with its newest version only: in the order of their ids, or those
    /// that hold the words.
    /// </summary>
    public static Task<IReadOnlyList<Product>> ReadAllAsync(
        string participant, Database database, CancellationToken cancel, string? words = null, string? after = null) =>
        database.ReadAsync<IReadOnlyList<Product>>(
            async session =>
            {
                var shown = new List<Product>();
                foreach (var row in await FoundAsync(session, participant, words, after, cancel))
                    shown.Add(await ShownAsync(session, participant, row.Value, null, 1, cancel));
                return shown;
            },
            cancel);

    private static async Task<IReadOnlyList<Stored<ProductRecord>>> FoundAsync(
        Session session, string participant, string? words, string? after, CancellationToken cancel)
    {
        var limits = Limits.Default;
        if (string.IsNullOrWhiteSpace(words))
            return await Tables.Products.ListAsync(session, participant, after ?? "", limits.PageMax, cancel);
        var terms = Words.Asked(words);
        if (terms.Length == 0)
            return [];
        var ids = await Tables.ProductTerms.FindAsync(
            session, participant, [.. terms.Take(limits.WordsPerSearchMax)], 0, limits.HitsUsual, limits.CandidatesMax,
            cancel);
        var rows = (await Tables.Products.ListAsync(session, participant, ids.ToArray(), cancel))
            .ToDictionary(r => r.Id);
        return [.. ids.Where(rows.ContainsKey).Select(id => rows[id])];
    }

    /// <summary>One product with its newest versions, or with those before a version; null: there is none.</summary>
    public static Task<Product?> ReadAsync(
        string participant, string id, Database database, CancellationToken cancel, int? before = null) =>
        database.ReadAsync(
            async session => await Tables.Products.FindAsync(session, participant, id, cancel) is { } found
                ? await ShownAsync(
                    session, participant, found.Value, before, Limits.Default.VersionsShownMax, cancel)
                : null,
            cancel);

    /// <summary>Adds an offer to a product.</summary>
    public static async Task<IResult> OfferAsync(
        string participant, string id, HttpRequest request, ProductPublisher publisher, LocalParticipants locals,
        CancellationToken cancel)
    {
        var draft = await Body.ReadAsync(request, ApiJson.Wire.OfferDraft, cancel);
        if (OfferWishes.Read(draft.Policy, draft.Handling, draft.Id, draft.Rule, draft.Visible)
            .Refused(out var refusal, out var wish))
        {
            return Problems.Refused(refusal, 400);
        }
        var holder = Check.NotNull(await locals.FindAsync(participant, cancel));
        return (await publisher.OfferAsync(holder, id, wish, cancel)).Refused(out refusal, out var product)
            ? Problems.Refused(refusal, refusal.Code == "not-found" ? 404 : 400)
            : TypedResults.Json(
                Shown.Offer(product.Offers[^1], product), ApiJson.Wire.OfferInfo,
                statusCode: StatusCodes.Status201Created);
    }

    private static async Task<Product> ShownAsync(
        Session session, string participant, ProductRecord product, int? before, int count, CancellationToken cancel)
    {
        var last = Math.Clamp((before ?? int.MaxValue) - 1, 0, product.Latest);
        var first = Math.Max(1, last - count + 1);
        var rows = await Tables.ProductVersions.ListAsync(
            session, participant,
            [
                .. Enumerable.Range(first, last - first + 1).Append(product.Latest).Distinct()
                    .Select(number => ProductVersionRecord.IdOf(product.Id, number)),
            ],
            cancel);
        var byNumber = rows.ToDictionary(r => r.Value.Number, r => r.Value);
        var latest = byNumber[product.Latest];
        return new Product(
            product.Id, product.Title, product.Description, product.Keywords,
            product.Kind, product.CreatedAt, Version(product, latest),
            [.. byNumber.Values.Where(v => v.Number <= last).OrderBy(v => v.Number).Select(v => Version(product, v))],
            [.. product.Offers.Select(o => Shown.Offer(o, product))], Classifications.Shown(product, latest),
            product.Query is { } query ? Shown.Query(query.Signature) with { Sql = query.Sql } : null, product.Source,
            product.Provenance is { } stated
                ? JsonSerializer.SerializeToElement(stated, ProvenanceJson.Default.ProvenanceStatement)
                : null,
            product.Source is null ? null : await RefreshEndpoints.ReadAsync(session, participant, product.Id, cancel));
    }

    private static VersionInfo Version(ProductRecord product, ProductVersionRecord v) => new(
        v.Number, v.CreatedAt, v.Rows, v.Bytes,
        [.. v.Files.Select(f => new StoredFile(f.Name, f.Sha256, f.Bytes, f.Rows))],
        [.. v.Schema.Columns.Select(c => new ColumnInfo(c.Name, Lower(c.Type)))], Source(v.Source),
        JsonSerializer.SerializeToElement(v.Profile, RecordJson.Rows.TableProfile),
        JsonSerializer.SerializeToElement(v.Quality, RecordJson.Rows.QualityReport), v.AppendedTo,
        v.ReadFrom is { } read ? new ReadingInfo(read.Source, read.At) : null,
        [.. v.Schema.Columns.Select(c => c.Name).Where(c => Sensitivity.Withholds(product, v, c))], v.Entry);

    private static SourceInfo Source(Engine.Supply.SourceInfo source)
    {
        var first = source.Files is [var one, ..] ? one : null;
        return new SourceInfo(
            Lower(source.Format), first?.Name, first?.Sha256, source.Delimiter?.ToString(), source.Encoding,
            source.HasHeader, source.Conversions, source.DecimalCommas, source.Renamed, source.Sheet);
    }

    private static string Lower<T>(T value)
        where T : struct, Enum =>
        value.ToString().ToLowerInvariant();
}
