using System.Globalization;
using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Node.Negotiations;
using Millrace.Node.Portal.Pages;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Portal;

/// <summary>Negotiations: those that wait for a person first, each with its history and the next steps.</summary>
internal static class NegotiationPages
{
    private const int OnPage = 60;

    public static void Map(IEndpointRouteBuilder participant)
    {
        participant.MapGet("/negotiations", ListAsync);
        participant.MapGet("/negotiations/{pid}", ShowAsync);
        participant.MapGet("/negotiations/{pid}/acts/{act}", PrepareAsync);
        participant.MapPost("/negotiations/{pid}/acts/{act}", TakeAsync);
    }

    /// <param name="before">Shows those before this one; without it the newest, and the queue above them.</param>
    private static async Task<IResult> ListAsync(
        string participant, string? before, HttpContext http, Database database, CancellationToken cancel)
    {
        var isFirst = string.IsNullOrEmpty(before);
        IReadOnlyList<Negotiation> waiting = isFirst
            ? await NegotiationManagement.WaitingAsync(participant, OnPage, database, cancel)
            : [];
        var newest = await NegotiationManagement.NewestAsync(
            participant, isFirst ? null : before, OnPage + 1, database, cancel);
        var model = new NegotiationsModel(
            waiting, waiting.Count < OnPage
                ? waiting.Count
                : await NegotiationManagement.CountWaitingAsync(participant, database, cancel),
            [.. newest.Take(OnPage).Where(n => waiting.All(w => w.Id != n.Id))],
            newest.Count > OnPage ? newest[OnPage - 1].Id : null);
        return PortalPage.Of<NegotiationsPage>(http, Texts.Negotiations, model);
    }

    private static async Task<IResult> ShowAsync(
        string participant, string pid, HttpContext http, Database database, CancellationToken cancel) =>
        await NegotiationManagement.FindAsync(participant, pid, database, cancel) is { } found
            ? await PageAsync(participant, found, null, http, database, cancel)
            : PortalGuard.Missing(http);

    /// <summary>Asks once more before anything binds: what a script would do in a dialogue.</summary>
    private static async Task<IResult> PrepareAsync(
        string participant, string pid, string act, HttpContext http, Database database, CancellationToken cancel)
    {
        if (await NegotiationManagement.FindAsync(participant, pid, database, cancel) is not { } found)
            return PortalGuard.Missing(http);
        if (!NegotiationActs.Open(found.Process).Contains(act))
            return new SeeOther(Address(participant, pid)); // It went on since the link was shown.
        var onTable = found.Process.LastOffer.Offer;
        var step = await StepAsync(participant, found, act, onTable, database, cancel);
        return EditsTerms(act)
            ? TermForms.Page(http, step, onTable, onTable)
            : PortalPage.Of<StepPage>(http, step.Step.Name, step);
    }

    private static async Task<IResult> TakeAsync(
        string participant, string pid, string act, HttpContext http, Database database, NegotiationActs acts,
        CancellationToken cancel)
    {
        if (await NegotiationManagement.FindAsync(participant, pid, database, cancel) is not { } found)
            return PortalGuard.Missing(http);
        var language = LanguageChoice.Of(http);
        if (!NegotiationActs.Open(found.Process).Contains(act))
            return await PageAsync(participant, found, Texts.WentOn.In(language), http, database, cancel);
        var form = await http.Request.ReadFormAsync(cancel);
        var terms = found.Process.LastOffer.Offer;
        if (EditsTerms(act))
        {
            var step = await StepAsync(participant, found, act, terms, database, cancel);
            if (TermForms.Read(form).Refused(out var wrong, out var written))
                return TermForms.Page(http, step, terms, form, wrong);
            if (TermForms.Button(form) == "edit")
                return TermForms.Page(http, step, terms, written);
            terms = written;
        }
        var sent = await StepAsync(participant, found, act, terms, database, cancel);
        if (EditsTerms(act) && TermForms.Button(form) != "send")
            return PortalPage.Of<StepPage>(http, sent.Step.Name, sent);
        var taken = new NegotiationAct(
            act, EditsTerms(act) ? Shown.Policy(terms) : null, null, PortalForms.Said(form["reason"]),
            TermForms.Acceptance(form),
            int.TryParse(form["rounds"], CultureInfo.InvariantCulture, out var rounds) ? rounds : null);
        return (await acts.RunAsync(participant, pid, taken, cancel)).Refused(out var refusal, out _)
            ? PortalPage.Of<StepPage>(
                http, sent.Step.Name, sent with { Problem = RefusalTexts.Sentence(refusal, language) }, 409)
            : new SeeOther(Address(participant, pid));
    }

    private static async Task<IResult> PageAsync(
        string participant, NegotiationRecord found, string? problem, HttpContext http, Database database,
        CancellationToken cancel)
    {
        var negotiation = await NegotiationManagement.TitledAsync(participant, found, database, cancel);
        var model = new NegotiationModel(negotiation, NegotiationRounds.Of(found), problem);
        return PortalPage.Of<NegotiationPage>(http, model.Title, model, problem is null ? 200 : 409);
    }

    /// <param name="terms">Those on the table, or those that the step lays there.</param>
    private static async Task<StepModel> StepAsync(
        string participant, NegotiationRecord found, string act, Policy terms, Database database,
        CancellationToken cancel)
    {
        var negotiation = await NegotiationManagement.TitledAsync(participant, found, database, cancel);
        var address = Address(participant, negotiation.Id);
        return new StepModel(
            StepTexts.Negotiation(act), $"{address}/acts/{act}", address,
            [new(Texts.Product, negotiation.Title ?? negotiation.Dataset), new(Texts.OtherSide, negotiation.Peer)])
        {
            Terms = act == "terminate" ? [] : Shown.Terms(terms),
            Changes = EditsTerms(act)
                ? TermForms.Changes(found.Process.LastOffer.Offer, found.Process.Role, terms)
                : null,
            Unkept = act is "accept" or "counter" ? TermForms.Unkept(terms) : [],
            Policy = EditsTerms(act) ? TermForms.Line(terms) : null,
            Rounds = found.Process.Offers.Count,
            TakesReason = act == "terminate",
        };
    }

    private static bool EditsTerms(string act) => act is "offer" or "counter";

    private static string Address(string participant, string pid) =>
        $"/portal/{participant}/negotiations/{Uri.EscapeDataString(pid)}";
}
