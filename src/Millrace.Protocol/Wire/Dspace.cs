using System.Collections.Frozen;

namespace Millrace.Protocol;

/// <summary>Names of the Dataspace Protocol 2025-1, and how its peers may spell them.</summary>
public static class Dspace
{
    public const string Version = "2025-1";

    /// <summary>The only context that we send: others break peers that cannot load them.</summary>
    public const string Context = "https://w3id.org/dspace/2025/1/context.jsonld";

    public const string Namespace = "https://w3id.org/dspace/2025/1/";

    /// <summary>Where our own additions to messages and data sets live.</summary>
    public const string MillraceNamespace = "https://millrace.dev/ns/";

    // The prefixes that the context defines, usable on the wire without any other context.
    private static readonly (string Prefix, string Namespace)[] _namespaces =
    [
        ("dspace:", Namespace),
        ("odrl:", "http://www.w3.org/ns/odrl/2/"),
        ("dcat:", "http://www.w3.org/ns/dcat#"),
        ("dct:", "http://purl.org/dc/terms/"),
    ];

    // Members with a bare name in the context. Members of policies are not here: PolicyJson reads those.
    private static readonly FrozenSet<string> _terms = FrozenSet.Create(
        StringComparer.Ordinal,
        "providerPid", "consumerPid", "offer", "agreement", "callbackAddress", "eventType", "state", "code", "reason",
        "agreementId", "format", "dataAddress", "endpoint", "endpointType", "endpointProperties", "name", "value",
        "filter", "participantId", "service", "catalog", "dataset", "distribution", "hasPolicy", "accessService",
        "endpointURL", "servesDataset");

    /// <summary>
    /// One spelling per member, as JSON-LD compaction would choose: <c>offer</c> for <c>dspace:offer</c> and for the
    /// full IRI; <c>dct:title</c> for the full IRI, since the context has no bare word for it; all else as it is.
    /// </summary>
    /// <param name="usesContext">True if the name means nothing without the context.</param>
    internal static string Compact(string name, out bool usesContext)
    {
        var local = Local(name, out var prefix, out var full);
        var known = _terms.Contains(local ?? name);
        usesContext = known && !full;
        return known ? local ?? name : local is null ? name : prefix + local;
    }

    /// <summary>A word of a vocabulary (a type, a state) without its namespace.</summary>
    internal static string Word(string word, out bool full) => Local(word, out _, out full) ?? word;

    /// <summary>The absolute IRI of a compact name; null if it has none, so that it means nothing to others.</summary>
    internal static string? Expand(string name)
    {
        foreach (var (prefix, space) in _namespaces)
            if (name.StartsWith(prefix, StringComparison.Ordinal)) return space + name[prefix.Length..];
        return name.Contains("://", StringComparison.Ordinal) || name.StartsWith("urn:", StringComparison.Ordinal)
            ? name
            : null;
    }

    private static string? Local(string name, out string prefix, out bool full)
    {
        foreach (var (known, space) in _namespaces)
        {
            prefix = known;
            full = name.StartsWith(space, StringComparison.Ordinal);
            if (full) return name[space.Length..];
            if (name.StartsWith(known, StringComparison.Ordinal)) return name[known.Length..];
        }

        (prefix, full) = ("", false);
        return null;
    }
}
