using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Millrace.Protocol;

namespace Millrace.Node.Identity;

/// <summary>
/// A <c>did:web</c> identifier, in the one spelling that is accepted: host in lower case, port after <c>%3A</c>, path
/// segments of letters, digits, <c>.</c>, <c>-</c> and <c>_</c>. Two different texts are never the same participant.
/// </summary>
public sealed partial record Did
{
    private const string Prefix = "did:web:";
    private const int CharsMax = 512;

    private Did(string host, int? port, IReadOnlyList<string> segments)
    {
        Host = host;
        Port = port;
        Segments = segments;
        Value = Prefix + host + (port is null ? "" : string.Create(CultureInfo.InvariantCulture, $"%3A{port}"))
            + string.Concat(segments.Select(segment => ":" + segment));
    }

    public string Value { get; }

    public string Host { get; }

    public int? Port { get; }

    public IReadOnlyList<string> Segments { get; }

    /// <summary>Reads <c>did:web:example.org%3A8083:acme</c>. A DID URL (path, query, fragment) is refused.</summary>
    public static Decision<Did> Parse(string text)
    {
        if (text.Length > CharsMax || !text.StartsWith(Prefix, StringComparison.Ordinal))
            return new Refusal(
                "did-unreadable", $"Give a DID that starts with {Prefix}, at most {CharsMax} characters.");
        var parts = text[Prefix.Length..].Split(':');
        var host = parts[0].Split("%3A");
        if (host.Length > 2)
            return Unreadable;
        return host.Length == 2
            ? PortPattern().IsMatch(host[1]) &&
              int.Parse(host[1], CultureInfo.InvariantCulture) is var port and <= 65535
                ? Make(host[0], port, parts[1..])
                : Unreadable
            : Make(host[0], null, parts[1..]);
    }

    /// <summary>
    /// The DID that belongs to a web address: <c>https://example.org:8083/acme</c>, with or without
    /// <c>/did.json</c>, is <c>did:web:example.org%3A8083:acme</c>.
    /// </summary>
    public static Decision<Did> FromUrl(Uri url)
    {
        if (!url.IsAbsoluteUri || url.Scheme is not ("https" or "http") || url.UserInfo.Length > 0 ||
            url.Query.Length > 0 || url.Fragment.Length > 0)
            return new Refusal("did-url", "Give an absolute https URL without user, query and fragment.");
        var path = url.AbsolutePath.TrimEnd('/');
        if (path.EndsWith("/did.json", StringComparison.Ordinal))
            path = path[..^"/did.json".Length];
        var segments = path is "" or "/.well-known" ? [] : path[1..].Split('/');
        return Make(url.IdnHost, url.IsDefaultPort ? null : url.Port, segments);
    }

    /// <summary>Where the document is: HTTPS, or HTTP for a host on this machine where the options allow it.</summary>
    public Uri DocumentUrl(IdentityOptions options)
    {
        var scheme = options.AllowHttpLoopback && PeerAddress.IsLoopbackName(Host) ? "http" : "https";
        var path = Segments.Count == 0 ? ".well-known" : string.Join('/', Segments);
        return new UriBuilder(scheme, Host, Port ?? -1, $"/{path}/did.json").Uri;
    }

    public override string ToString() => Value;

    public bool Equals(Did? other) => other is not null && Value == other.Value;

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Value);

    private static Refusal Unreadable => new(
        "did-unreadable", "Give a did:web such as did:web:example.org%3A8083:acme, host in lower case.");

    private static Decision<Did> Make(string host, int? port, string[] segments)
    {
        if (!HostPattern().IsMatch(host) || host.Length > 253)
            return Unreadable;
        // did:web names hosts, never addresses; 127.0.0.1 alone is let through for trials on one machine.
        if (IPAddress.TryParse(host, out var address) && (address.ToString() != host || !IPAddress.IsLoopback(address)))
            return new Refusal("did-host", "A did:web names a host, not an IP address.");
        return segments.All(segment => SegmentPattern().IsMatch(segment) && segment is not ("." or ".."))
            ? new Did(host, port, segments)
            : Unreadable;
    }

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\z")]
    private static partial Regex HostPattern();

    [GeneratedRegex(@"\A[1-9][0-9]{0,4}\z")]
    private static partial Regex PortPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9._-]+\z")]
    private static partial Regex SegmentPattern();
}
