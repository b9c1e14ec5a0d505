namespace Millrace.Protocol.Policies;

/// <summary>When an agreement is over by its times, whoever asks for whatever.</summary>
public static class PolicyEnd
{
    /// <summary>
    /// The first moment from which no permission can hold any more, by the rule that decides on each use; null: one may
    /// hold at any time, or none ever did. What is no time, or is not understood, counts as if it might yet hold, and
    /// forbids nothing: the end is never too early.
    /// </summary>
    /// <param name="agreedAt">From when durations count.</param>
    public static DateTimeOffset? Of(Policy agreement, DateTimeOffset agreedAt)
    {
        var request = new UseRequest { Stage = UseStage.Negotiation, Now = agreedAt, AgreedAt = agreedAt };
        var facts = new Facts(request, null, null) { OnlyTimes = true };
        var end = agreement.Permissions
            .Aggregate(TimeSet.Never, (set, permission) => set.Or(facts.Allows(agreement, permission))).End;
        return end == 0 || end > DateTimeOffset.MaxValue.UtcTicks ? null : new DateTimeOffset(end, TimeSpan.Zero);
    }
}
