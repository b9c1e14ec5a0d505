using System.Text.Json;
using Millrace.Protocol;
using Millrace.Protocol.Catalogues;
using Millrace.Protocol.Negotiations;
using Millrace.Protocol.Policies;
using Millrace.Protocol.Transfers;

namespace Millrace.Pure.Tests.OnTheWire;

/// <summary>The messages that the golden files hold, as records; and parts of messages that tests need.</summary>
internal static class Samples
{
    public const string ProviderPid = "urn:uuid:a343fcbf-99fc-4ce8-8e9b-148c97605aab";
    public const string ConsumerPid = "urn:uuid:32541fe6-c580-409e-85a8-8a9a32fbe833";
    public const string Target = "urn:uuid:3dd1add8-4d2d-569e-d634-8394a8836a88";
    public const string ProviderId = "did:web:provider.example";
    public const string ConsumerId = "did:web:consumer.example";

    public static readonly Uri ConsumerBase = new("https://consumer.example/api/dsp/2025-1");
    public static readonly Uri ProviderBase = new("https://provider.example/api/dsp/2025-1");

    public static readonly Parties OfProvider = new(ProviderId, ConsumerId);
    public static readonly Parties OfConsumer = new(ConsumerId, ProviderId);

    public static readonly Policy Offer = new()
    {
        Kind = PolicyKind.Offer,
        Id = "urn:uuid:6bcea82e-c509-443d-ba8c-8eef25984c07",
        Target = Target,
        Permissions =
        [
            new Rule
            {
                Action = Terms.Use,
                Constraints =
                [
                    new AtomicConstraint(
                        Terms.DateTime, Operator.Lteq, RightOperand.Of("2026-12-31T06:00:00Z", "xsd:dateTime")),
                ],
            },
        ],
    };

    public static readonly Policy Agreement = Offer with
    {
        Kind = PolicyKind.Agreement,
        Id = "urn:uuid:e8dc8655-44c2-46ef-b701-4cffdc2faa44",
        Assigner = ProviderId,
        Assignee = ConsumerId,
        Timestamp = new DateTimeOffset(2026, 1, 1, 1, 0, 0, TimeSpan.Zero),
    };

    public static readonly DataAddress Address = DataAddress.Http(new Uri("https://provider.example/data/1"), "TOKEN");

    private static readonly DataService _service = new("urn:uuid:4aa2dcc8-4d2d-569e-d634-8394a8834d77", ProviderBase);

    private static readonly Dataset _dataset = new()
    {
        Id = Target,
        Title = "公交客流 2025",
        Description = "Rides per stop and hour",
        Keywords = ["transport", "客流"],
        Metadata = new Dictionary<string, JsonElement>
        {
            [DatasetTerms.Rows] = Json("1200000"),
            [DatasetTerms.Quality] = Json("0.93"),
            [DatasetTerms.Publisher] = Json("\"City Transport Authority\""),
        },
        Offers = [Offer with { Target = null }],
        Distributions = [new Distribution("HttpData-PULL", _service.Id)],
    };

    /// <summary>One message for each golden file.</summary>
    public static readonly IReadOnlyDictionary<string, Message> ByFile = new Dictionary<string, Message>
    {
        ["contract-request"] = new ContractRequest("urn:uuid:m1", ConsumerPid, null, Offer, ConsumerBase),
        ["counter-offer"] = new ContractRequest("urn:uuid:m2", ConsumerPid, ProviderPid, Offer, null),
        ["contract-offer"] = new ContractOffer("urn:uuid:m3", ConsumerPid, ProviderPid, Offer, null),
        ["first-offer"] = new ContractOffer(null, null, ProviderPid, Offer, ProviderBase),
        ["contract-agreement"] = new ContractAgreement("urn:uuid:m4", ConsumerPid, ProviderPid, Agreement),
        ["agreement-verified"] = new AgreementVerified("urn:uuid:m5", ConsumerPid, ProviderPid),
        ["offer-accepted"] = new OfferAccepted("urn:uuid:m6", ConsumerPid, ProviderPid),
        ["negotiation-finalized"] = new NegotiationFinalized("urn:uuid:m7", ConsumerPid, ProviderPid),
        ["negotiation-ended"] = new NegotiationEnded(
            "urn:uuid:m8", ConsumerPid, ProviderPid, "99", ["License model does not fit."]),
        ["negotiation-status"] = new NegotiationStatus(null, ConsumerPid, ProviderPid, NegotiationState.Requested),
        ["negotiation-refused"] = new NegotiationRefused(
            null, ConsumerPid, ProviderPid, "bad-transition", ["Not now."]),
        ["transfer-request"] = new TransferRequest(
            "urn:uuid:t1", ConsumerPid, Agreement.Id, "HttpData-PULL", ConsumerBase,
            SignedPurpose: "eyJhbGciOiJFUzI1NiJ9.e30.c2ln"),
        ["transfer-push-request"] = new TransferRequest(
            "urn:uuid:t2", ConsumerPid, Agreement.Id, "HttpData-PUSH", ConsumerBase,
            new DataAddress(DataAddress.HttpType, null, [])),
        ["transfer-started"] = new TransferStarted("urn:uuid:t3", ConsumerPid, ProviderPid, Address),
        ["transfer-resumed"] = new TransferStarted("urn:uuid:t4", ConsumerPid, ProviderPid),
        ["transfer-suspended"] = new TransferSuspended(
            "urn:uuid:t5", ConsumerPid, ProviderPid, "withdrawn", ["The agreement was withdrawn."]),
        ["transfer-completed"] = new TransferCompleted("urn:uuid:t6", ConsumerPid, ProviderPid),
        ["transfer-ended"] = new TransferEnded("urn:uuid:t7", ConsumerPid, ProviderPid, null, []),
        ["transfer-status"] = new TransferStatus(null, ConsumerPid, ProviderPid, TransferState.Started),
        ["transfer-refused"] = new TransferRefused(null, ConsumerPid, ProviderPid, "bad-transition", ["Not now."]),
        ["catalogue-request"] = new CatalogueRequest("urn:uuid:c1", []),
        ["catalogue-request-filtered"] = new CatalogueRequest(null, [Json("""{"words":"客流"}""")]),
        ["catalogue-error"] = new CatalogueError(null, "unknown", ["No such data set."]),
        ["catalogue"] = new Catalogue
        {
            Id = "urn:uuid:3afeadd8-ed2d-569e-d634-8394a8836d57",
            ParticipantId = ProviderId,
            Title = "City Transport Authority",
            Services = [_service],
            Catalogues =
            [
                Catalogue.ReferTo(
                    "urn:uuid:catalogue-2",
                    new DataService("urn:uuid:service-2", new Uri("https://farm.example/dsp/2025-1"))),
            ],
            Datasets = [_dataset],
        },
        ["catalogue-empty"] = new Catalogue
        {
            Id = "urn:uuid:catalogue-3", ParticipantId = ProviderId, Services = [_service],
        },
        ["dataset"] = _dataset with { Distributions = [new Distribution("HttpData-PULL", _service)] },
    };

    private static JsonElement Json(string text) => JsonElement.Parse(text);
}
