using Microsoft.Extensions.Primitives;
using Millrace.Protocol;

namespace Millrace.Node.Identity;

/// <summary>Finds out who is calling from the header <c>Authorization: Bearer …</c>.</summary>
public sealed class PeerAuthentication(SelfIssuedTokenVerifier verifier) : IPeerAuthentication
{
    private const string Scheme = "Bearer ";

    /// <summary>
    /// The bearer token of a request, or <c>no-token</c>. More than one header is none: who is meant?
    /// </summary>
    public static Decision<string> Bearer(StringValues authorization) =>
        authorization.Count == 1 && authorization[0] is { } header &&
        header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) &&
        header[Scheme.Length..].Trim() is { Length: > 0 } token
            ? token
            : new Refusal("no-token", "Send one header Authorization: Bearer <token>.");

    /// <inheritdoc/>
    public async Task<Decision<Caller>> AuthenticateAsync(
        HttpRequest request, string ownDid, CancellationToken cancel) =>
        Bearer(request.Headers.Authorization).Refused(out var refusal, out var token)
            ? refusal
            : await verifier.VerifyAsync(token, ownDid, cancel);
}
