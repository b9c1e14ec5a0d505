using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Millrace.ConformanceHost;

namespace Millrace.Tests.Conformance;

/// <summary>A negotiation, with the kit on either side.</summary>
internal sealed class NegotiationPlay : ProcessPlay
{
    private readonly string _dataset;
    private readonly string _offer;
    private string? _callback;

    private NegotiationPlay(Kit kit, string dataset, string offer)
        : base(kit) => (_dataset, _offer) = (dataset, offer);

    protected override string Url => _callback is null
        ? $"{Kit.Connector}/negotiations/{ProviderPid}"
        : $"{_callback}/negotiations/{ConsumerPid}";

    /// <summary>The kit is the consumer, and asks for an offer.</summary>
    public static NegotiationPlay AsConsumer(Kit kit, string test) =>
        new(kit, kit.Setting($"{test}_DATASETID"), kit.Setting($"{test}_OFFERID")) { ConsumerPid = KitMessage.NewId() };

    /// <summary>The kit is the provider; the connector is asked to begin, and its request is heard.</summary>
    public static async Task<NegotiationPlay> AsProviderAsync(Kit kit, string test)
    {
        var dataset = kit.Setting($"{test}_DATASETID");
        var play = new NegotiationPlay(kit, dataset, $"offer{dataset}") { ProviderPid = KitMessage.NewId() };
        var heard = kit.Expect("negotiations/request", play.Open);
        await kit.TriggerAsync("negotiation", new JsonObject
        {
            ["providerId"] = AnyCaller.Kit,
            ["offerId"] = play._offer,
            ["datasetId"] = dataset,
            ["connectorAddress"] = kit.Address,
        });
        await heard;
        return play;
    }

    public async Task RequestAsync()
    {
        var request = Messages.Of(
            "ContractRequestMessage", ("consumerPid", ConsumerPid),
            ("offer", KitMessage.Policy("Offer", _offer, _dataset)), ("callbackAddress", Kit.Address));
        var answer = await Kit.SendAsync($"{Kit.Connector}/negotiations/request", request, HttpStatusCode.Created);
        Assert.Equal("ContractNegotiation", (string?)answer!["@type"]);
        Assert.Equal("REQUESTED", (string?)answer["state"]);
        Assert.Equal(ConsumerPid, (string?)answer["consumerPid"]);
        ProviderPid = (string?)answer["providerPid"];
        Move("REQUESTED");
    }

    public Task ExpectOffer() => Expect("negotiations/*/offers", "ContractOfferMessage", "OFFERED", message =>
    {
        Assert.Equal(_dataset, (string?)message["offer"]!["target"]);
        return null;
    });

    public Task ExpectAgreement() => Expect("negotiations/*/agreement", "ContractAgreementMessage", "AGREED", message =>
    {
        Assert.Equal(_dataset, (string?)message["agreement"]!["target"]);
        Assert.Equal(Kit.ConnectorId, (string?)message["agreement"]!["assigner"]);
        Assert.Equal(AnyCaller.Kit, (string?)message["agreement"]!["assignee"]);
        return null;
    });

    public Task ExpectFinalized() => ExpectEvent("FINALIZED");

    public Task ExpectAccepted() => ExpectEvent("ACCEPTED");

    public Task ExpectVerification() =>
        Expect("negotiations/*/agreement/verification", "ContractAgreementVerificationMessage", "VERIFIED");

    public Task ExpectTermination() => Expect(
        "negotiations/*/termination", "ContractNegotiationTerminationMessage", "TERMINATED", _ => Status("TERMINATED"));

    public Task ExpectCounterOffer() =>
        Expect("negotiations/*/request", "ContractRequestMessage", "REQUESTED", message =>
        {
            Assert.Equal(_dataset, (string?)message["offer"]!["target"]);
            return Status("REQUESTED");
        });

    public Task CounterAsync(string offer, string target) =>
        SendAsync("request", CounterOffer(offer, target), "REQUESTED");

    public Task CounterAsync() => CounterAsync(_offer, _dataset);

