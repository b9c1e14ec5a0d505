using System.Text.Json;

namespace Millrace.Node.Api;

/// <summary>The body of <c>POST products/{id}/trial</c>: a use to try, without using anything.</summary>
/// <param name="Participant">The DID of who would read; null: everybody of whom something is known.</param>
/// <param name="Purpose">What it would sign: a purpose of the space by name or IRI; null: none.</param>
/// <param name="At">When it would read; null: now.</param>
/// <param name="Policy">Terms to try; null: those of the product's offers and of the agreements over it.</param>
/// <param name="Environment"><c>download</c> or <c>query</c>; null: as the product is usually had.</param>
public sealed record TrialDraft(
    string? Participant = null, string? Purpose = null, DateTimeOffset? At = null, JsonElement? Policy = null,
    string? Environment = null);

/// <summary>Who could read what of a product.</summary>
public sealed record Trial(string Product, DateTimeOffset At, IReadOnlyList<TrialAnswer> Answers);

/// <summary>Whether one participant could read under one set of terms.</summary>
/// <param name="Participant">A DID, or <c>anyone</c>: somebody of whom nothing is known.</param>
/// <param name="Under">Which terms: <c>offer</c>, <c>agreement</c> or <c>draft</c>.</param>
/// <param name="Terms">The id of the offer or agreement.</param>
/// <param name="Refusal">Why not; null: it could.</param>
/// <param name="Permission">The permission that would decide.</param>
/// <param name="ReadsLeft">Before this one; null: no limit. Likewise rows and bytes.</param>
public sealed record TrialAnswer(
    string Participant, string Under, string Terms, RefusalInfo? Refusal = null, string? Permission = null,
    long? ReadsLeft = null, long? RowsLeft = null, long? BytesLeft = null, PlanInfo? Plan = null);

/// <summary>What would be seen.</summary>
/// <param name="Hash">The name of the access plan: the same plan has the same hash.</param>
/// <param name="Hidden">The columns that would not be seen.</param>
/// <param name="Rows">Which rows, as a phrase.</param>
public sealed record PlanInfo(
    string Hash, IReadOnlyList<SeenColumn> Columns, IReadOnlyList<string> Hidden, string Rows, string RowsZh);

/// <summary>A column that would be seen.</summary>
/// <param name="Mask">What is done to its cells, such as <c>hash</c>; null: nothing.</param>
public sealed record SeenColumn(string Name, string Type, string? Mask = null);
