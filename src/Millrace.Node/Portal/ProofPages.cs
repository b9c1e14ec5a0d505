using Millrace.Node.Api;
using Millrace.Node.Delivery;
using Millrace.Node.Evidence;
using Millrace.Node.Portal.Pages;
using Millrace.Node.Storage;

namespace Millrace.Node.Portal;

/// <summary>What an offer forbids, tried on the real product while somebody looks.</summary>
internal static class ProofPages
{
    public static void Map(IEndpointRouteBuilder participant) =>
        participant.MapPost("/products/{id}/proof", ProveAsync);

    private static async Task<IResult> ProveAsync(
        string participant, string id, HttpContext http, Database database, ClauseProver prover, EvidenceLog evidence,
        Clock clock, CancellationToken cancel)
    {
        var form = await http.Request.ReadFormAsync(cancel);
        var found = await database.ReadAsync(s => Tables.Products.FindAsync(s, participant, id, cancel), cancel);
        if (found?.Value.Offers.FirstOrDefault(o => o.Policy.Id == form["offer"]) is not { Policy: var terms })
            return PortalGuard.Missing(http);
        var proof = await ClauseProofs.RunAsync(
            participant, found.Value, terms, database, prover, evidence, clock, cancel);
        return PortalPage.Of<ProofPage>(http, Texts.Proof, new ProofModel(found.Value.Title, proof));
    }
}

/// <summary>What came of trying the clauses of an offer.</summary>
/// <param name="Title">Of the product.</param>
public sealed record ProofModel(string Title, Proof Proof);
