using System.Net.Http.Headers;
using Millrace.Node.Api;
using Millrace.Protocol.Negotiations;
using Millrace.Protocol.Policies;
using Millrace.Protocol.Transfers;
using Transfer = Millrace.Protocol.Transfers.TransferRequest;

namespace Millrace.Tests.Nodes;

/// <summary>A running transfer in the hands of the peer: where, and with which token.</summary>
internal sealed record DataAccess(string ProviderPid, string ConsumerPid, Uri Endpoint, string Token)
{
    public Uri Csv => new($"{Endpoint}?format=csv");

    /// <summary>A request of the data, for a test to add to.</summary>
    public HttpRequestMessage Request(HttpMethod method, string format = "csv", string? token = null) =>
        new(method, $"{Endpoint}?format={format}")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token ?? Token) },
        };
}

/// <summary>The steps of a consumer, done by hand.</summary>
internal static class RawReader
{
    private static int _pids;

    public static string NewPid() => $"urn:test:{Interlocked.Increment(ref _pids)}";

    /// <summary>An offer of a product, as the catalogue shows it, with the product as its target.</summary>
    public static Policy Offer(this Product product, int index = 0)
    {
        var json = System.Text.Encoding.UTF8.GetBytes(product.Offers[index].Policy.GetRawText());
        Assert.False(PolicyJson.Read(json).Refused(out _, out var offer));
        return offer! with { Target = product.Id };
    }

    /// <summary>The first message of a negotiation.</summary>
    public static ContractRequest Opening(this RawPeer peer, Policy offer) =>
        new(NewPid(), NewPid(), null, offer, peer.Callback);

    /// <summary>Negotiates as a consumer does.</summary>
    /// <returns>The id of the agreement.</returns>
    public static async Task<string> AgreeAsync(this RawPeer peer, TestParticipant holder, Product product)
    {
        var opening = peer.Opening(product.Offer());
        using var opened = await peer.PostAsync(holder, "negotiations/request", opening);
        var status = await RawPeer.ReadAsync<NegotiationStatus>(opened);
        var path = $"{opening.ConsumerPid}/agreement";
        var agreed = (await peer.ReceiveAsync(path)).Read<ContractAgreement>();
        using var verified = await peer.PostAsync(
            holder, $"negotiations/{status.ProviderPid}/agreement/verification",
            new AgreementVerified(NewPid(), opening.ConsumerPid, status.ProviderPid));
        Assert.Equal(200, (int)verified.StatusCode);
        await peer.ReceiveAsync($"{opening.ConsumerPid}/events");
        return agreed.Agreement.Id;
    }

    /// <summary>A signed purpose, good for this holder and agreement.</summary>
    public static string Sign(this RawPeer peer, TestParticipant holder, string agreement, string purpose) =>
        Millrace.Node.Identity.SignedPurpose.Issue(
            peer.Key, peer.Did, holder.Did, agreement, Purposes.Namespace + purpose, "test",
            holder.Node.Time.GetUtcNow(), NewPid());

    public static Transfer Asking(
        this RawPeer peer, string agreement, string? signedPurpose = null, string format = "HttpData-PULL") =>
        new(NewPid(), NewPid(), agreement, format, peer.Callback, null, signedPurpose);

    /// <summary>Asks for access and waits for its start.</summary>
    public static async Task<DataAccess> AccessAsync(
        this RawPeer peer, TestParticipant holder, string agreement, string? signedPurpose = null,
        string format = "HttpData-PULL")
    {
        var asking = peer.Asking(agreement, signedPurpose, format);
        using var asked = await peer.PostAsync(holder, "transfers/request", asking);
        await RawPeer.ReadAsync<TransferStatus>(asked);
        var started = (await peer.ReceiveAsync($"{asking.ConsumerPid}/start")).Read<TransferStarted>();
        var address = started.DataAddress!;
        return new DataAccess(
            started.ProviderPid, asking.ConsumerPid, new Uri(address.Endpoint!),
            address.Property(EndpointProperty.Authorization)!);
    }
}
