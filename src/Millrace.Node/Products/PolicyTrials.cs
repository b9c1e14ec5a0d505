using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Node.Identity;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Products;

/// <summary>
/// The dry run: who could read what of a product, and when. It asks the same evaluator as the gate, with the same
/// register and the same counts; nothing is read, counted or logged.
/// </summary>
public static class PolicyTrials
{
    private const string Anyone = "anyone";

    public static void Map(IEndpointRouteBuilder participant) =>
        participant.MapPost("/products/{id}/trial", RunAsync);

    /// <summary>Tries a use for one participant or for all of whom something is known.</summary>
    public static async Task<IResult> RunAsync(
        string participant, string id, HttpRequest request, Database database, Clock clock, CancellationToken cancel)
    {
        var draft = await Body.ReadAsync(request, ApiJson.Wire.TrialDraft, cancel);
        Policy? terms = null;
        if (draft.Policy is { } json && OfferDrafts.Read(json).Refused(out var bad, out terms))
            return Problems.Refused(bad, StatusCodes.Status400BadRequest);
        if (draft.Purpose is { } purpose && Purposes.Resolve(purpose) is null)
            return Problems.Result(
                400, "unknown-purpose",
                $"The purpose must be one of {string.Join(", ", Purposes.All.Select(p => p.Name))}.");
        var at = draft.At ?? clock.Now;
        var use = new UseRequest
        {
            Stage = UseStage.Read,
            Now = at,
            AgreedAt = at,
            Purpose = draft.Purpose is { } named ? Purposes.Resolve(named)?.Iri : null,
            Environment = draft.Environment,
        };
        var answers = await database.ReadAsync(
            s => AnswersAsync(s, participant, id, draft.Participant, terms, use, clock.Limits.PageMax, cancel), cancel);
        return answers is null
            ? Problems.NotFound("product")
            : TypedResults.Json(new Trial(id, at, answers), ApiJson.Wire.Trial);
    }

    private static async Task<IReadOnlyList<TrialAnswer>?> AnswersAsync(
        Session session, string holder, string id, string? who, Policy? terms, UseRequest use, int limit,
        CancellationToken cancel)
    {
        if (await Tables.Products.FindAsync(session, holder, id, cancel) is not { Value: var product })
            return null;
        use = use with { Environment = use.Environment ?? Usual(product) };
        List<AgreementRecord> agreements = terms is not null
            ? []
            : [.. (await Tables.Agreements.ListByAsync(session, holder, "product", id, limit, cancel))
                .Select(row => row.Value).Where(a => a.Role == Role.Provider)];
        IReadOnlyList<Policy> offers = terms is null ? [.. product.Offers.Select(o => o.Policy)] : [terms];
        List<string> peers = who is not null
            ? [who]
            : [.. await MemberRegister.NamedAsync(session, holder, limit, cancel), .. agreements.Select(a => a.Peer)];
        var answers = new List<TrialAnswer>();
        foreach (var peer in peers.Count == 0 ? [Anyone] : peers.Distinct())
        {
            foreach (var offer in offers)
            {
                var claims = await MemberRegister.ClaimsAsync(session, holder, peer, offer, cancel);
                var head = new TrialAnswer(peer, terms is null ? "offer" : "draft", offer.Id);
                answers.Add(Answer(head, offer, use with { Claims = claims }, product.Schema, product.Hidden));
            }
            foreach (var agreement in agreements.Where(a => a.Peer == peer))
                answers.Add(await AnswerAsync(session, holder, agreement, use, cancel));
        }
        return answers;
    }

    /// <summary>As the gate would answer, but for the seat and field, which are those of today.</summary>
    private static async Task<TrialAnswer> AnswerAsync(
        Session session, string holder, AgreementRecord agreement, UseRequest use, CancellationToken cancel)
    {
        var head = new TrialAnswer(agreement.Peer, "agreement", agreement.Id);
        if (agreement.Withdrawal is { } withdrawal)
            return head with { Refusal = Told(withdrawal.Refusal()) };
        var usage = (await Tables.Usage.FindAsync(session, holder, agreement.Id, cancel))?.Value ?? UsageRecord.None;
        var claims = await MemberRegister.ClaimsAsync(session, holder, agreement.Peer, agreement.Policy, cancel);
        return Answer(
            head, agreement.Policy,
            use with
            {
                AgreedAt = agreement.AgreedAt,
                Claims = claims,
                DutiesDone = agreement.DutiesDone,
                ReadsSoFar = usage.Reads,
                RowsSoFar = usage.Rows,
                BytesSoFar = usage.Bytes,
            },
            Check.NotNull(agreement.Schema), Check.NotNull(agreement.Hidden));
    }

    private static TrialAnswer Answer(
        TrialAnswer head, Policy policy, UseRequest use, TableSchema schema, DefaultPlan holder)
    {
        if (PolicyEvaluator.Evaluate(policy, use).Refused(out var refusal, out var permit) ||
            AccessPlan.Compile(permit.Permission, schema, holder).Refused(out refusal, out var plan))
        {
            return head with { Refusal = Told(refusal) };
        }
        return head with
        {
            Permission = permit.PermissionPath,
            ReadsLeft = permit.ReadsLeft,
            RowsLeft = permit.RowsLeft,
            BytesLeft = permit.BytesLeft,
            Plan = Seen(plan),
        };
    }

    /// <summary>Where a product is used when nothing else is said: a query is called, a table downloaded.</summary>
    private static string Usual(ProductRecord product) =>
        product.Query is null ? Protocol.Policies.Environments.Download : Protocol.Policies.Environments.Query;

    private static RefusalInfo Told(Refusal refusal) => new(refusal.Code, refusal.Reason, refusal.Rule);

    private static PlanInfo Seen(AccessPlan plan)
    {
        var (rows, rowsZh) = PlanWords.Rows(plan);
        return new PlanInfo(
            plan.Hash,
            [.. plan.Columns.Select(c => new SeenColumn(
                c.Name, c.Type.ToString().ToLowerInvariant(), c.Mask?.ToString()))],
            [.. plan.Schema.Columns.Select(c => c.Name).Except(plan.Columns.Select(c => c.Name))], rows, rowsZh);
    }
}
