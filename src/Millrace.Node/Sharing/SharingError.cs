using System.Text.Json.Nodes;
using Millrace.Protocol;

namespace Millrace.Node.Sharing;

/// <summary>
/// An error in the form of the protocol: <c>errorCode</c> and <c>message</c>. Where the contract refused, the stable
/// code and the rule stand beside them.
/// </summary>
public sealed record SharingError(int Status, string ErrorCode, string Message, Refusal? Refusal = null)
{
    public const string Malformed = "MALFORMED_REQUEST";
    public const string Internal = "INTERNAL_ERROR";
    private const string BadValue = "INVALID_PARAMETER_VALUE";

    /// <summary>The token is missing or opens nothing.</summary>
    public static SharingError Unknown { get; } = new(
        StatusCodes.Status401Unauthorized, "UNAUTHENTICATED",
        "Send the token of a profile file: Authorization: Bearer <token>.");

    public static SharingError NotFound(string what) => new(
        StatusCodes.Status404NotFound, "RESOURCE_DOES_NOT_EXIST", $"Your token opens no {what} of that name.");

    public static SharingError Bad(string message) => new(StatusCodes.Status400BadRequest, BadValue, message);

    public static SharingError Unsupported(string message) => new(
        StatusCodes.Status400BadRequest, "UNSUPPORTED_OPERATION", message);

    /// <summary>The contract does not allow it, now.</summary>
    public static SharingError Refused(Refusal refusal) => new(
        StatusCodes.Status403Forbidden, "PERMISSION_DENIED",
        $"{refusal.Reason} ({refusal.Code}{(refusal.Rule is { } rule ? $", rule {rule}" : "")})", refusal);

    public IResult Result()
    {
        var body = new JsonObject { ["errorCode"] = ErrorCode, ["message"] = Message };
        if (Refusal is { } refusal)
            body["code"] = refusal.Code;
        if (Refusal?.Rule is { } rule)
            body["rule"] = rule;
        return new Answer(body, Status);
    }

    private sealed class Answer(JsonObject body, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            if (status == StatusCodes.Status401Unauthorized)
                httpContext.Response.Headers.WWWAuthenticate = "Bearer";
            return SharingJson.Result(body, status).ExecuteAsync(httpContext);
        }
    }
}
