using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Node.Api;

/// <summary>
/// The JSON of the management API, for the server, the command line and the tests. Use <see cref="Wire"/>: a member
/// that is missing or null where it must not be is a <see cref="JsonException"/>, so is a member given twice; unknown
/// members are ignored, so that an older client reads a newer node.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(NodeInfo))]
[JsonSerializable(typeof(NodeFile))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(IReadOnlyList<Participant>))]
[JsonSerializable(typeof(ParticipantDraft))]
[JsonSerializable(typeof(IReadOnlyList<Peer>))]
[JsonSerializable(typeof(PeerDraft))]
[JsonSerializable(typeof(IReadOnlyList<Member>))]
[JsonSerializable(typeof(DutyDraft))]
[JsonSerializable(typeof(IReadOnlyList<Product>))]
[JsonSerializable(typeof(ProductDraft))]
[JsonSerializable(typeof(ScheduleDraft))]
[JsonSerializable(typeof(RefreshInfo))]
[JsonSerializable(typeof(QualityVerification))]
[JsonSerializable(typeof(ProductDrift))]
[JsonSerializable(typeof(ProductFitness))]
[JsonSerializable(typeof(BeingBuilt))]
[JsonSerializable(typeof(OfferDraft))]
[JsonSerializable(typeof(Classification))]
[JsonSerializable(typeof(LevelDraft))]
[JsonSerializable(typeof(ProductElements))]
[JsonSerializable(typeof(ElementDraft))]
[JsonSerializable(typeof(ProductJoins))]
[JsonSerializable(typeof(DefaultPlanDraft))]
[JsonSerializable(typeof(ProofDraft))]
[JsonSerializable(typeof(Proof))]
[JsonSerializable(typeof(TrialDraft))]
[JsonSerializable(typeof(Trial))]
[JsonSerializable(typeof(CatalogueHits))]
[JsonSerializable(typeof(IReadOnlyList<Negotiation>))]
[JsonSerializable(typeof(NegotiationDraft))]
[JsonSerializable(typeof(NegotiationAct))]
[JsonSerializable(typeof(OfferToDraft))]
[JsonSerializable(typeof(IReadOnlyList<NegotiationRound>))]
[JsonSerializable(typeof(TransferAct))]
[JsonSerializable(typeof(AgreementImport))]
[JsonSerializable(typeof(IReadOnlyList<Agreement>))]
[JsonSerializable(typeof(WithdrawalDraft))]
[JsonSerializable(typeof(IReadOnlyList<Transfer>))]
[JsonSerializable(typeof(QueryDraft))]
[JsonSerializable(typeof(CallDraft))]
[JsonSerializable(typeof(TransferDraft))]
[JsonSerializable(typeof(ShareProfile))]
[JsonSerializable(typeof(EvidencePage))]
[JsonSerializable(typeof(EvidenceVerdict))]
[JsonSerializable(typeof(LogKey))]
[JsonSerializable(typeof(Usage))]
[JsonSerializable(typeof(IReadOnlyList<Scenario>))]
[JsonSerializable(typeof(ScenarioDraft))]
[JsonSerializable(typeof(ScenarioOutcome))]
public sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>Leaves Chinese and quotes readable: these bodies are JSON documents, never pasted into HTML.</summary>
    public static ApiJson Wire => Readable.Context;

    // A class of its own: the order of static fields over the parts of a generated class is not defined.
    private static class Readable
    {
        internal static readonly ApiJson Context = new(new JsonSerializerOptions(Default.GeneratedSerializerOptions!)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
    }
}
