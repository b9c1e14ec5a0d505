using System.Text.Json;
using Millrace.Node.Agreements;
using Millrace.Node.Api;
using Millrace.Node.Metering;
using Millrace.Node.Portal.Pages;
using Millrace.Node.Storage;
using Millrace.Node.Transfers;

namespace Millrace.Node.Portal;

/// <summary>Agreements: their terms and use, calling the query of one, and withdrawing from it.</summary>
internal static class AgreementPages
{
    private const int OnPage = 60;

    /// <summary>What stands before the name of a parameter in the form.</summary>
    public const string ValuePrefix = "value-";

    public static void Map(IEndpointRouteBuilder participant)
    {
        participant.MapGet("/agreements", ListAsync);
        participant.MapGet("/agreements/{id}", ShowAsync);
        participant.MapPost("/agreements/{id}/call", CallAsync);
        participant.MapGet("/agreements/{id}/withdrawal", ConfirmAsync);
        participant.MapPost("/agreements/{id}/withdrawal", WithdrawAsync);
    }

    /// <param name="before">Shows those before this one; without it the newest.</param>
    private static async Task<IResult> ListAsync(
        string participant, string? before, HttpContext http, Database database, Clock clock, CancellationToken cancel)
    {
        var newest = await AgreementEndpoints.NewestAsync(
            participant, PortalForms.Said(before), OnPage + 1, database, clock, cancel);
        var model = new AgreementsModel(
            [.. newest.Take(OnPage)], newest.Count > OnPage ? newest[OnPage - 1].Id : null);
        return PortalPage.Of<AgreementsPage>(http, Texts.Agreements, model);
    }

    private static async Task<IResult> ShowAsync(
        string participant, string id, HttpContext http, Database database, Clock clock, CancellationToken cancel) =>
        await AgreementEndpoints.ReadAsync(participant, id, database, clock, cancel) is { } agreement
            ? await PageAsync(participant, agreement, null, http, database, cancel)
            : PortalGuard.Missing(http);

    /// <summary>Calls the query, and shows the answer below the same form.</summary>
    private static async Task<IResult> CallAsync(
        string participant, string id, HttpContext http, QueryCalls calls, Database database, Clock clock,
        CancellationToken cancel)
    {
        if (await AgreementEndpoints.ReadAsync(participant, id, database, clock, cancel) is not
            { Role: "consumer", Query: { } query } agreement)
        {
            return PortalGuard.Missing(http);
        }
        var form = await http.Request.ReadFormAsync(cancel);
        // What is left empty has its usual value, or is missing.
        var values = query.Parameters
            .Select(p => (p.Name, Value: form[ValuePrefix + p.Name].ToString()))
            .Where(v => v.Value.Length > 0).ToDictionary(v => v.Name, v => v.Value);
        var model = new CallModel(
            values, PortalForms.Said(form["purpose"]), PortalForms.Said(form["project"]), null, null);
        var draft = new CallDraft(values.ToDictionary(
            v => v.Key, v => JsonSerializer.SerializeToElement(v.Value, ApiJson.Wire.String)));
        var called = await calls.RunAsync(participant, id, model.Purpose, model.Project, draft, cancel);
        model = called.Refused(out var refusal, out var csv)
            ? model with { Problem = RefusalTexts.Sentence(refusal, LanguageChoice.Of(http)) }
            : model with { Answer = CallAnswer.Of(csv, Limits.Default.CallRowsShown) };
        var used = await AgreementEndpoints.ReadAsync(participant, id, database, clock, cancel) ?? agreement;
        return await PageAsync(participant, used, model, http, database, cancel);
    }

    private static async Task<IResult> PageAsync(
        string participant, Agreement agreement, CallModel? call, HttpContext http, Database database,
        CancellationToken cancel)
    {
        var usage = await UsageEndpoints.ReadAsync(participant, database, cancel);
        var model = new AgreementModel(
            agreement, usage.Lines.FirstOrDefault(l => l.Agreement == agreement.Id),
            call ?? (agreement.Query is { } query ? CallModel.Of(query) : null));
        return PortalPage.Of<AgreementPage>(http, agreement.Title, model, call?.Problem is null ? 200 : 409);
    }

    /// <summary>Asks once more before anything is changed: what a script would do in a dialogue.</summary>
    private static async Task<IResult> ConfirmAsync(
        string participant, string id, string? ground, string? note, HttpContext http, Database database,
        Clock clock, CancellationToken cancel) =>
        await AgreementEndpoints.ReadAsync(participant, id, database, clock, cancel) is { } agreement
            && WithdrawalDraft.Grounds.Contains(ground)
            ? PortalPage.Of<WithdrawalPage>(
                http, Texts.Withdrawal,
                new WithdrawalModel(agreement, new WithdrawalDraft(ground!, PortalForms.Said(note))))
            : PortalGuard.Missing(http);

    private static async Task<IResult> WithdrawAsync(
        string participant, string id, HttpContext http, AgreementWithdrawal withdrawal, CancellationToken cancel)
    {
        var form = await http.Request.ReadFormAsync(cancel);
        var draft = new WithdrawalDraft(form["ground"].ToString(), PortalForms.Said(form["note"]));
        return (await withdrawal.RunAsync(participant, id, draft, cancel)).Refused(out var refusal, out _)
            ? PortalPage.Message(http, Texts.NotWithdrawn, refusal.Reason, 409)
            : new SeeOther($"/portal/{participant}/agreements/{Uri.EscapeDataString(id)}");
    }
}
