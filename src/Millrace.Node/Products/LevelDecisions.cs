using System.Text.Json.Nodes;
using Millrace.Engine.Supply.Classification;
using Millrace.Node.Api;
using Millrace.Node.Evidence;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Products;

/// <summary>
/// A person's word on the level of a column. From level 3 on, the default plan masks it; below, the mask that was put
/// there for its level goes. Agreements that run keep what they froze, but for columns that were masked for them since:
/// see <see cref="SensitiveSince"/>.
/// </summary>
public sealed class LevelDecisions(Database database, EvidenceLog evidence, Clock clock)
{
    /// <returns>The classification afterwards; or why nothing was decided.</returns>
    public Task<Decision<Classification>> DecideAsync(
        string participant, string product, LevelDraft draft, CancellationToken cancel) =>
        database.WriteAsync<Decision<Classification>>(
            async unit =>
            {
                if (await ProductVersions.CurrentAsync(unit, participant, product, cancel) is not var (found, version))
                    return new Refusal("not-found", $"There is no product {product}.");
                if (Read(found.Value, version, draft, clock.Now).Refused(out var refusal, out var decision))
                    return refusal;
                var next = Applied(found.Value, version, decision);
                if (Broken(next) is { } broken)
                    return broken;
                await Tables.Products.SaveAsync(unit, found.With(next), cancel);
                await evidence.AddAsync(
                    unit, participant, EntryType.ClassificationDecided, Entry(product, version, decision), cancel);
                if (next.Hidden != found.Value.Hidden)
                    await DefaultPlans.LogAsync(unit, evidence, participant, product, next.Hidden, cancel);
                await SensitiveSince.SettleAsync(
                    unit, evidence, participant, next, version.Classification, cancel);
                return Classifications.Shown(next, version);
            },
            cancel);

    private static Decision<LevelDecision> Read(
        ProductRecord product, ProductVersionRecord version, LevelDraft draft, DateTimeOffset now)
    {
        if (product.Schema.Columns.All(c => c.Name != draft.Column))
            return new Refusal("unknown-column", $"The product {product.Id} has no column {draft.Column}.");
        if (draft.Level is < 1 or > LevelRule.Highest)
            return new Refusal(
                "bad-level",
                "A level is 1, 2, 3 or 4. Important and core data do not belong into a catalogue: keep them out.");
        if (Decided.Objection(draft.Person, draft.Reason) is { } undecided)
            return undecided;
        var report = Sensitivity.Of(product, version.Classification).Report;
        return new LevelDecision(
            draft.Column, report.LevelOf(draft.Column), draft.Level, draft.Person.Trim(), draft.Reason.Trim(), now,
            [.. report.LikelyOf(draft.Column).Select(f => f.Kind)]);
    }

    private static ProductRecord Applied(ProductRecord product, ProductVersionRecord version, LevelDecision decision)
    {
        var next = product with
        {
            Decisions = [.. (product.Decisions ?? []).Where(d => d.Column != decision.Column), decision],
        };
        var sensitivity = Sensitivity.Of(next, version.Classification);
        var plan = product.Hidden;
        if (decision.Level >= LevelRule.Sensitive)
            return next with { Default = sensitivity.Guard(plan, product.Schema.Columns) };
        // A mask of the holder's own choice stays.
        return plan.Masks.GetValueOrDefault(decision.Column) == sensitivity.MaskFor(decision.Column)
            ? next with
            {
                Default = plan with { Masks = plan.Masks.Where(m => m.Key != decision.Column).ToDictionary() },
            }
            : next;
    }

    private static Refusal? Broken(ProductRecord product) =>
        product.Offers.SelectMany(o => PolicyCheck.Check(o.Policy, product.Schema, product.Hidden)).FirstOrDefault();

    private static JsonObject Entry(string product, ProductVersionRecord version, LevelDecision decision) => new()
    {
        ["product"] = product,
        ["version"] = version.Number,
        ["column"] = decision.Column,
        ["proposed"] = decision.Proposed,
        ["kinds"] = new JsonArray([.. decision.Kinds!.Select(k => (JsonNode)k)]),
        ["level"] = decision.Level,
        ["person"] = decision.Person,
        ["reason"] = decision.Reason,
    };
}