    public Task CounterIllegallyAsync() => SendIllegalAsync("request", CounterOffer(_offer, _dataset));

    public Task AcceptAsync() => SendAsync("events", Event("ACCEPTED"), "ACCEPTED");

    public Task VerifyAsync() => SendAsync(
        "agreement/verification", Message("ContractAgreementVerificationMessage"), "VERIFIED");

    public Task VerifyIllegallyAsync() => SendIllegalAsync(
        "agreement/verification", Message("ContractAgreementVerificationMessage"));

    public Task OfferAsync() => SendAsync("offers", Offer(), "OFFERED");

    public Task OfferIllegallyAsync() => SendIllegalAsync("offers", Offer());

    public Task AgreeAsync() => SendAsync("agreement", Agreement(), "AGREED");

    public Task AgreeIllegallyAsync() => SendIllegalAsync("agreement", Agreement());

    public Task FinalizeAsync() => SendAsync("events", Event("FINALIZED"), "FINALIZED");

    public Task FinalizeIllegallyAsync() => SendIllegalAsync("events", Event("FINALIZED"));

    public Task TerminateAsync() => SendAsync("termination", Termination(), "TERMINATED");

    public Task TerminateIllegallyAsync() => SendIllegalAsync("termination", Termination());

    protected override IReadOnlyList<string> Next(string? state) => state switch
    {
        null => ["REQUESTED"],
        "REQUESTED" => ["OFFERED", "AGREED", "TERMINATED"],
        "OFFERED" => ["REQUESTED", "ACCEPTED", "TERMINATED"],
        "ACCEPTED" => ["AGREED", "TERMINATED"],
        "AGREED" => ["VERIFIED", "TERMINATED"],
        "VERIFIED" => ["FINALIZED", "TERMINATED"],
        _ => [],
    };

    private JsonObject? Open(JsonObject message)
    {
        Assert.Equal("ContractRequestMessage", (string?)message["@type"]);
        Assert.Equal(_offer, (string?)message["offer"]!["@id"]);
        Assert.Equal(_dataset, (string?)message["offer"]!["target"]);
        ConsumerPid = (string?)message["consumerPid"];
        _callback = ((string?)message["callbackAddress"])!.TrimEnd('/');
        Move("REQUESTED");
        return Status("REQUESTED");
    }

    private Task ExpectEvent(string type) =>
        Expect("negotiations/*/events", "ContractNegotiationEventMessage", type, message =>
        {
            Assert.Equal(type, (string?)message["eventType"]);
            return null;
        });

    private JsonObject Status(string state) => Message("ContractNegotiation", ("state", state));

    private JsonObject Event(string type) => Message("ContractNegotiationEventMessage", ("eventType", type));

    private JsonObject Termination() => Message("ContractNegotiationTerminationMessage", ("code", "1"));

    private JsonObject CounterOffer(string offer, string target) => Message(
        "ContractRequestMessage",
        ("offer", Between(KitMessage.Policy("Offer", offer, target), Kit.ConnectorId, AnyCaller.Kit)));

    private JsonObject Offer() => Message(
        "ContractOfferMessage",
        ("offer", Between(KitMessage.Policy("Offer", _offer, _dataset), AnyCaller.Kit, Kit.ConnectorId)));

    /// <summary>Its time is finer than ours, and there is a callback that nobody asked for.</summary>
    private JsonObject Agreement()
    {
        var agreement = Between(
            KitMessage.Policy("Agreement", KitMessage.NewId(), _dataset), AnyCaller.Kit, Kit.ConnectorId);
        var now = TimeProvider.System.GetUtcNow();
        agreement["timestamp"] = now.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'89Z'", CultureInfo.InvariantCulture);
        return Message("ContractAgreementMessage", ("agreement", agreement), ("callbackAddress", Kit.Address));
    }

    private static JsonObject Between(JsonObject policy, string assigner, string assignee)
    {
        (policy["assigner"], policy["assignee"]) = (assigner, assignee);
        return policy;
    }
}
