using System.Runtime.CompilerServices;
using Millrace.Engine.Delivery;
using Millrace.Engine.Duck;
using Millrace.Engine.Supply.Classification;
using Millrace.Engine.Supply.Fields;
using Millrace.Engine.Supply.Joins;
using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Node.Identity;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Objects;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Products;

/// <summary>
/// Finds columns of other products on this node that meet those of one. It looks only at what the asker sees in the
/// catalogue, there only at columns that an offer shows unmasked and that are not sensitive, and tells steps of shares:
/// see docs/decisions/0025-joins-by-steps-and-noise.md.
/// </summary>
public sealed class JoinSearch(
    Database database, LocalParticipants locals, ReleasedStates states, ParticipantKeys keys, Clock clock)
{
    private const string Purpose = "joins";

    /// <returns>Null: the participant has no such product.</returns>
    public async Task<Decision<ProductJoins>?> FindAsync(string participant, string id, CancellationToken cancel)
    {
        if (await database.ReadAsync(s => ProductVersions.CurrentAsync(s, participant, id, cancel), cancel)
            is not { Product: var product, Newest: var version })
        {
            return null;
        }
        if (version.Classification is null)
            return new Refusal("not-classified", $"This version of {id} was never classified: publish it again.");
        var asker = Check.NotNull(await locals.FindAsync(participant, cancel));
        var mine = JoinColumn.Of(
            await states.OfAsync(version, cancel), c => IsHarmless(product, version, c), c => ElementOn(product, c));
        var joins = new List<(Join Join, JoinInfo Info)>();
        var compared = 0;
        await foreach (var (holder, other) in SeenAsync(asker, cancel))
        {
            if (holder.Id == participant && other.Id == id)
                continue;
            if (compared == clock.Limits.JoinProductsMax)
                return Told(more: true);
            compared++;
            joins.AddRange(await CompareAsync(mine, holder, other, cancel));
        }
        return Told(more: false);

        ProductJoins Told(bool more) => new(
            id, version.Number,
            [
                .. joins.OrderBy(j => j.Join, Comparer<Join>.Create(JoinFinder.Compare)).Select(j => j.Info)
                    .Take(clock.Limits.JoinsMax),
            ],
            compared, more);
    }

    /// <summary>
    /// The tables in the catalogues of the node's participants as the asker sees them, each with the offers that are
    /// for them. Of a query no column leaves.
    /// </summary>
    private async IAsyncEnumerable<(ParticipantRecord Holder, ProductRecord Product)> SeenAsync(
        ParticipantRecord asker, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var holder in await locals.ListAsync(cancel))
        {
            for (string? after = ""; after is not null;)
            {
                var from = after;
                var (page, claims) = await database.ReadAsync(
                    async session => (
                        await Tables.Products.ListAsync(session, holder.Id, from, clock.Limits.PageMax, cancel),
                        await MemberRegister.ClaimsAsync(session, holder.Id, asker.Did, cancel)),
                    cancel);
                foreach (var row in page)
                {
                    if (row.Value.SeenBy(asker.Did, claims, clock.Now) is { Query: null, Offers.Count: > 0 } seen)
                        yield return (holder, seen);
                }
                after = page.Count < clock.Limits.PageMax ? null : page[^1].Id;
            }
        }
    }

    private async Task<IReadOnlyList<(Join, JoinInfo)>> CompareAsync(
        IReadOnlyList<JoinColumn> mine, ParticipantRecord holder, ProductRecord other, CancellationToken cancel)
    {
        var version = await database.ReadAsync(
            s => ProductVersions.NewestAsync(s, holder.Id, other, cancel), cancel);
        if (mine.Count == 0 || version.Classification is null)
            return [];
        var open = Released.Of(other.Offers.Select(o => o.Policy), version.Schema, other.Hidden).Open
            .Where(c => IsHarmless(other, version, c.Key)).ToList();
        var theirs = new List<JoinColumn>();
        foreach (var plan in open.GroupBy(c => c.Value.Rows is null ? "" : c.Value.Hash))
        {
            var columns = plan.Select(c => c.Key).ToHashSet();
            try
            {
                theirs.AddRange(JoinColumn.Of(
                    await states.OfAsync(version, plan.First().Value, cancel), columns.Contains,
                    c => ElementOn(other, c)));
            }
            catch (Exception e) when (e is ViewException or EngineException or ObjectStoreException)
            {
                // What another's table lacks is theirs to hear of: it meets nothing.
            }
        }
        var secret = await keys.SealingAsync(holder.Id, Purpose, cancel);
        return [.. JoinFinder.Find(mine, theirs, secret).Select(j => (j, Told(j, holder, other)))];
    }

    private static JoinInfo Told(Join join, ParticipantRecord holder, ProductRecord other) => new(
        join.Mine, holder.Did, holder.Title, other.Id, other.Title, join.Theirs,
        (join.Element, join.Error) switch
        {
            (not null, not null) => "both",
            (not null, _) => "element",
            _ => "values",
        },
        join.Keys.ToString().ToLowerInvariant(), join.ByDay,
        join.Element is { } element ? Shown.Element(element.Name) : null, join.MineInTheirs, join.TheirsInMine,
        join.Error);

    private static bool IsHarmless(ProductRecord product, ProductVersionRecord version, string column) =>
        Sensitivity.Of(product, version.Classification).LevelOf(column) < LevelRule.Sensitive;

    private static FieldElement? ElementOn(ProductRecord product, string column) =>
        product.ElementOn(column)?.Element is { } name ? FieldPacks.FindElement(name) : null;
}
