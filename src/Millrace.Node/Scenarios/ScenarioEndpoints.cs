using System.Text.Json.Nodes;
using Millrace.Node.Api;
using Millrace.Node.Evidence;
using Millrace.Node.Hosting;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;

namespace Millrace.Node.Scenarios;

/// <summary>
/// Recorded needs: what for, how success is measured, and the figure before and after. Both are logged.
/// </summary>
public static class ScenarioEndpoints
{
    public static void Map(IEndpointRouteBuilder participant)
    {
        participant.MapPost("/scenarios", RecordAsync);
        participant.MapGet("/scenarios", ListAsync);
        participant.MapGet("/scenarios/{id}", ShowAsync);
        participant.MapPost("/scenarios/{id}/outcome", CloseAsync);
    }

    /// <summary>Records a need before anything is done about it.</summary>
    public static async Task<IResult> RecordAsync(
        string participant, HttpRequest request, Database database, EvidenceLog evidence, Ids ids, Clock clock,
        CancellationToken cancel)
    {
        var draft = await Body.ReadAsync(request, ApiJson.Wire.ScenarioDraft, cancel);
        if (string.IsNullOrWhiteSpace(draft.Title) || string.IsNullOrWhiteSpace(draft.Measure))
            return Problems.Result(400, "incomplete", "A scenario needs a title and a measure of success.");
        var scenario = new ScenarioRecord(
            ids.New(), draft.Title, draft.Purpose, draft.Measure, draft.Unit, draft.Before, draft.Agreements ?? [],
            clock.Now, null, null);
        await database.WriteAsync(
            async unit =>
            {
                await Tables.Scenarios.SaveAsync(unit, new(participant, scenario.Id, 0, scenario), cancel);
                await evidence.AddAsync(
                    unit, participant, EntryType.ScenarioRecorded,
                    new JsonObject
                    {
                        ["scenario"] = scenario.Id,
                        ["title"] = scenario.Title,
                        ["purpose"] = scenario.Purpose,
                        ["measure"] = scenario.Measure,
                        ["unit"] = scenario.Unit,
                        ["before"] = scenario.Before,
                    },
                    cancel);
            },
            cancel);
        return TypedResults.Json(Shown(scenario), ApiJson.Wire.Scenario, statusCode: StatusCodes.Status201Created);
    }

    public static async Task<IResult> ListAsync(string participant, Database database, CancellationToken cancel) =>
        TypedResults.Json(await ReadAllAsync(participant, database, cancel), ApiJson.Wire.IReadOnlyListScenario);

    /// <summary>A page of the participant's scenarios, in the order of their recording.</summary>
    public static async Task<IReadOnlyList<Scenario>> ReadAllAsync(
        string participant, Database database, CancellationToken cancel)
    {
        var rows = await database.ReadAsync(
            s => Tables.Scenarios.ListAsync(s, participant, "", Limits.Default.PageMax, cancel), cancel);
        return [.. rows.Select(r => Shown(r.Value))];
    }

    public static async Task<IResult> ShowAsync(
        string participant, string id, Database database, CancellationToken cancel) =>
        await database.ReadAsync(s => Tables.Scenarios.FindAsync(s, participant, id, cancel), cancel) is { } found
            ? TypedResults.Json(Shown(found.Value), ApiJson.Wire.Scenario)
            : Problems.NotFound("scenario");

    /// <summary>Closes a scenario with the figure that was reached, and the agreements that made it possible.</summary>
    public static async Task<IResult> CloseAsync(
        string participant, string id, HttpRequest request, Database database, EvidenceLog evidence, Clock clock,
        CancellationToken cancel)
    {
        var outcome = await Body.ReadAsync(request, ApiJson.Wire.ScenarioOutcome, cancel);
        return await database.WriteAsync(
            async unit =>
            {
                if (await Tables.Scenarios.FindAsync(unit, participant, id, cancel) is not { } found)
                    return Problems.NotFound("scenario");
                if (found.Value.ClosedAt is not null)
                    return Problems.Result(409, "closed", "This scenario has been closed already.");
                if (found.Value.Before is not null && outcome.Before is not null
                    && found.Value.Before != outcome.Before)
                {
                    return Problems.Result(
                        409, "before-differs", "The figure before was recorded already: leave it out.");
                }
                if ((found.Value.Before ?? outcome.Before) is not { } before)
                    return Problems.Result(400, "no-before", "Give the figure before too: none was recorded.");
                var closed = found.Value with
                {
                    Before = before,
                    After = outcome.After,
                    Agreements = outcome.Agreements,
                    ClosedAt = clock.Now,
                };
                await Tables.Scenarios.SaveAsync(unit, found.With(closed), cancel);
                await evidence.AddAsync(
                    unit, participant, EntryType.ScenarioClosed,
                    new JsonObject
                    {
                        ["scenario"] = id,
                        ["before"] = closed.Before,
                        ["after"] = closed.After,
                        ["agreements"] = new JsonArray([.. closed.Agreements.Select(a => (JsonNode)a)]),
                    },
                    cancel);
                return TypedResults.Json(Shown(closed), ApiJson.Wire.Scenario);
            },
            cancel);
    }

    private static Scenario Shown(ScenarioRecord s) => new(
        s.Id, s.Title, s.Purpose, s.Measure, s.Unit, s.Agreements, s.CreatedAt, s.Before, s.After, s.ClosedAt);
}
