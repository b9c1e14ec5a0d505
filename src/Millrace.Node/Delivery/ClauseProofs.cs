using System.Text.Json.Nodes;
using Millrace.Node.Api;
using Millrace.Node.Evidence;
using Millrace.Node.Hosting;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Delivery;

/// <summary>Proved clauses: what a draft contract forbids is tried before anybody signs it.</summary>
public static class ClauseProofs
{
    public static void Map(IEndpointRouteBuilder participant) =>
        participant.MapPost("/products/{id}/proof", ProveAsync);

    /// <summary>Tries each forbidden read on the real product, and answers the draft with what came of it.</summary>
    public static async Task<IResult> ProveAsync(
        string participant, string id, HttpRequest request, Database database, ClauseProver prover,
        EvidenceLog evidence, Clock clock, CancellationToken cancel)
    {
        var draft = await Body.ReadAsync(request, ApiJson.Wire.ProofDraft, cancel);
        var found = await database.ReadAsync(s => Tables.Products.FindAsync(s, participant, id, cancel), cancel);
        if (found is not { Value: var product })
            return Problems.NotFound("product");
        var offered = product.Offers.Select(o => o.Policy)
            .FirstOrDefault(o => draft.Offer is null || o.Id == draft.Offer);
        Refusal? refusal = null;
        if (draft.Policy is { } json && OfferDrafts.Read(json).Refused(out refusal, out offered))
            return Problems.Refused(refusal, StatusCodes.Status400BadRequest);
        if (offered is not { } terms)
            return Problems.NotFound("offer");
        if (PolicyCheck.Check(terms, product.Schema, product.Hidden) is [var unkept, ..])
            return Problems.Refused(unkept, StatusCodes.Status400BadRequest);

        var proof = await RunAsync(participant, product, terms, database, prover, evidence, clock, cancel);
        return TypedResults.Json(proof, ApiJson.Wire.Proof);
    }

    /// <summary>Tries all that terms forbid which can be kept, and logs that it was tried.</summary>
    internal static async Task<Proof> RunAsync(
        string participant, ProductRecord product, Policy terms, Database database, ClauseProver prover,
        EvidenceLog evidence, Clock clock, CancellationToken cancel)
    {
        var now = clock.Now;
        var (version, clauses) = await prover.ProveAsync(participant, product, terms, now, cancel);
        var proof = new Proof(
            product.Id, version, PolicyHash.Of(terms), now, clauses.All(c => c.Status != "broken"),
            Shown.Policy(terms), clauses);
        await database.WriteAsync(u => evidence.AddAsync(
            u, participant, EntryType.ClausesProved,
            new JsonObject
            {
                ["product"] = product.Id,
                ["version"] = version,
                ["terms"] = proof.Terms,
                ["held"] = proof.Held,
                ["attempts"] = clauses.Sum(c => c.Attempts.Count),
            },
            cancel), cancel);
        return proof;
    }
}
