namespace Millrace.Node.Api;

/// <summary>A transfer: running access under an agreement.</summary>
/// <param name="Role">Ours: <c>consumer</c> or <c>provider</c>.</param>
/// <param name="State">As in DSP 2025-1: <c>REQUESTED</c>, <c>STARTED</c>, <c>COMPLETED</c> …</param>
/// <param name="Endpoint">Where the data are read, once the transfer has started; never the token.</param>
/// <param name="Refusal">Why it ended, where it was ended before it was complete.</param>
/// <param name="Suspension">Why it is held, while it is.</param>
/// <param name="Purpose">What the consumer signed that the data are for, as an IRI.</param>
/// <param name="Acts">What we may do now: see <see cref="TransferAct"/>.</param>
/// <param name="Flight">Where the same data are read by Arrow Flight, if the provider serves it.</param>
/// <param name="Title">Of the product, where a transfer is looked at and its agreement is known here.</param>
public sealed record Transfer(
    string Id,
    string Role,
    string Peer,
    string Agreement,
    string State,
    Uri? Endpoint = null,
    RefusalInfo? Refusal = null,
    RefusalInfo? Suspension = null,
    DateTimeOffset? CreatedAt = null,
    DateTimeOffset? UpdatedAt = null,
    string? Purpose = null,
    string? Project = null,
    IReadOnlyList<string>? Acts = null,
    Uri? Flight = null,
    string? Title = null);

/// <summary>The body of <c>POST transfers</c>.</summary>
/// <param name="Purpose">What the data are for, as the policy names it; signed and sent to the provider.</param>
/// <param name="Project">The undertaking that this purpose belongs to.</param>
/// <param name="Address">The base address of that provider's protocol endpoints; null: found by the DID.</param>
/// <param name="Format">The transfer format; null: <c>HttpData-PULL</c>; a query has <c>HttpCall-PULL</c>.</param>
/// <param name="Provider">Whom to ask, for an agreement that this node does not hold: the provider decides.</param>
public sealed record TransferDraft(
    string Agreement, string? Purpose = null, string? Project = null, string? Provider = null,
    Uri? Address = null, string? Format = null);

/// <summary>The body of <c>POST transfers/{id}/query</c>.</summary>
/// <param name="Sql">One SELECT over the table <c>data</c>: the view that the agreement allows.</param>
public sealed record QueryDraft(string Sql);

/// <summary>The body of <c>POST transfers/{id}/acts</c>.</summary>
/// <param name="Act"><c>start</c> (also resumes), <c>suspend</c>, <c>complete</c> or <c>terminate</c>.</param>
/// <param name="Code">For <c>suspend</c> and <c>terminate</c>: a short word for programs.</param>
/// <param name="Reason">For <c>suspend</c> and <c>terminate</c>: a sentence for people.</param>
public sealed record TransferAct(string Act, string? Code = null, string? Reason = null);
