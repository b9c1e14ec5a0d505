namespace Millrace.Node.Api;

/// <summary>An organisation that this node hosts.</summary>
/// <param name="Id">A slug, unique on the node: it appears in addresses.</param>
/// <param name="Operator">True for the participant that runs the space.</param>
/// <param name="Catalogue">The address of its catalogue, to hand to others.</param>
public sealed record Participant(
    string Id, string Did, string Title, bool Operator, DateTimeOffset CreatedAt, Uri Catalogue);

/// <summary>The body of <c>POST participants</c>.</summary>
public sealed record ParticipantDraft(string Id, string Title, bool Operator = false);
