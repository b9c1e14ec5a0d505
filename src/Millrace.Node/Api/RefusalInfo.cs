namespace Millrace.Node.Api;

/// <summary>Why something was refused: a stable code, a sentence, and the rule where a policy refused.</summary>
/// <param name="By">The side that ended or holds it, where that is known: <c>consumer</c> or <c>provider</c>.</param>
public sealed record RefusalInfo(string Code, string Reason, string? Rule = null, string? By = null);
