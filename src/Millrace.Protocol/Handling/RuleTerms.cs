using Millrace.Protocol.Policies;

namespace Millrace.Protocol.Handling;

/// <summary>
/// The left operands that only a written rule has; beside them it knows <see cref="Terms.DateTime"/> and
/// <see cref="Terms.Purpose"/>. People may write <c>mr:participant</c>.
/// </summary>
public static class RuleTerms
{
    /// <summary>The DID of who asks.</summary>
    public const string Participant = Terms.Profile + "participant";

    /// <summary>How the terms asked for stand to the offer: one of <see cref="Departures"/>.</summary>
    public const string Request = Terms.Profile + "request";

    /// <summary>What is to be paid by the terms asked for, as <c>100 CNY per agreement</c>.</summary>
    public const string Price = Terms.Profile + "price";

    public const string AsOffered = "as-offered";
    public const string OtherPrice = "other-price";
    public const string OtherTerms = "other-terms";

    /// <summary>The words for <see cref="Departure"/>, in its order.</summary>
    internal static readonly string[] Departures = [AsOffered, OtherPrice, OtherTerms];
}

/// <summary>How far the terms asked for depart from the offer's.</summary>
internal enum Departure
{
    None,

    /// <summary>Nothing but what is to be paid differs.</summary>
    Price,

    /// <summary>Something else differs, whatever the price.</summary>
    Terms,
}
