using System.Collections.Concurrent;

namespace Millrace.Tests.Crashes;

/// <summary>What the driver knows to have happened, because a node said so: none of it may be lost.</summary>
internal sealed class Ledger
{
    public const string Product = "rides";

    /// <summary>Versions of the product, exactly.</summary>
    public int Versions { get; set; }

    /// <summary>Negotiations that the consumer's node answered for.</summary>
    public ConcurrentBag<string> Negotiations { get; } = [];

    /// <summary>Transfers that the consumer's node answered for.</summary>
    public ConcurrentBag<string> Transfers { get; } = [];

    /// <summary>Transfers whose completion was answered.</summary>
    public ConcurrentBag<string> Completed { get; } = [];

    /// <summary>Agreements whose withdrawal was answered.</summary>
    public ConcurrentBag<string> Withdrawn { get; } = [];

    /// <summary>Bytes that arrived, by agreement.</summary>
    public ConcurrentDictionary<string, long> Received { get; } = new();

    /// <summary>Sizes of the tree that were seen, with the root of each: by name of the participant.</summary>
    public Dictionary<string, Dictionary<long, string>> Heads { get; } = [];
}
