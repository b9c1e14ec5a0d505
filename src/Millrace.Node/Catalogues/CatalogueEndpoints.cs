using System.Globalization;
using System.Text.Json;
using Millrace.Node.Identity;
using Millrace.Node.Messaging;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Catalogues;
using Millrace.Protocol.Policies;
using Millrace.Protocol.Queries;

namespace Millrace.Node.Catalogues;

/// <summary>
/// A participant's catalogue over HTTP (DSP 2025-1, catalog protocol). The operator's also points to the catalogues of
/// the other participants of its node.
/// </summary>
public static class CatalogueEndpoints
{
    public static void Map(IEndpointRouteBuilder dsp)
    {
        dsp.MapPost("/catalog/request", ShowAsync);
        dsp.MapGet("/catalog/datasets/{id}", ShowDatasetAsync);
    }

    /// <summary>A page of the catalogue; the header <c>Link</c> names the next one.</summary>
    /// <param name="after">The last product of the page before.</param>
    public static async Task<IResult> ShowAsync(
        PeerCall call, string? after, HttpContext http, Database database, LocalParticipants locals,
        NodeAddress address, Clock clock, CancellationToken cancel)
    {
        if ((await PeerMessage.ReadAsync<CatalogueRequest>(http.Request, clock, cancel))
            .Refused(out var refusal, out var request))
        {
            return Refused(
                refusal,
                refusal.Code == "too-large"
                    ? StatusCodes.Status413PayloadTooLarge
                    : StatusCodes.Status400BadRequest);
        }
        if (request.Filter.Count > 0)
            return Refused(
                new Refusal("unsupported-filter", "This catalogue takes no filter: read it, and search what you got."),
                StatusCodes.Status400BadRequest);
        var page = clock.Limits.PageMax;
        var (rows, viewer) = await database.ReadAsync(
            async s =>
            {
                var listed = await Tables.Products.ListAsync(s, call.Host.Id, after ?? "", page + 1, cancel);
                return (listed, await ViewerAsync(s, call, [.. listed.Select(r => r.Value)], clock, cancel));
            },
            cancel);
        if (rows.Count > page) // One more than shown: there is a next page.
        {
            var next = Uri.EscapeDataString(rows[page - 1].Id);
            http.Response.Headers.Link =
                $"<{address.DspBase(call.Host.Id)}/catalog/request?after={next}>; rel=\"next\"";
        }
        var service = Service(call.Host, address);
        var others = call.Host.Operator && after is null ? await locals.ListAsync(cancel) : [];
        return new MessageResult(new Catalogue
        {
            Id = $"{call.Host.Did}#catalogue",
            ParticipantId = call.Host.Did,
            Title = call.Host.Title,
            Datasets =
            [
                .. rows.Take(page).Select(r => viewer.Look(r.Value)).OfType<ProductRecord>().Select(
                    p => Dataset(p, call.Host, new(DataFormats.Of(p.Query), service.Id))),
            ],
            Services = [service],
            Catalogues = [.. others.Where(o => o.Id != call.Host.Id).Select(o => Pointer(o, address))],
        });
    }

    /// <summary>One product, complete in itself.</summary>
    public static async Task<IResult> ShowDatasetAsync(
        PeerCall call, string id, Database database, NodeAddress address, Clock clock, CancellationToken cancel)
    {
        var product = await database.ReadAsync(
            async s => await Tables.Products.FindAsync(s, call.Host.Id, id, cancel) is { Value: var found }
                ? (await ViewerAsync(s, call, [found], clock, cancel)).Look(found)
                : null,
            cancel);
        var service = Service(call.Host, address);
        return product is not null
            ? new MessageResult(Dataset(product, call.Host, new(DataFormats.Of(product.Query), service)))
            : Refused(new Refusal("unknown-dataset", "There is no such data set."), StatusCodes.Status404NotFound);
    }

    /// <summary>What is known of who looks is loaded only where an offer is not for everybody.</summary>
    private static async Task<Viewer> ViewerAsync(
        Session session, PeerCall call, IReadOnlyList<ProductRecord> products, Clock clock, CancellationToken cancel) =>
        new(
            call.Peer,
            products.Any(p => p.Offers.Any(o => o.Visible is not null))
                ? await MemberRegister.ClaimsAsync(session, call.Host.Id, call.Peer, cancel)
                : Claims.None,
            clock.Now);

    private static Dataset Dataset(
        ProductRecord product, ParticipantRecord holder, Distribution distribution)
    {
        var metadata = new Dictionary<string, JsonElement>
        {
            [DatasetTerms.Rows] = JsonElement.Parse(product.Figures.Rows.ToString(CultureInfo.InvariantCulture)),
            [DatasetTerms.Publisher] = JsonSerializer.SerializeToElement(holder.Title, TextJson.Default.String),
        };
        if (product.Figures.Quality is { } total) // In percent there, a share here.
            metadata[DatasetTerms.Quality] =
                JsonElement.Parse((total / 100).ToString("0.####", CultureInfo.InvariantCulture));
        if (product.Query is { Signature: var signature })
            metadata[DatasetTerms.Query] = QueryJson.ToCatalogue(signature);
        if (product.HoldsFiles)
            metadata[DatasetTerms.HoldsFiles] = JsonElement.Parse("true");
        TellColumns(metadata, product);
        return new Dataset
        {
            Id = product.Id,
            Title = product.Title,
            Description = product.Description.Length > 0 ? product.Description : null,
            Keywords = product.Keywords,
            Offers = [.. product.Offers.Select(o => o.Policy)],
            Distributions = [distribution],
            Metadata = metadata,
        };
    }

    /// <summary>
    /// What the columns hold that the viewer's offers show, and how they are masked; of a query no column leaves.
    /// </summary>
    private static void TellColumns(Dictionary<string, JsonElement> metadata, ProductRecord product)
    {
        var (confirmed, hidden) = (product.Confirmed, product.Hidden.Masks);
        if (product.Query is not null || (confirmed.Count == 0 && hidden.Count == 0))
            return;
        var seen = Released.Of(product.Offers.Select(o => o.Policy), product.Schema, product.Hidden).Seen;
        if (confirmed.Where(e => seen.Contains(e.Column)).ToList() is { Count: > 0 } elements)
            metadata[DatasetTerms.Elements] = ColumnElement.ToCatalogue(elements);
        if (hidden.Where(m => seen.Contains(m.Key)).ToDictionary() is { Count: > 0 } masks)
            metadata[DatasetTerms.Masks] = ColumnMasks.ToCatalogue(masks);
    }

    private static DataService Service(ParticipantRecord participant, NodeAddress address) =>
        new($"{participant.Did}#dsp", address.DspBase(participant.Id));

    private static Catalogue Pointer(ParticipantRecord member, NodeAddress address) =>
        Catalogue.ReferTo($"{member.Did}#catalogue", Service(member, address)) with { Title = member.Title };

    /// <summary>Who looks into the catalogue.</summary>
    private sealed record Viewer(string Did, Claims Claims, DateTimeOffset Now)
    {
        public ProductRecord? Look(ProductRecord product) => product.SeenBy(Did, Claims, Now);
    }

    private static MessageResult Refused(Refusal refusal, int status) =>
        new(new CatalogueError(null, refusal.Code, [refusal.Reason]), status);
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class TextJson : System.Text.Json.Serialization.JsonSerializerContext;
