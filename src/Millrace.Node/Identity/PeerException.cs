namespace Millrace.Node.Identity;

/// <summary>A peer could not be reached, or answered outside the limits. The message is fit to be shown.</summary>
/// <param name="code">
/// <c>peer-url</c>, <c>peer-address</c>, <c>peer-unreachable</c>, <c>peer-slow</c>, <c>peer-redirects</c>,
/// <c>peer-encoded</c> or <c>peer-too-large</c>.
/// </param>
public sealed class PeerException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Code { get; } = code;
}
