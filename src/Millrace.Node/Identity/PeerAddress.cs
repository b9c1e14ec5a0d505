using System.Net;
using System.Net.Sockets;

namespace Millrace.Node.Identity;

/// <summary>Which network addresses a call to a peer may reach. Addresses are judged after the name lookup.</summary>
public static class PeerAddress
{
    private static readonly IPNetwork[] _loopback = Networks("127.0.0.0/8", "::1/128");

    private static readonly IPNetwork[] _private = Networks(
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7");

    /// <summary>
    /// IANA's special-purpose IPv4 registry, multicast and the reserved block: nothing there is a peer.
    /// </summary>
    private static readonly IPNetwork[] _special = Networks(
        "0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        // Within IPv6's global unicast: IETF assignments with Teredo, documentation (twice), 6to4.
        "2001::/23", "2001:db8::/32", "3fff::/20", "2002::/16");

    private static readonly IPNetwork _globalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork _translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>
    /// True where a call may go. <paramref name="host"/> is the name that was looked up: a name other than
    /// <c>localhost</c> that leads to this machine is an attack, also where loopback is allowed.
    /// </summary>
    public static bool Allows(IPAddress address, string host, IdentityOptions options)
    {
        if (address.IsIPv4MappedToIPv6)
            return options.AllowPrivatePeers && Allows(address.MapToIPv4(), host, options);
        if (_translated.Contains(address)) // NAT64: the IPv4 address inside is what is reached.
            return Allows(new IPAddress(address.GetAddressBytes().AsSpan(12)), host, options);
        if (In(_loopback, address))
            return options.AllowPrivatePeers || (options.AllowHttpLoopback && IsLoopbackName(host));
        if (In(_private, address))
            return options.AllowPrivatePeers;
        return !In(_special, address)
            && (address.AddressFamily == AddressFamily.InterNetwork || _globalUnicast.Contains(address));
    }

    /// <summary>
    /// True for <c>localhost</c>, names below it, and literal loopback addresses (with or without brackets).
    /// </summary>
    public static bool IsLoopbackName(string host) =>
        host == "localhost" || host.EndsWith(".localhost", StringComparison.Ordinal) ||
        (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool In(IPNetwork[] networks, IPAddress address) =>
        Array.Exists(networks, network => network.Contains(address));

    private static IPNetwork[] Networks(params string[] texts) =>
        Array.ConvertAll(texts, text => IPNetwork.Parse(text));
}
