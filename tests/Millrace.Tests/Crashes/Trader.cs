using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Millrace.Node.Api;

namespace Millrace.Tests.Crashes;

/// <summary>
/// The work that goes on while nodes die: the provider's program publishes and withdraws, the consumer's negotiates,
/// transfers, reads and completes. Each call of a step ends when it is known what became of it.
/// </summary>
internal sealed class Trader(CarefulClient provider, CarefulClient consumer, Ledger ledger)
{
    private const int TableRows = 4000;

    private const string Offer = """
        {"@type": "Offer", "@id": "urn:millrace:test:rides", "profile": ["https://millrace.dev/odrl/"],
         "permission": [{"action": "odrl:use", "constraint": [
           {"leftOperand": "https://millrace.dev/odrl/mask/rides", "operator": "eq", "rightOperand": "round:10"}]}]}
        """;

    /// <summary>Publishes a new version of the product, once.</summary>
    public async Task PublishAsync()
    {
        var number = ledger.Versions + 1;
        while (true)
        {
            using var upload = Upload(number);
            var outcome = await provider.TryAsync(HttpMethod.Post, "products", upload);
            if (outcome.IsSuccess)
            {
                Assert.Equal(number, outcome.Read(ApiJson.Wire.Product).Latest.Number);
                break;
            }
            Assert.True(outcome.IsUnclear, $"Publishing: {outcome}");
            var products = await provider.LookAsync("products", ApiJson.Wire.IReadOnlyListProduct);
            var latest = products.Count == 0 ? 0 : products.Single().Latest.Number;
            if (latest == number)
                break;
            Assert.Equal(ledger.Versions, latest);
            await provider.PauseAsync();
        }
        ledger.Versions = number;
    }

    /// <summary>Contracts, reads as told, and ends as told.</summary>
    public async Task TradeAsync(Plot plot)
    {
        if (await NegotiateAsync() is not { } agreement || await TransferAsync(agreement) is not { } transfer)
            return;
        foreach (var read in plot.Reads)
            await ReadAsync(agreement, transfer, read);
        var ends = new List<Task>();
        if (plot.Completes)
            ends.Add(CompleteAsync(transfer));
        if (plot.Withdraws)
            ends.Add(WithdrawAsync(agreement));
        await Task.WhenAll(ends);
        if (plot.Withdraws) // From now on, always.
            Assert.False((await ReadOnceAsync(agreement, transfer, plot.After)).Whole, "A read after the withdrawal.");
    }

    private async Task<string?> NegotiateAsync()
    {
        var product = await provider.LookAsync($"products/{Ledger.Product}", ApiJson.Wire.Product);
        var draft = new NegotiationDraft(provider.Node.Did, Ledger.Product, product.Offers[0].Id);
        var (created, last) = await consumer.CreateAsync(
            "negotiations", () => CarefulClient.Json(draft, ApiJson.Wire.NegotiationDraft), ApiJson.Wire.Negotiation,
            ApiJson.Wire.IReadOnlyListNegotiation, n => n.Id);
        Assert.True(created is not null, $"Negotiating: {last}");
        ledger.Negotiations.Add(created.Id);
        while (true)
        {
            var now = await consumer.LookAsync($"negotiations/{created.Id}?wait=5", ApiJson.Wire.Negotiation);
            Assert.True(now.State != "TERMINATED", $"Negotiation {now.Id} ended: {now.Refusal}");
            if (now.State == "FINALIZED")
                return now.Agreement;
        }
    }

    private async Task<string?> TransferAsync(string agreement)
    {
        var draft = new TransferDraft(agreement);
        var (created, last) = await consumer.CreateAsync(
            "transfers", () => CarefulClient.Json(draft, ApiJson.Wire.TransferDraft), ApiJson.Wire.Transfer,
            ApiJson.Wire.IReadOnlyListTransfer, t => t.Id);
        Assert.True(created is not null, $"Transferring: {last}");
        ledger.Transfers.Add(created.Id);
        while (true)
        {
            var now = await consumer.LookAsync($"transfers/{created.Id}?wait=5", ApiJson.Wire.Transfer);
            Assert.True(now.State != "TERMINATED", $"Transfer {now.Id} ended: {now.Refusal}");
            if (now.State == "STARTED")
                return now.Id;
        }
    }

    private async Task ReadAsync(string agreement, string transfer, PlannedRead read)
    {
        while (!(await ReadOnceAsync(agreement, transfer, read)).Whole)
            await consumer.PauseAsync();
    }

    private async Task<(bool Whole, HttpStatusCode? Status)> ReadOnceAsync(
        string agreement, string transfer, PlannedRead read)
    {
        var (bytes, whole, status) = await consumer.DownloadAsync(
            $"transfers/{transfer}/data?format={read.Format}", read.PartBytes);
        ledger.Received.AddOrUpdate(agreement, bytes, (_, before) => before + bytes);
        return (whole, status);
    }

    private async Task CompleteAsync(string transfer)
    {
        while (true)
        {
            var outcome = await consumer.TryAsync(HttpMethod.Post, $"transfers/{transfer}/completion");
            if (outcome.IsSuccess)
                ledger.Completed.Add(transfer);
            if (outcome.IsSuccess || outcome.Status == HttpStatusCode.Conflict) // The provider ended it before.
                return;
            Assert.True(outcome.IsUnclear, $"Completing: {outcome}");
            await consumer.PauseAsync();
        }
    }

    private async Task WithdrawAsync(string agreement)
    {
        var draft = new WithdrawalDraft("mutual");
        for (var first = true; ; first = false)
        {
            var outcome = await provider.TryAsync(
                HttpMethod.Post, $"agreements/{agreement}/withdrawal",
                CarefulClient.Json(draft, ApiJson.Wire.WithdrawalDraft));
            if (outcome.IsSuccess || (!first && outcome.Status == HttpStatusCode.Conflict))
                break;
            Assert.True(outcome.IsUnclear, $"Withdrawing: {outcome}");
            await provider.PauseAsync();
        }
        ledger.Withdrawn.Add(agreement);
    }

    private static MultipartFormDataContent Upload(int number)
    {
        var draft = new ProductDraft(Ledger.Product, "Rides", Offer: JsonElement.Parse(Offer));
        var table = new StringBuilder("day,route,rides\n");
        for (var i = 0; i < TableRows; i++)
            table.Append(CultureInfo.InvariantCulture, $"2001-01-{1 + (i % 28):D2},{i % 90},{(i * 17) + number}\n");
        return new MultipartFormDataContent
        {
            {
                new StringContent(
                    JsonSerializer.Serialize(draft, ApiJson.Wire.ProductDraft), Encoding.UTF8, "application/json"),
                "product"
            },
            { new StringContent(table.ToString()), "files", "rides.csv" },
        };
    }
}
