using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Millrace.Node.Api;

namespace Millrace.Tests.Nodes;

/// <summary>An organisation on a node, as whoever manages it works with it: over the management API.</summary>
public sealed class TestParticipant(TestNode node, string id, string did)
{
    public TestNode Node => node;

    public string Id => id;

    public string Did => did;

    /// <summary>The base of its protocol endpoints.</summary>
    public string Dsp => $"{node.Address.AbsoluteUri}{id}/dsp/2025-1";

    public string Path(string rest) => $"participants/{id}/{rest}";

    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type) => node.GetAsync(Path(path), type);

    public Task<HttpResponseMessage> GetAsync(string path) =>
        node.Http.GetAsync(new Uri(Path(path), UriKind.Relative), TestNode.Cancel);

    public Task<T> PostAsync<TBody, T>(string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type) =>
        node.PostAsync(Path(path), body, bodyType, type);

    public Task<HttpResponseMessage> PostAsync(string path, HttpContent? content) =>
        node.Http.PostAsync(Path(path), content, TestNode.Cancel);

    /// <summary>A body exactly as it is given.</summary>
    public Task<HttpResponseMessage> PostTextAsync(string path, string json) =>
        PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));

    /// <summary>Publishes text as a product, under the default offer if no other is given.</summary>
    public async Task<Product> PublishAsync(
        string csv, JsonObject? offer = null, string product = "trips", string? handling = null)
    {
        var terms = offer is null ? (JsonElement?)null : JsonElement.Parse(offer.ToJsonString());
        using var answer = await UploadAsync(
            new ProductDraft(product, Offer: terms, Handling: handling),
            ("table.csv", Encoding.UTF8.GetBytes(csv)));
        return await TestNode.ReadAsync(answer, ApiJson.Wire.Product);
    }

    public async Task<HttpResponseMessage> UploadAsync(ProductDraft draft, params (string Name, byte[] Bytes)[] files)
    {
        using var form = new MultipartFormDataContent();
        var json = JsonContent.Create(draft, ApiJson.Wire.ProductDraft);
        form.Add(json, "product");
        foreach (var (name, bytes) in files)
        {
            var file = new ByteArrayContent(bytes);
            file.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data")
            {
                Name = "files",
                FileNameStar = name,
            };
            form.Add(file);
        }
        return await PostAsync("products", form);
    }

    /// <summary>Asks for an offer and waits until the negotiation has ended.</summary>
    /// <param name="terms">Terms of one's own; else those of the offer in the catalogue.</param>
    public async Task<Negotiation> NegotiateAsync(
        string provider, string product, string offer, JsonElement? terms = null)
    {
        var asked = await PostAsync(
            "negotiations", new NegotiationDraft(provider, product, offer, Policy: terms),
            ApiJson.Wire.NegotiationDraft, ApiJson.Wire.Negotiation);
        return await GetAsync($"negotiations/{asked.Id}?wait=60", ApiJson.Wire.Negotiation);
    }

    /// <summary>Contracts the first offer of a product.</summary>
    /// <returns>The id of the agreement.</returns>
    public async Task<string> AgreeAsync(TestParticipant provider, Product product)
    {
        var ended = await NegotiateAsync(provider.Did, product.Id, product.Offers[0].Id);
        Assert.Equal("FINALIZED", ended.State);
        return ended.Agreement!;
    }

    /// <summary>Asks for access and waits until it is given or refused.</summary>
    public async Task<Transfer> TransferAsync(string agreement, string? purpose = null, string? provider = null)
    {
        var asked = await PostAsync(
            "transfers", new TransferDraft(agreement, purpose, purpose is null ? null : "test", provider),
            ApiJson.Wire.TransferDraft, ApiJson.Wire.Transfer);
        return await GetAsync($"transfers/{asked.Id}?wait=60", ApiJson.Wire.Transfer);
    }

    public Task<Agreement> AgreementAsync(string agreement) =>
        GetAsync($"agreements/{agreement}", ApiJson.Wire.Agreement);

    public Task<Agreement> WithdrawAsync(string agreement) => PostAsync(
        $"agreements/{agreement}/withdrawal", new WithdrawalDraft("breach"), ApiJson.Wire.WithdrawalDraft,
        ApiJson.Wire.Agreement);

    /// <summary>The whole log, after an audit that gave every entry its place and found nothing wrong.</summary>
    public async Task<IReadOnlyList<EvidenceEntry>> EvidenceAsync()
    {
        var verdict = await VerifyAsync();
        Assert.True(verdict.Valid, string.Join(' ', verdict.Checks.Select(c => c.Detail)));
        var page = await GetAsync("evidence?limit=500", ApiJson.Wire.EvidencePage);
        Assert.Equal(page.Size, page.Entries.Count);
        return page.Entries;
    }

    /// <summary>The entries of some types.</summary>
    public async Task<IReadOnlyList<EvidenceEntry>> EvidenceAsync(params string[] types) =>
        [.. (await EvidenceAsync()).Where(e => types.Contains(e.Type))];

    public async Task<EvidenceVerdict> VerifyAsync()
    {
        using var answer = await PostAsync("evidence/verify", null);
        return await TestNode.ReadAsync(answer, ApiJson.Wire.EvidenceVerdict);
    }
}
