using System.Text.Json.Nodes;
using Millrace.Node.Api;
using Millrace.Node.Evidence;
using Millrace.Node.Hosting;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Products;

/// <summary>
/// What a holder hides of a product whatever is agreed. It holds for agreements made from then on: those that run have
/// frozen theirs, so that a holder cannot narrow a contract by editing the product.
/// </summary>
public static class DefaultPlans
{
    public static void Map(IEndpointRouteBuilder participant)
    {
        participant.MapGet("/products/{id}/default-plan", ShowAsync);
        participant.MapPost("/products/{id}/default-plan", SetAsync);
    }

    public static async Task<IResult> ShowAsync(
        string participant, string id, Database database, CancellationToken cancel) =>
        await database.ReadAsync(s => Tables.Products.FindAsync(s, participant, id, cancel), cancel) is { } found
            ? TypedResults.Json(Shown(found.Value.Hidden), ApiJson.Wire.DefaultPlanDraft)
            : Problems.NotFound("product");

    /// <summary>Sets it in place of what was set before; refuses what the table or an offer cannot keep.</summary>
    public static async Task<IResult> SetAsync(
        string participant, string id, HttpRequest request, Database database, EvidenceLog evidence,
        CancellationToken cancel)
    {
        var draft = await Body.ReadAsync(request, ApiJson.Wire.DefaultPlanDraft, cancel);
        if (Read(draft).Refused(out var refusal, out var plan))
            return Problems.Refused(refusal, StatusCodes.Status400BadRequest);
        return await database.WriteAsync<IResult>(
            async unit =>
            {
                if (await Tables.Products.FindAsync(unit, participant, id, cancel) is not { Value: var product } found)
                    return Problems.NotFound("product");
                var broken = product.Offers.SelectMany(o => PolicyCheck.Check(o.Policy, product.Schema, plan));
                var open = await OpenAsync(unit, participant, product, plan, cancel);
                if ((plan.Objection(product.Schema) ?? open ?? broken.FirstOrDefault()) is { } objection)
                    return Problems.Refused(objection, StatusCodes.Status400BadRequest);
                await Tables.Products.SaveAsync(unit, found.With(product with { Default = plan }), cancel);
                await LogAsync(unit, evidence, participant, id, plan, cancel);
                return TypedResults.Json(Shown(plan), ApiJson.Wire.DefaultPlanDraft);
            },
            cancel);
    }

    internal static Task LogAsync(
        Unit unit, EvidenceLog evidence, string participant, string product, DefaultPlan plan,
        CancellationToken cancel) =>
        evidence.AddAsync(unit, participant, EntryType.DefaultPlanSet, Entry(product, plan), cancel);

    private static async Task<Refusal?> OpenAsync(
        Session session, string participant, ProductRecord product, DefaultPlan plan, CancellationToken cancel)
    {
        var id = ProductVersionRecord.IdOf(product.Id, product.Latest);
        var version = await Tables.ProductVersions.FindAsync(session, participant, id, cancel);
        return Sensitivity.Of(product, version?.Value.Classification).Objection(
            plan, product.Schema,
            (column, mask) => $"{mask} would do; to open it, decide on a lower level with millrace classify "
                + $"{product.Id} {column}.");
    }

    private static Decision<DefaultPlan> Read(DefaultPlanDraft draft)
    {
        var masks = new Dictionary<string, Mask>();
        foreach (var (column, text) in draft.Masks ?? new Dictionary<string, string>())
        {
            if (Mask.Parse(text) is not { } mask)
                return new Refusal("bad-value", $"{text} is no mask: see the values of mr:mask.", column);
            masks.Add(column, mask);
        }
        return new DefaultPlan([.. (draft.Hidden ?? []).Distinct()], masks);
    }

    private static DefaultPlanDraft Shown(DefaultPlan plan) =>
        new(plan.HiddenColumns, plan.Masks.ToDictionary(m => m.Key, m => m.Value.ToString()));

    /// <summary>Masks by column, as an entry of the log has them.</summary>
    internal static JsonObject Told(IReadOnlyDictionary<string, Mask> masks) => new(
        masks.OrderBy(m => m.Key, StringComparer.Ordinal)
            .Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Value.ToString())));

    private static JsonObject Entry(string product, DefaultPlan plan) => new()
    {
        ["product"] = product,
        ["hidden"] = new JsonArray([.. plan.HiddenColumns.Select(c => (JsonNode)c)]),
        ["masks"] = Told(plan.Masks),
    };
}
