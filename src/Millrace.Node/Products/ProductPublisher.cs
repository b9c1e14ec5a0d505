using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Engine.Queries;
using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Contracts;
using Millrace.Engine.Supply.Conversions;
using Millrace.Node.Api;
using Millrace.Node.Evidence;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Catalogues;
using Millrace.Protocol.Handling;
using Millrace.Protocol.Policies;
using Millrace.Protocol.Queries;

namespace Millrace.Node.Products;

/// <summary>What a holder says of files to publish; what is null follows from the files.</summary>
/// <param name="Contract">What is promised of the table (ODCS, YAML); null: what was promised before.</param>
/// <param name="Appends">Their rows follow those of the product's newest version; else they are all of it.</param>
/// <param name="ReadFrom">Where they were fetched; the source is kept with the product.</param>
/// <param name="OnlyIfChanged">What the newest version holds already makes no version.</param>
/// <param name="Provenance">What is stated of where the data come from; null: what was stated before.</param>
/// <param name="Progress">How far its source is read with them; null: it says nothing of that.</param>
/// <param name="Elements">What its columns hold, as a description states it; null: nothing is stated.</param>
/// <param name="Licenses">That a description names; null or empty: those that were stated before.</param>
/// <param name="OnTo">The version that must still be the newest; null: whichever is.</param>
/// <param name="Conversions">Of columns; null: those of the newest version.</param>
/// <param name="Ending">
/// What ends with the version, in the unit that saves it and before all else: it is told the version's number. A
/// refusal of it is one of the version.
/// </param>
public sealed record ProductWish(
    string? Id, string? Title, string? Description, IReadOnlyList<string>? Keywords, OfferWish? Offer,
    QueryDefinition? Query = null, bool Appends = false, string? Contract = null, SourceReading? ReadFrom = null,
    bool OnlyIfChanged = false, ProvenanceStatement? Provenance = null, SourceProgress? Progress = null,
    IReadOnlyList<ColumnElement>? Elements = null, int? OnTo = null, IReadOnlyList<Conversion>? Conversions = null,
    Func<Unit, int, Task<Refusal?>>? Ending = null, IReadOnlyList<string>? Licenses = null);

/// <summary>What a holder says of an offer to make.</summary>
/// <param name="Policy">Null: the default offer, which only a product without an offer gets.</param>
/// <param name="Id">A chosen id, unique among the holder's offers; null: a fresh one.</param>
/// <param name="Rule">There exactly for <see cref="OfferHandling.Rule"/>.</param>
/// <param name="Visible">Who sees it; null: everybody.</param>
public sealed record OfferWish(
    Policy? Policy, OfferHandling Handling, string? Id, WrittenRule? Rule = null, Visibility? Visible = null);

