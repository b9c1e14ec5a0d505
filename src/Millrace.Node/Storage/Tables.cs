using Millrace.Node.Storage.Records;
using Millrace.Node.Storage.Search;
using Millrace.Protocol;

namespace Millrace.Node.Storage;

/// <summary>The tables of the control state, where the features meet.</summary>
public static class Tables
{
    public static VersionedTable<ParticipantRecord> Participants { get; } =
        new("participant", RecordJson.Rows.ParticipantRecord, ("operator", p => p.Operator ? "yes" : null));

    /// <summary>What a participant recorded of others; an id is a DID.</summary>
    public static VersionedTable<MemberRecord> Members { get; } = new("member", RecordJson.Rows.MemberRecord);

    public static VersionedTable<SecretRecord> Secrets { get; } = new("secret", RecordJson.Rows.SecretRecord);

    public static VersionedTable<PeerRecord> Peers { get; } = new("peer", RecordJson.Rows.PeerRecord);

    public static VersionedTable<ProductRecord> Products { get; } = new("product", RecordJson.Rows.ProductRecord);

    /// <summary>The words of <see cref="Products"/>.</summary>
    public static TermTable ProductTerms { get; } = new("product");

    /// <summary>The column <c>published</c> is when, as <see cref="VersionTime.Key"/>.</summary>
    public static VersionedTable<ProductVersionRecord> ProductVersions { get; } =
        new(
            "product_version", RecordJson.Rows.ProductVersionRecord, ("product", v => v.Product),
            ("published", v => VersionTime.Key(v.CreatedAt)));

    /// <summary>The column <c>due</c> is when it is to be looked at: <see cref="RefreshRecord.Due"/>.</summary>
    public static VersionedTable<RefreshRecord> Refreshes { get; } =
        new("refresh", RecordJson.Rows.RefreshRecord, ("due", r => r.Due is { } due ? RefreshRecord.Key(due) : null));

    public static VersionedTable<WatermarkRecord> Watermarks { get; } =
        new("watermark", RecordJson.Rows.WatermarkRecord);

    public static VersionedTable<FoundCatalogueRecord> FoundCatalogues { get; } =
        new("found_catalogue", RecordJson.Rows.FoundCatalogueRecord);

    /// <summary>What others offer, as last read. The column <c>dataset</c> only orders.</summary>
    public static VersionedTable<FoundDatasetRecord> FoundDatasets { get; } =
        new(
            "found_dataset", RecordJson.Rows.FoundDatasetRecord, ("provider", d => d.Provider),
            ("dataset", d => d.Order));

    /// <summary>The words of <see cref="FoundDatasets"/>.</summary>
    public static TermTable FoundTerms { get; } = new("found");

    /// <summary>
    /// The column <c>opened</c> makes a repeated first message find the process it opened; <c>waits</c> is the queue of
    /// a participant's people, and <c>open_with</c> counts what a peer opened that goes on.
    /// </summary>
    public static VersionedTable<NegotiationRecord> Negotiations { get; } =
        new(
            "negotiation", RecordJson.Rows.NegotiationRecord, ("opened", n => n.Opened),
            ("waits", n => n.Waits ? "yes" : null), ("open_with", n => n.OpenWith));

    /// <summary>The column <c>agreed</c> only orders: ids may be the peer's, which do not follow time.</summary>
    public static VersionedTable<AgreementRecord> Agreements { get; } =
        new(
            "agreement", RecordJson.Rows.AgreementRecord, ("product", a => a.Product),
            ("agreed", a => RefreshRecord.Key(a.AgreedAt)));

    public static VersionedTable<UsageRecord> Usage { get; } = new("agreement_usage", RecordJson.Rows.UsageRecord);

    /// <summary>
    /// The column <c>token</c> finds the transfer that a reader's token opens; <c>held</c> is the agreement of one that
    /// we hold as its provider.
    /// </summary>
    public static VersionedTable<TransferRecord> Transfers { get; } =
        new(
            "transfer", RecordJson.Rows.TransferRecord, ("opened", t => t.Opened),
            ("agreement", t => t.Process.AgreementId), ("token", t => t.TokenHash),
            ("held", t => t.Process is { Role: Role.Provider, IsHeld: true } ? t.Process.AgreementId : null));

    public static VersionedTable<ViewRecord> Views { get; } =
        new("view", RecordJson.Rows.ViewRecord, ("agreement", v => v.Agreement));

    public static VersionedTable<ReadRecord> Reads { get; } =
        new(
            "read", RecordJson.Rows.ReadRecord, ("transfer", r => r.Transfer), ("agreement", r => r.Agreement),
            ("state", r => r.Closed ? "closed" : "open"));

    public static VersionedTable<ScenarioRecord> Scenarios { get; } = new("scenario", RecordJson.Rows.ScenarioRecord);
}
