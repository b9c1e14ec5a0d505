using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Features;
using Millrace.Node.Delivery;
using Millrace.Node.Storage.Records;

namespace Millrace.Node.Sharing;

/// <summary>
/// Access tokens for client credentials (RFC 6749 §4.4), as profile files of version 2 use them: the client is the
/// share, its secret the transfer's token, which then travels only here.
/// </summary>
public static class TokenEndpoint
{
    public static async Task<IResult> IssueAsync(
        string participant, HttpContext http, Recipients recipients, Gate gate, Shares shares, Clock clock,
        CancellationToken cancel)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = clock.Limits.FormBytesMax;
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(cancel) : FormCollection.Empty;
        if (form["grant_type"] != "client_credentials")
            return Failed(http, 400, "unsupported_grant_type", "The grant_type must be client_credentials.");
        if (Credentials(http, form) is not (var client, var secret) ||
            await recipients.OfSecretAsync(participant, secret, cancel) is not { } access ||
            !Shares.Same(ShareName.Of(access.Agreement.Id), client))
        {
            return Failed(http, 401, "invalid_client", "The client is not known here, or its secret is another.");
        }
        if (gate.Decide(access, UsageRecord.None, FileEndpoint.Wish(null)).Refused(out var refusal, out _) &&
            refusal.Code != "choose-permission")
        {
            await shares.LogRefusalAsync(access, refusal, cancel);
            return Failed(http, 400, "unauthorized_client", $"{refusal.Reason} ({refusal.Code})");
        }
        return SharingJson.Result(new JsonObject
        {
            ["access_token"] = await recipients.IssueAsync(participant, access, cancel),
            ["token_type"] = "Bearer",
            ["expires_in"] = (int)clock.Limits.AccessTokenLifetime.TotalSeconds,
        });
    }

    /// <summary>Of the header (§2.3.1), else of the form.</summary>
    private static (string Client, string Secret)? Credentials(HttpContext http, IFormCollection form)
    {
        if (AuthenticationHeaderValue.TryParse(http.Request.Headers.Authorization, out var header) &&
            header is { Scheme: "Basic", Parameter: { Length: < 2_000 } parameter })
        {
            var bytes = new byte[parameter.Length];
            return Convert.TryFromBase64String(parameter, bytes, out var length) &&
                Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [var client, var secret]
                    ? (Uri.UnescapeDataString(client), Uri.UnescapeDataString(secret))
                    : null;
        }
        return form["client_id"].ToString() is { Length: > 0 } named &&
            form["client_secret"].ToString() is { Length: > 0 } given ? (named, given) : null;
    }

    private static IResult Failed(HttpContext http, int status, string error, string description)
    {
        if (status == StatusCodes.Status401Unauthorized)
            http.Response.Headers.WWWAuthenticate = "Basic";
        return SharingJson.Result(new JsonObject { ["error"] = error, ["error_description"] = description }, status);
    }
}