/// <summary>
/// Turns files into a version of a product: read, written as Parquet, measured, and offered. Nothing is visible before
/// the last step, which is one unit of work; an error at any step leaves nothing behind.
/// </summary>
public sealed class ProductPublisher(
    Database database, ProductTables tables, EvidenceLog evidence, Ids ids, Clock clock)
{
    private const int DigestsOfAnEntryMax = 256;

    /// <param name="handed">Local copies that belong to the publisher: those of a collection are taken over.</param>
    /// <exception cref="SourceException">The files cannot be read as a table.</exception>
    /// <exception cref="QueryException">The query cannot be asked of it.</exception>
    /// <exception cref="ContractException">The contract cannot be kept, or does not fit the table.</exception>
    public async Task<Decision<ProductRecord>> PublishAsync(
        ParticipantRecord holder, ProductWish wish, HandedIn handed, CancellationToken cancel)
    {
        var title = wish.Title
            ?? (handed.IsCollection && wish.Id is { } own ? own : ProductId.TitleOf(handed.Files[0].Path));
        var named = wish.Id is { } chosen ? ProductId.Chosen(chosen) : ProductId.From(title);
        if (named.Refused(out var badId, out var id))
            return badId;
        var parquet = tables.NewFile();
        try
        {
            var current = await database.ReadAsync(
                s => ProductVersions.CurrentAsync(s, holder.Id, id.Value, cancel), cancel);
            var (existing, newest) = (current?.Product, current?.Newest);
            var before = wish.Appends ? newest : null;
            var kept = before?.Files ?? [];
            var conversions = wish.Conversions ?? newest?.Source.Conversions ?? [];
            var taken = await tables.ReadAsync(handed, parquet, existing?.Schema, kept, conversions, cancel);
            var table = taken.Table;
            var next = new NextVersion(existing, id.Value, table.Schema);
            var objection = (wish.OnTo is { } onTo ? next.Overtaken(onTo) : null)
                ?? next.Objection(wish.Query, handed.IsCollection)
                ?? (wish.Appends ? next.Objection(before, table, clock.Limits) : null);
            if (objection is not null)
                return objection;
            if (wish.OnlyIfChanged && newest?.Files is [var only] && only.Sha256 == table.Sha256)
                return new Refusal("unchanged", $"The source of {id.Value} holds what its newest version has.");
            if ((wish.Query ?? existing?.Query) is { } query)
                await tables.CheckAsync(query, parquet, cancel);
            var now = clock.Now;
            var contract = wish.Contract ?? newest?.Contract;
            var (profile, quality, classification, breach) = await tables.StudyAsync(
                new TableToStudy(
                    holder.Id, kept, parquet, table.Sha256, table.Schema, now, contract, Earlier: newest),
                cancel);
            if (breach is not null)
                return breach;
            if (next.Plan(classification).Refused(out var open, out var plan))
                return open;
            if (OffersFor(holder, existing, wish.Offer, table.Schema, plan).Refused(out var badOffer, out _))
                return badOffer;
            var version = new ProductVersionRecord(
                id.Value, (newest?.Number ?? 0) + 1, now, table.Schema, profile.Rows,
                [.. kept, new FileRecord($"part-{kept.Count}.parquet", table.Sha256, table.Bytes, table.Rows)],
                table.Source, profile, quality, classification, before?.Number,
                (before?.ContentBytes ?? 0) + taken.ContentBytes, contract, wish.ReadFrom);
            await tables.KeepAsync(taken, cancel);
            return await database.WriteAsync<Decision<ProductRecord>>(
                u => SaveAsync(u, holder, title, wish, version, cancel), cancel);
        }
        finally
        {
            File.Delete(parquet);
        }
    }

    /// <summary>Adds an offer to a product: its last one from then on.</summary>
    public Task<Decision<ProductRecord>> OfferAsync(
        ParticipantRecord holder, string product, OfferWish wish, CancellationToken cancel) =>
        database.WriteAsync<Decision<ProductRecord>>(
            async unit =>
            {
                if (await Tables.Products.FindAsync(unit, holder.Id, product, cancel) is not { } found)
                    return new Refusal("not-found", $"There is no product {product}.");
                if (Offered(holder, found.Value, wish, found.Value.Schema, found.Value.Hidden)
                    .Refused(out var refusal, out var offer))
                {
                    return refusal;
                }
                var next = found.Value with { Offers = [.. found.Value.Offers, offer] };
                await Tables.Products.SaveAsync(unit, found.With(next), cancel);
                await LogOfferAsync(unit, holder.Id, product, offer, cancel);
                return next;
            },
            cancel);

    private async Task<Decision<ProductRecord>> SaveAsync(
        Unit unit, ParticipantRecord holder, string title, ProductWish wish, ProductVersionRecord version,
        CancellationToken cancel)
    {
        var id = version.Product;
        var found = await Tables.Products.FindAsync(unit, holder.Id, id, cancel);
        var next = new NextVersion(found?.Value, id, version.Schema);
        // What was measured, compared and inherited rests on the version before.
        if (next.Overtaken(version.Number - 1) is { } overtaken)
            return overtaken;
        // Decisions on levels and offers are no versions: they may have come meanwhile.
        if (next.Plan(version.Classification!).Refused(out var open, out var plan))
            return open;
        if (OffersFor(holder, found?.Value, wish.Offer, version.Schema, plan)
            .Refused(out var badOffer, out var newOffers))
        {
            return badOffer;
        }
        if (wish.Ending is { } ending && await ending(unit, version.Number) is { } ended)
            return ended;
        var figures = new VersionFigures(version.Rows, version.Quality.Total);
        var before = found?.Value ?? new ProductRecord(
            id, title, "", [], version.CreatedAt, 0, version.Schema, [], figures, Query: wish.Query,
            HoldsFiles: version.Source.Format == SourceFormat.Files);
        var product = before with
        {
            Title = wish.Title ?? before.Title,
            Description = wish.Description ?? before.Description,
            Keywords = wish.Keywords ?? before.Keywords,
            Latest = version.Number,
            Schema = version.Schema,
            Offers = [.. before.Offers, .. newOffers],
            Figures = figures,
            Default = plan == DefaultPlan.None ? null : plan,
            Source = wish.ReadFrom?.Source ?? before.Source,
            Provenance = wish.Licenses is { Count: > 0 } licenses
                ? (wish.Provenance ?? before.Provenance ?? new ProvenanceStatement()).Under(licenses)
                : wish.Provenance ?? before.Provenance,
        };
        var stated = ElementDecisions.Stated(product, version, wish.Elements ?? [], holder.Title);
        product = ElementDecisions.With(product, stated);
        await Tables.Products.SaveAsync(unit, found?.With(product) ?? new(holder.Id, id, 0, product), cancel);
        await Tables.ProductTerms.ChangeAsync(
            unit, holder.Id, [(id, found?.Value.Document(), product.Document())], clock.Limits.TermsPerDocumentMax,
            cancel);
        var entry = await evidence.AddAsync(
            unit, holder.Id, EntryType.VersionPublished, Manifest(product, version), cancel);
        await Tables.ProductVersions.SaveAsync(
            unit, new(holder.Id, ProductVersionRecord.IdOf(id, version.Number), 0, version with { Entry = entry }),
            cancel);
        // The source of rows that were appended has not what the version has.
        if (wish.Progress is { } progress)
            await (version.AppendedTo is null ? progress : progress with { Tag = null })
                .SaveAsync(unit, holder.Id, id, version.Number, cancel);
        if (product.Hidden != before.Hidden)
            await DefaultPlans.LogAsync(unit, evidence, holder.Id, id, product.Hidden, cancel);
        await SensitiveSince.SettleAsync(unit, evidence, holder.Id, product, version.Classification, cancel);
        foreach (var offer in newOffers)
            await LogOfferAsync(unit, holder.Id, id, offer, cancel);
        foreach (var element in stated)
            await ElementDecisions.LogAsync(unit, evidence, holder.Id, product, version.Number, element, cancel);
        return product;
    }

    private static JsonObject Manifest(ProductRecord product, ProductVersionRecord version) => new()
    {
        ["product"] = product.Id,
        ["version"] = version.Number,
        ["rows"] = version.Rows,
        ["appendedTo"] = version.AppendedTo,
        ["source"] = Digests([.. version.Source.Files.Select(f => f.Sha256)]),
        ["files"] = Digests([.. version.Files.Select(f => f.Sha256)]),
        ["converted"] = version.Source.Conversions is { } converted
            ? new JsonArray([.. converted.Select(c => (JsonNode)c.ToString())])
            : null,
        ["readFrom"] = version.ReadFrom is { } read
            ? JsonSerializer.SerializeToNode(read.Source.Told(), ApiJson.Wire.SourceDocument)
            : null,
        ["readAt"] = version.ReadFrom?.At.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        ["contract"] = version.Quality.Contract?.Sha256,
        [LoggedQuality.Member] = LoggedQuality.Of(version.Quality),
        ["provenance"] = product.Provenance is { } stated
            ? Convert.ToHexStringLower(SHA256.HashData(
                JsonSerializer.SerializeToUtf8Bytes(stated, ProvenanceJson.Default.ProvenanceStatement)))
            : null,
        ["query"] = product.Query is { } query ? JsonNode.Parse(QueryJson.ToBytes(query)) : null,
    };

    /// <summary>The digests, in order; of more than an entry holds, how many, and the digest of them all.</summary>
    private static JsonNode Digests(string[] all) => all.Length <= DigestsOfAnEntryMax
        ? new JsonArray([.. all.Select(d => (JsonNode)d)])
        : new JsonObject
        {
            ["count"] = all.Length,
            ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', all)))),
        };

    private Task LogOfferAsync(Unit unit, string holder, string product, OfferRecord offer, CancellationToken cancel) =>
        evidence.AddAsync(
            unit, holder, EntryType.OfferPublished,
            new JsonObject
            {
                ["product"] = product,
                ["offer"] = offer.Policy.Id,
                ["terms"] = PolicyHash.Of(offer.Policy),
                ["handling"] = offer.Handling.ToString(),
                ["rule"] = offer.Rule is { } rule ? RuleJson.Hash(rule) : null,
                ["visible"] = offer.Visible?.Hash(),
            },
            cancel);

    /// <summary>
    /// A product without an offer gets the default one; a new version of an offered product needs none.
    /// </summary>
    private Decision<OfferRecord[]> OffersFor(
        ParticipantRecord holder, ProductRecord? existing, OfferWish? wish, TableSchema schema, DefaultPlan plan)
    {
        if (existing is { Offers.Count: > 0 } && wish?.Policy is null)
            return wish is null
                ? Array.Empty<OfferRecord>()
                : new Refusal(
                    "no-offer", $"The product {existing.Id} has offers already: say which terms the new one has.");
        wish ??= new OfferWish(null, OfferHandling.Accept, null);
        return Offered(holder, existing, wish, schema, plan).Refused(out var refusal, out var offer)
            ? refusal
            : new[] { offer };
    }

    /// <summary>A draft becomes an offer only if every rule of it can be kept.</summary>
    private Decision<OfferRecord> Offered(
        ParticipantRecord holder, ProductRecord? product, OfferWish wish, TableSchema schema, DefaultPlan plan)
    {
        var id = wish.Id ?? ids.NewUrn();
        var policy = wish.Policy ?? DefaultOffer.Create(id, holder.Did);
        if (PolicyCheck.Check(policy, schema, plan) is [var refusal, ..])
            return refusal;
        if (wish.Rule is { } rule && RuleCheck.Check(rule, policy) is [var wrong, ..])
            return wrong;
        if (wish.Visible?.Check() is [var unclear, ..])
            return unclear;
        if (product?.Offers.Any(o => o.Policy.Id == id) == true)
            return new Refusal("offer-exists", $"The product has an offer {id} already: choose another id.");
        return new OfferRecord(
            policy with { Kind = PolicyKind.Offer, Id = id, Target = null, Assigner = holder.Did }, wish.Handling,
            wish.Rule, wish.Visible);
    }
}
