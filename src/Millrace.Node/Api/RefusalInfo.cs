namespace Millrace.Node.Api;

/// <summary>Why something was refused: a stable code, a sentence, and the rule where a policy refused.</summary>
public sealed record RefusalInfo(string Code, string Reason, string? Rule = null);
