namespace Millrace.Node.Api;

/// <summary>The answer 202 to who would not wait: what was asked for is being built; ask again.</summary>
/// <param name="Done">How far it is, from 0 to 1.</param>
public sealed record BeingBuilt(double Done);
