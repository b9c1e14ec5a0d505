using Millrace.Node.Api;
using Millrace.Node.Messaging;
using Millrace.Node.Negotiations;
using Millrace.Node.Portal.Pages;
using Millrace.Node.Products;
using Millrace.Node.Storage;

namespace Millrace.Node.Portal;

/// <summary>Making somebody one of our offers: a negotiation that the provider begins.</summary>
internal static class ProposalPages
{
    public static void Map(IEndpointRouteBuilder participant)
    {
        participant.MapGet("/products/{id}/proposal", PrepareAsync);
        participant.MapPost("/products/{id}/proposal", ProposeAsync);
    }

    private static async Task<IResult> PrepareAsync(
        string participant, string id, string? offer, HttpContext http, Database database, PeerDirectory peers,
        CancellationToken cancel) =>
        await StepAsync(participant, id, offer, database, peers, cancel) is { } step
            ? PortalPage.Of<StepPage>(http, step.Step.Name, step)
            : PortalGuard.Missing(http);

    private static async Task<IResult> ProposeAsync(
        string participant, string id, string? offer, HttpContext http, Database database, PeerDirectory peers,
        NegotiationStarts starts, CancellationToken cancel)
    {
        if (await StepAsync(participant, id, offer, database, peers, cancel) is not { } step)
            return PortalGuard.Missing(http);
        var form = await http.Request.ReadFormAsync(cancel);
        var draft = new OfferToDraft(form["to"].ToString().Trim(), id, offer!);
        if ((await starts.LocateAsync(participant, draft.Consumer, null, cancel)).Refused(out var refusal, out var peer)
            || (await starts.OfferAsync(participant, peer, draft, cancel)).Refused(out refusal, out var opened))
        {
            var problem = RefusalTexts.Sentence(refusal, LanguageChoice.Of(http));
            return PortalPage.Of<StepPage>(
                http, step.Step.Name, step with { To = draft.Consumer, Problem = problem }, 409);
        }
        return new SeeOther($"/portal/{participant}/negotiations/{Uri.EscapeDataString(opened.Id)}");
    }

    private static async Task<StepModel?> StepAsync(
        string participant, string id, string? offer, Database database, PeerDirectory peers, CancellationToken cancel)
    {
        if (await ProductEndpoints.ReadAsync(participant, id, database, cancel) is not { } product
            || product.Offers.FirstOrDefault(o => o.Id == offer) is not { } ours)
        {
            return null;
        }
        var address = $"/portal/{participant}/products/{Uri.EscapeDataString(id)}";
        return new StepModel(
            StepTexts.Negotiation("propose"), $"{address}/proposal?offer={Uri.EscapeDataString(ours.Id)}", address,
            [new(Texts.Product, product.Title)])
        {
            Terms = ours.Terms,
            Peers = [.. (await peers.ListAsync(participant, cancel)).Select(p => p.Id)],
        };
    }
}
