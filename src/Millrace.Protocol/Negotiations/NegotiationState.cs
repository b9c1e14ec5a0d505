namespace Millrace.Protocol.Negotiations;

/// <summary>The states of a negotiation; both sides are in the same one, or one message apart.</summary>
public enum NegotiationState
{
    /// <summary>The consumer's offer is on the table.</summary>
    Requested,

    /// <summary>The provider's offer is on the table.</summary>
    Offered,

    /// <summary>The consumer accepted the provider's offer.</summary>
    Accepted,

    /// <summary>The provider sent the agreement.</summary>
    Agreed,

    /// <summary>The consumer checked the agreement.</summary>
    Verified,

    /// <summary>Final: the agreement holds.</summary>
    Finalized,

    /// <summary>Final: there is no agreement.</summary>
    Terminated,
}
