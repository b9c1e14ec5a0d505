using Millrace.Node.Api;
using Millrace.Node.Catalogues;
using Millrace.Node.Hosting;
using Millrace.Node.Negotiations;
using Millrace.Node.Portal.Pages;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Portal;

/// <summary>What others offer, and asking for it.</summary>
internal static class CataloguePages
{
    public static void Map(IEndpointRouteBuilder participant)
    {
        participant.MapGet("/catalogue", SearchAsync);
        participant.MapGet("/catalogue/{dataset}/request", PrepareAsync);
        participant.MapPost("/catalogue/{dataset}/request", AskAsync);
    }

    private static async Task<IResult> SearchAsync(
        string participant, string? q, HttpContext http, FoundCatalogues catalogues, FoundDatasets datasets,
        Clock clock, CancellationToken cancel)
    {
        var hits = await CatalogueSearch.FindAsync(
            participant, new CatalogueQuery(q), catalogues, datasets, clock.Limits, cancel);
        return PortalPage.Of<Pages.CataloguePage>(http, Texts.Catalogue, new CatalogueModel(q ?? "", hits));
    }

    /// <summary>Shows the offer as its provider makes it now: asking for it may bind at once.</summary>
    /// <param name="other">Whether to begin with other terms than the offer's.</param>
    private static async Task<IResult> PrepareAsync(
        string participant, string dataset, string? provider, string? offer, string? other, HttpContext http,
        CatalogueReader reader, CancellationToken cancel)
    {
        var found = await FindAsync(participant, dataset, provider, offer, reader, cancel);
        if (found.Refused(out var refusal, out var o))
            return Unfound(http, refusal);
        var step = Step(participant, o, o.Policy);
        return other is null
            ? PortalPage.Of<StepPage>(http, step.Step.Name, step)
            : TermForms.Page(http, step, o.Policy, o.Policy);
    }

    private static async Task<IResult> AskAsync(
        string participant, string dataset, string? provider, string? offer, HttpContext http, CatalogueReader reader,
        NegotiationStarts starts, CancellationToken cancel)
    {
        var found = await FindAsync(participant, dataset, provider, offer, reader, cancel);
        if (found.Refused(out var refusal, out var o))
            return Unfound(http, refusal);
        var form = await http.Request.ReadFormAsync(cancel);
        var shown = Step(participant, o, o.Policy);
        if (TermForms.Read(form).Refused(out refusal, out var terms))
            return TermForms.Page(http, shown, o.Policy, form, refusal);
        if (TermForms.Button(form) == "edit")
            return TermForms.Page(http, shown, o.Policy, terms);
        var step = Step(participant, o, terms);
        if (TermForms.Button(form) != "send")
            return PortalPage.Of<StepPage>(http, step.Step.Name, step);
        // The terms go along as the person saw them: an offer that was changed meanwhile is not asked for unseen.
        var draft = new NegotiationDraft(
            o.Dataset.Provider, o.Dataset.Id, o.Policy.Id, Shown.Policy(terms), null, form["manual"] == "yes",
            TermForms.Acceptance(form));
        if ((await starts.LocateAsync(participant, draft.Provider, null, cancel)).Refused(out refusal, out var peer)
            || (await starts.AskAsync(participant, peer, draft, cancel)).Refused(out refusal, out var opened))
        {
            var problem = RefusalTexts.Sentence(refusal, LanguageChoice.Of(http));
            return PortalPage.Of<StepPage>(http, step.Step.Name, step with { Problem = problem }, 409);
        }
        return new SeeOther($"/portal/{participant}/negotiations/{Uri.EscapeDataString(opened.Id)}");
    }

    private static async Task<Decision<Offered>> FindAsync(
        string participant, string dataset, string? provider, string? offer, CatalogueReader reader,
        CancellationToken cancel)
    {
        if ((await reader.FindAsync(participant, provider ?? "", dataset, cancel)).Refused(out var refusal, out var d))
            return refusal;
        return d.Offers.FirstOrDefault(o => o.Id == offer) is { } policy
            ? new Offered(d, policy)
            : new Refusal("unknown-offer", "The provider has no such offer any more: choose one in the catalogue.");
    }

    private static StepModel Step(string participant, Offered offered, Policy terms)
    {
        var (d, offer) = offered;
        var address = $"/portal/{participant}/catalogue/{Uri.EscapeDataString(d.Id)}/request"
            + $"?provider={Uri.EscapeDataString(d.Provider)}&offer={Uri.EscapeDataString(offer.Id)}";
        return new StepModel(
            StepTexts.Negotiation("request"), address, $"/portal/{participant}/catalogue",
            [new(Texts.Product, d.Title ?? d.Id), new(Texts.Provider, d.ProviderTitle ?? d.Provider)])
        {
            Terms = Shown.Terms(terms, d.Masks),
            Changes = Policy.SameTerms(offer, terms) ? null : TermForms.Changes(offer, Role.Consumer, terms),
            Unkept = TermForms.Unkept(terms),
            Policy = TermForms.Line(terms),
            TakesManual = true,
            Other = $"{address}&other=yes",
        };
    }

    private static IResult Unfound(HttpContext http, Refusal refusal) => PortalPage.Refused(
        http, Texts.NotDone, refusal, refusal.Code is "unknown-offer" or "unknown-dataset" ? 404 : 502);

    /// <summary>An offer for a data set.</summary>
    private sealed record Offered(FoundDatasetRecord Dataset, Policy Policy);
}
