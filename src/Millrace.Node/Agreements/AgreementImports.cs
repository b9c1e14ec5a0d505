using System.Text.Json.Nodes;
using Millrace.Node.Api;
using Millrace.Node.Evidence;
using Millrace.Node.Hosting;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Agreements;

/// <summary>Taking over agreements that were made elsewhere: on paper, by another connector, before a move.</summary>
public static class AgreementImports
{
    public static void Map(IEndpointRouteBuilder participant) => participant.MapPost("/agreements", ImportAsync);

    /// <summary>
    /// Takes over an agreement. As provider the product must be here and every term enforceable, as for an offer.
    /// </summary>
    public static async Task<IResult> ImportAsync(
        string participant, HttpRequest request, Database database, EvidenceLog evidence, Clock clock,
        CancellationToken cancel)
    {
        var draft = await Body.ReadAsync(request, ApiJson.Wire.AgreementImport, cancel);
        if (Read(draft, clock).Refused(out var refusal, out var agreement))
            return Problems.Refused(refusal, StatusCodes.Status400BadRequest);
        return await database.WriteAsync<IResult>(
            async unit =>
            {
                if (await Tables.Agreements.FindAsync(unit, participant, agreement.Id, cancel) is not null)
                    return Problems.Result(409, "exists", "An agreement of this id is here already.");
                if (agreement.Role == Role.Provider)
                {
                    var product = await Tables.Products.FindAsync(unit, participant, agreement.Product, cancel);
                    if (product is null)
                        return Problems.NotFound("product");
                    var (schema, hidden) = (product.Value.Schema, product.Value.Hidden);
                    if (PolicyCheck.Check(agreement.Policy, schema, hidden) is [var objection, ..])
                        return Problems.Refused(objection, StatusCodes.Status400BadRequest);
                    agreement = agreement with
                    {
                        Title = product.Value.Title,
                        Schema = schema,
                        Default = hidden,
                        Query = product.Value.Query,
                    };
                }
                await Tables.Agreements.SaveAsync(unit, new(participant, agreement.Id, 0, agreement), cancel);
                await evidence.AddAsync(
                    unit, participant, EntryType.AgreementImported,
                    new JsonObject
                    {
                        ["agreement"] = agreement.Id,
                        ["peer"] = agreement.Peer,
                        ["product"] = agreement.Product,
                        ["terms"] = PolicyHash.Of(agreement.Policy),
                    },
                    cancel);
                return TypedResults.Json(
                    await AgreementEndpoints.ShownAsync(
                        unit, new(participant, agreement.Id, 1, agreement), clock, cancel), ApiJson.Wire.Agreement,
                    statusCode: StatusCodes.Status201Created);
            },
            cancel);
    }

    private static Decision<AgreementRecord> Read(AgreementImport draft, Clock clock)
    {
        if (draft.Role is not ("consumer" or "provider"))
            return new Refusal("bad-role", "The role is ours: consumer or provider.");
        if (PolicyJson.Read(draft.Policy).Refused(out var refusal, out var policy))
            return refusal;
        if (policy is not { Kind: PolicyKind.Agreement, Target: { } target })
            return new Refusal("bad-policy", "Give the policy of type Agreement, with its target.");
        var role = draft.Role == "consumer" ? Role.Consumer : Role.Provider;
        return new AgreementRecord(
            policy.Id, role, draft.Peer, target, target, policy, policy.Timestamp ?? clock.Now, null, draft.Manual,
            null, null, null);
    }
}
