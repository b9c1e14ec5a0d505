using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;

namespace Millrace.Node.Products;

/// <summary>Reading a product's source again, now or by the clock.</summary>
public static class RefreshEndpoints
{
    public static void Map(IEndpointRouteBuilder participant)
    {
        participant.MapPost("/products/{id}/refresh", RefreshAsync);
        participant.MapGet("/products/{id}/schedule", ShowAsync);
        participant.MapPost("/products/{id}/schedule", SetAsync);
    }

    /// <summary>
    /// Makes a new version of what the product's source holds now (201), or none if that is what the newest version has
    /// (200). The body is the product either way.
    /// </summary>
    /// <param name="whole">
    /// A source that only grows is read from its beginning too, and one that says that it did not change all the same.
    /// </param>
    public static async Task<IResult> RefreshAsync(
        string participant, string id, bool? whole, ProductRefresh refresh, RefreshTurns turns, Database database,
        CancellationToken cancel)
    {
        var made = false;
        var refusal = await refresh.RunAsync(
            participant, id, whole ?? false,
            (unit, version, isNew) =>
            {
                made = isNew;
                return turns.SucceedAsync(unit, new RefreshTurn(participant, id, null), version, isNew, cancel);
            },
            cancel);
        if (refusal is not null)
            return Problems.Refused(refusal, refusal.Code == "not-found" ? 404 : 400);
        return TypedResults.Json(
            await ProductEndpoints.ReadAsync(participant, id, database, cancel), ApiJson.Wire.Product,
            statusCode: made ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    /// <summary>When the product is refreshed by the clock, and what came of it last.</summary>
    public static Task<IResult> ShowAsync(
        string participant, string id, Database database, CancellationToken cancel) =>
        database.ReadAsync(
            async session => await Tables.Products.FindAsync(session, participant, id, cancel) is null
                ? Problems.NotFound("product")
                : TypedResults.Json(
                    await ReadAsync(session, participant, id, cancel) ?? Shown(new RefreshRecord(null, null)),
                    ApiJson.Wire.RefreshInfo),
            cancel);

    /// <summary>Sets when the product is refreshed by the clock, in place of what was set before.</summary>
    public static async Task<IResult> SetAsync(
        string participant, string id, HttpRequest request, Database database, RefreshTurns turns, Clock clock,
        CancellationToken cancel)
    {
        var draft = await Body.ReadAsync(request, ApiJson.Wire.ScheduleDraft, cancel);
        RefreshSchedule? schedule = null;
        if (draft != new ScheduleDraft()
            && Timetable.Read(draft, clock.Now, clock.Limits).Refused(out var refusal, out schedule))
        {
            return Problems.Refused(refusal, StatusCodes.Status400BadRequest);
        }
        return await database.WriteAsync<IResult>(
            async unit =>
            {
                if (await Tables.Products.FindAsync(unit, participant, id, cancel) is not { Value: var product })
                    return Problems.NotFound("product");
                if (product.Source is null)
                    return Problems.Refused(ProductRefresh.NoSource(id), StatusCodes.Status400BadRequest);
                await turns.SetAsync(unit, participant, id, schedule, cancel);
                return TypedResults.Json(
                    await ReadAsync(unit, participant, id, cancel), ApiJson.Wire.RefreshInfo);
            },
            cancel);
    }

    /// <summary>How a product is refreshed by the clock; null: it never was.</summary>
    internal static async Task<RefreshInfo?> ReadAsync(
        Session session, string participant, string id, CancellationToken cancel) =>
        await Tables.Refreshes.FindAsync(session, participant, id, cancel) is { } found ? Shown(found.Value) : null;

    private static RefreshInfo Shown(RefreshRecord record) => new(
        record.Schedule?.Every is { } every ? Timetable.Text(every) : null, Timetable.Text(record.Schedule?.At),
        record.Schedule?.Zone, record.Next, record.Claim is not null,
        record.Last is { } last
            ? new RefreshResult(
                last.At, last.Code is not null ? "failed" : last.IsNew ? "new-version" : "unchanged", last.Version,
                last.Code, last.Reason)
            : null,
        record.Failures);
}
