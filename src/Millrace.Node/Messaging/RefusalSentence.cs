using Millrace.Protocol;

namespace Millrace.Node.Messaging;

/// <summary>Refusals as the protocol carries them: it knows a code and reasons, no rule.</summary>
internal static class RefusalSentence
{
    /// <summary>The reason, followed by the rule where a policy refused.</summary>
    public static string Sentence(this Refusal refusal) =>
        refusal.Rule is null ? refusal.Reason : $"{refusal.Reason} Rule: {refusal.Rule}.";
}
