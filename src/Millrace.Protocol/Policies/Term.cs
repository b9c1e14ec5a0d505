namespace Millrace.Protocol.Policies;

/// <summary>How far a rule reaches; said wherever the rule is shown.</summary>
public enum Reach
{
    /// <summary>At every read.</summary>
    EnforcedByProvider,

    /// <summary>On what the consumer's node stores.</summary>
    EnforcedByConsumer,

    /// <summary>Someone signed that they will, or did.</summary>
    Attested,

    /// <summary>Nothing but the law: also every unknown term.</summary>
    LegalOnly,
}

/// <summary>One rule or constraint in words.</summary>
/// <param name="Path">Where it stands: <c>permission[0].constraint[2]</c>.</param>
public sealed record Term(string Path, string Text, string TextZh, Reach Reach);
