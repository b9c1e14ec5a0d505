namespace Millrace.Node.Evidence;

/// <summary>What an entry records. The names are part of the log's format and never change.</summary>
public static class EntryType
{
    public const string ParticipantAdded = "participant-added";
    public const string MemberRecorded = "member-recorded";
    public const string VersionPublished = "version-published";
    public const string RefreshScheduled = "refresh-scheduled";
    public const string RefreshFailing = "refresh-failing";
    public const string RefreshRecovered = "refresh-recovered";
    public const string ClassificationDecided = "classification-decided";
    public const string ElementConfirmed = "element-confirmed";
    public const string ElementRejected = "element-rejected";
    public const string DefaultPlanSet = "default-plan-set";
    public const string ClausesProved = "clauses-proved";
    public const string OfferPublished = "offer-published";
    public const string NegotiationMoved = "negotiation-moved";
    public const string RequestDecided = "request-decided";
    public const string TermsAccepted = "terms-accepted";
    public const string AgreementFinalized = "agreement-finalized";
    public const string AgreementMasked = "agreement-masked";
    public const string AgreementImported = "agreement-imported";
    public const string DutyDone = "duty-done";
    public const string AgreementWithdrawn = "agreement-withdrawn";
    public const string TransferMoved = "transfer-moved";
    public const string TransferRefused = "transfer-refused";
    public const string ReadOpened = "read-opened";
    public const string ReadClosed = "read-closed";
    public const string ReadRefused = "read-refused";
    public const string ReadBegun = "read-begun";
    public const string ReadReceived = "read-received";
    public const string ProfileWritten = "profile-written";
    public const string ScenarioRecorded = "scenario-recorded";
    public const string ScenarioClosed = "scenario-closed";
}
