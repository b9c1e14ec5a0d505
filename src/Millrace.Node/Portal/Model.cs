using Millrace.Engine.Supply.Classification;
using Millrace.Node.Api;

namespace Millrace.Node.Portal;

/// <summary>What the start page shows.</summary>
public sealed record HomeModel(
    Uri Address, string Database, string DataFolder, IReadOnlyList<Participant> Participants);

/// <summary>What the overview of a participant shows.</summary>
/// <param name="Newest">The newest entries of its log, and the size of it.</param>
/// <param name="Waiting">Negotiations that stand still until a person takes a step.</param>
public sealed record OverviewModel(
    IReadOnlyList<Product> Products, IReadOnlyList<Agreement> Agreements, EvidencePage Newest,
    IReadOnlyList<Scenario> Scenarios, long Waiting);

/// <summary>What the catalogue page shows.</summary>
/// <param name="Words">As typed into the search box.</param>
public sealed record CatalogueModel(string Words, CatalogueHits Hits);

/// <summary>One version of a product.</summary>
/// <param name="Elements">Of the newest version.</param>
public sealed record ProductModel(
    Product Product, VersionInfo Version, ShownProfile Profile, Engine.Supply.QualityReport Quality,
    ProductElements Elements);

/// <summary>What a product joins with.</summary>
public sealed record JoinsModel(Product Product, ProductJoins Joins);

/// <summary>The list of agreements.</summary>
/// <param name="Older">The id before which the next page begins; null: this is the last.</param>
public sealed record AgreementsModel(IReadOnlyList<Agreement> Newest, string? Older);

/// <summary>One agreement.</summary>
/// <param name="Line">Its use and price.</param>
/// <param name="Call">The call of its query, where it has one that is known here.</param>
public sealed record AgreementModel(Agreement Agreement, UsageLine? Line, CallModel? Call);

/// <summary>A withdrawal before it is confirmed.</summary>
public sealed record WithdrawalModel(Agreement Agreement, WithdrawalDraft Draft);

/// <summary>What the evidence page shows.</summary>
/// <param name="Head">The newest signed head, or null for an empty log.</param>
/// <param name="Key">What others check receipts with.</param>
/// <param name="Verdict">What came of verifying, where it was asked for.</param>
public sealed record EvidenceModel(EvidencePage Page, TreeHead? Head, LogKey Key, EvidenceVerdict? Verdict);

/// <summary>The head of a log as it was signed.</summary>
/// <param name="Root">Lower-case hexadecimal.</param>
public sealed record TreeHead(string Origin, long Size, string Root);

/// <summary>The list of negotiations.</summary>
/// <param name="Waiting">The first of the queue.</param>
/// <param name="WaitingCount">The length of the whole queue.</param>
/// <param name="Newest">A page of all others.</param>
/// <param name="Older">The id before which the next page begins; null: this is the last.</param>
public sealed record NegotiationsModel(
    IReadOnlyList<Negotiation> Waiting, long WaitingCount, IReadOnlyList<Negotiation> Newest, string? Older);

/// <summary>One negotiation.</summary>
/// <param name="Problem">Why a step was not taken.</param>
public sealed record NegotiationModel(
    Negotiation Negotiation, IReadOnlyList<NegotiationRound> Rounds, string? Problem)
{
    public string Title => Negotiation.Title ?? Negotiation.Dataset;
}

/// <summary>The list of transfers.</summary>
/// <param name="Agreements">Those under which access can be asked for.</param>
/// <param name="Draft">The request as it was tried, or the agreement that a link chose.</param>
public sealed record TransfersModel(
    IReadOnlyList<Transfer> Newest, string? Older, IReadOnlyList<Agreement> Agreements, TransferDraft Draft,
    string? Problem);

/// <summary>One transfer.</summary>
/// <param name="Title">The product of its agreement.</param>
public sealed record TransferModel(Transfer Transfer, string Title, string? Problem);
