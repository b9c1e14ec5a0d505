namespace Millrace.Protocol;

/// <summary>The side a participant takes in one negotiation or transfer.</summary>
public enum Role
{
    /// <summary>Wants the data.</summary>
    Consumer,

    /// <summary>Offers the data.</summary>
    Provider,
}

/// <summary>Who the two sides of a process are: participant ids, compared as opaque strings.</summary>
/// <param name="Self">The participant whose record this is.</param>
/// <param name="Peer">The other one, as its credentials named it; never taken from a message body.</param>
public sealed record Parties(string Self, string Peer);

/// <summary>Why a process was suspended or ended, and by which side.</summary>
/// <param name="Code">The sender's own code; null if it gave none.</param>
public sealed record Notice(Role By, string? Code, IReadOnlyList<string> Reasons);

public static class Roles
{
    public static Role Other(this Role role) => role == Role.Consumer ? Role.Provider : Role.Consumer;

    /// <summary>As sentences and programs name it.</summary>
    public static string Name(this Role role) => role == Role.Consumer ? "consumer" : "provider";

    /// <summary>The participant id of the provider, seen from the side that takes the role.</summary>
    public static string Provider(this Parties parties, Role own) =>
        own == Role.Provider ? parties.Self : parties.Peer;

    public static string Consumer(this Parties parties, Role own) =>
        own == Role.Consumer ? parties.Self : parties.Peer;
}
