namespace Millrace.Node.Api;

/// <summary>
/// A profile file of the Delta Sharing protocol: all that a tool needs to read an agreement's data. It holds a secret.
/// </summary>
/// <param name="ShareCredentialsVersion">1: a bearer token; 2: client credentials.</param>
/// <param name="Type">Of version 2: <c>oauth_client_credentials</c>.</param>
/// <param name="Endpoint">Where the shares are listed.</param>
public sealed record ShareProfile(
    int ShareCredentialsVersion,
    Uri Endpoint,
    string? Type = null,
    string? BearerToken = null,
    Uri? TokenEndpoint = null,
    string? ClientId = null,
    string? ClientSecret = null);
