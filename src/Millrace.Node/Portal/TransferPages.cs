using Millrace.Node.Agreements;
using Millrace.Node.Api;
using Millrace.Node.Portal.Pages;
using Millrace.Node.Storage;
using Millrace.Node.Transfers;

namespace Millrace.Node.Portal;

/// <summary>Transfers: the access that runs under agreements, asking for it, holding, resuming and ending it.</summary>
internal static class TransferPages
{
    private const int OnPage = 60;

    public static void Map(IEndpointRouteBuilder participant)
    {
        participant.MapGet("/transfers", ListAsync);
        participant.MapPost("/transfers", AskAsync);
        participant.MapGet("/transfers/{pid}", ShowAsync);
        participant.MapGet("/transfers/{pid}/acts/{act}", PrepareAsync);
        participant.MapPost("/transfers/{pid}/acts/{act}", TakeAsync);
    }

    /// <param name="before">Shows those before this one; without it the newest.</param>
    /// <param name="agreement">Chosen in the form.</param>
    private static Task<IResult> ListAsync(
        string participant, string? before, string? agreement, HttpContext http, Database database,
        Clock clock, CancellationToken cancel) =>
        PageAsync(
            participant, PortalForms.Said(before), new TransferDraft(agreement ?? ""), null, http, database, clock,
            cancel);

    private static async Task<IResult> AskAsync(
        string participant, HttpContext http, TransferStarts starts, Database database, Clock clock,
        CancellationToken cancel)
    {
        var form = await http.Request.ReadFormAsync(cancel);
        var draft = new TransferDraft(
            form["agreement"].ToString(), PortalForms.Said(form["purpose"]), PortalForms.Said(form["project"]));
        if ((await starts.LocateAsync(participant, draft, cancel)).Refused(out var refusal, out var provider)
            || (await starts.AskAsync(participant, provider, draft, cancel)).Refused(out refusal, out var asked))
        {
            var problem = RefusalTexts.Sentence(refusal, LanguageChoice.Of(http));
            return await PageAsync(participant, null, draft, problem, http, database, clock, cancel);
        }
        return new SeeOther(Address(participant, asked.Id));
    }

    private static async Task<IResult> ShowAsync(
        string participant, string pid, HttpContext http, Database database, CancellationToken cancel) =>
        await TransferManagement.ReadAsync(participant, pid, database, cancel) is { } transfer
            ? Page(transfer, null, http)
            : PortalGuard.Missing(http);

    private static async Task<IResult> PrepareAsync(
        string participant, string pid, string act, HttpContext http, Database database, CancellationToken cancel)
    {
        if (await TransferManagement.ReadAsync(participant, pid, database, cancel) is not { } transfer)
            return PortalGuard.Missing(http);
        if (transfer.Acts?.Contains(act) != true)
            return new SeeOther(Address(participant, pid)); // It went on since the link was shown.
        var step = Step(participant, transfer, act);
        return PortalPage.Of<StepPage>(http, step.Step.Name, step);
    }

    private static async Task<IResult> TakeAsync(
        string participant, string pid, string act, HttpContext http, Database database, TransferActs acts,
        CancellationToken cancel)
    {
        if (await TransferManagement.ReadAsync(participant, pid, database, cancel) is not { } transfer)
            return PortalGuard.Missing(http);
        var form = await http.Request.ReadFormAsync(cancel);
        var taken = new TransferAct(act, null, PortalForms.Said(form["reason"]));
        if (!(await acts.RunAsync(participant, pid, taken, cancel)).Refused(out var refusal, out _))
            return new SeeOther(Address(participant, pid));
        var problem = RefusalTexts.Sentence(refusal, LanguageChoice.Of(http));
        return Page(transfer, problem, http);
    }

    private static async Task<IResult> PageAsync(
        string participant, string? before, TransferDraft draft, string? problem, HttpContext http, Database database,
        Clock clock, CancellationToken cancel)
    {
        var newest = await TransferManagement.NewestAsync(participant, before, OnPage + 1, database, cancel);
        var model = new TransfersModel(
            [.. newest.Take(OnPage)], newest.Count > OnPage ? newest[OnPage - 1].Id : null,
            await ChoicesAsync(participant, draft.Agreement, database, clock, cancel), draft, problem);
        return PortalPage.Of<TransfersPage>(http, Texts.Transfers, model, problem is null ? 200 : 409);
    }

    /// <summary>Under which access can be asked for: of the newest agreements, and the one that was chosen.</summary>
    private static async Task<IReadOnlyList<Agreement>> ChoicesAsync(
        string participant, string chosen, Database database, Clock clock, CancellationToken cancel)
    {
        var newest = await AgreementEndpoints.NewestAsync(
            participant, null, Limits.Default.PageMax, database, clock, cancel);
        var older = chosen.Length == 0 || newest.Any(a => a.Id == chosen)
            ? null
            : await AgreementEndpoints.ReadAsync(participant, chosen, database, clock, cancel);
        return
        [
            .. newest.Concat(older is null ? [] : [older])
                // A query is called on the page of its agreement.
                .Where(a => a is { Role: "consumer", State: "active", Query: null }),
        ];
    }

    private static IResult Page(Transfer transfer, string? problem, HttpContext http)
    {
        var model = new TransferModel(
            transfer, transfer.Title ?? Texts.Transfer.In(LanguageChoice.Of(http)), problem);
        return PortalPage.Of<TransferPage>(http, model.Title, model, problem is null ? 200 : 409);
    }

    private static StepModel Step(string participant, Transfer transfer, string act)
    {
        var address = Address(participant, transfer.Id);
        return new StepModel(
            StepTexts.Transfer(act, transfer.State), $"{address}/acts/{act}", address,
            [new(Texts.Product, transfer.Title ?? "–"), new(Texts.OtherSide, transfer.Peer)])
        {
            TakesReason = act is "suspend" or "terminate",
        };
    }

    private static string Address(string participant, string pid) =>
        $"/portal/{participant}/transfers/{Uri.EscapeDataString(pid)}";
}
