using Millrace.Node.Api;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Policies;
using Usage = Millrace.Node.Api.Usage;

namespace Millrace.Node.Metering;

/// <summary>What was used under each agreement, and what it costs by the agreement's price.</summary>
public static class UsageEndpoints
{
    public static void Map(IEndpointRouteBuilder participant) => participant.MapGet("/usage", ShowAsync);

    public static async Task<IResult> ShowAsync(string participant, Database database, CancellationToken cancel) =>
        TypedResults.Json(await ReadAsync(participant, database, cancel), ApiJson.Wire.Usage);

    /// <summary>The use under all agreements of a participant, and the sums.</summary>
    public static async Task<Usage> ReadAsync(string participant, Database database, CancellationToken cancel)
    {
        var lines = await database.ReadAsync(s => LinesAsync(s, participant, cancel), cancel);
        var totals = lines
            .Where(l => l.Currency is not null)
            .GroupBy(l => (l.Role, Currency: l.Currency!))
            .Select(g => new UsageTotal(g.Key.Role, g.Key.Currency, g.Sum(l => l.Due)));
        return new Usage(lines, [.. totals]);
    }

    private static async Task<List<UsageLine>> LinesAsync(Session session, string participant, CancellationToken cancel)
    {
        var lines = new List<UsageLine>();
        var after = "";
        while (true)
        {
            var page = await Tables.Agreements.ListAsync(
                session, participant, after, Limits.Default.PageMax, cancel);
            foreach (var agreement in page)
            {
                var usage = await Tables.Usage.FindAsync(session, participant, agreement.Id, cancel);
                lines.Add(Line(agreement.Value, usage?.Value ?? UsageRecord.None));
            }
            if (page.Count < Limits.Default.PageMax)
                return lines;
            after = page[^1].Id;
        }
    }

    private static UsageLine Line(AgreementRecord agreement, UsageRecord usage)
    {
        // A price that cannot be read was never agreed to by this program; such an agreement shows use without a due.
        var prices = Millrace.Protocol.Policies.Price.Of(agreement.Policy).Refused(out _, out var read)
            ? new PriceList([])
            : read;
        var price = prices.Prices is [var first, ..] ? first : null;
        return new UsageLine(
            agreement.Id, agreement.Role.Name(), agreement.Peer, agreement.Product,
            agreement.Title, usage.Reads, usage.Rows, usage.Bytes, prices.Due(usage.Reads, usage.Rows, agreements: 1),
            price is null ? null : new(price.Amount, price.Currency, price.Per.ToString().ToLowerInvariant()),
            prices.Currency);
    }
}
