using System.Text.Json;
using Millrace.Engine.Duck;
using Millrace.Engine.Supply;
using Millrace.Node.Api;
using Millrace.Node.Identity;
using Millrace.Node.Storage;
using Millrace.Protocol;

namespace Millrace.Node.Hosting;

/// <summary>Errors of the management API and the data endpoint: ProblemDetails with a stable code.</summary>
internal static class Problems
{
    public static IResult Result(int status, string code, string detail, string? rule = null) =>
        TypedResults.Json(
            new Problem(Status: status, Detail: detail, Code: code, Rule: rule), ApiJson.Wire.Problem,
            "application/problem+json", status);

    /// <summary>A refusal by a rule.</summary>
    public static IResult Refused(Refusal refusal, int status = StatusCodes.Status422UnprocessableEntity) =>
        Result(status, refusal.Code, refusal.Reason, refusal.Rule);

    public static IResult NotFound(string what) =>
        Result(StatusCodes.Status404NotFound, "not-found", $"There is no {what} of that name here.");

    /// <summary>The one place where what was thrown becomes a status. Null: a mistake of ours, 500.</summary>
    public static IResult? Of(Exception exception) => exception switch
    {
        SourceException e => Result(StatusCodes.Status400BadRequest, e.Code, e.Message),
        EngineException e => Result(StatusCodes.Status500InternalServerError, e.Code, e.Message),
        PeerException e => Result(StatusCodes.Status502BadGateway, e.Code, e.Message),
        ConflictException => Result(
            StatusCodes.Status503ServiceUnavailable, "busy", "Someone else changed the same thing: try again."),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Result(
            StatusCodes.Status413PayloadTooLarge, "too-large", "The request is larger than this node accepts."),
        BadHttpRequestException => Result(
            StatusCodes.Status400BadRequest, "bad-request", "The request could not be read: check its form."),
        JsonException e => Result(
            StatusCodes.Status400BadRequest, "bad-json",
            $"The body is not the JSON that is expected here ({Where(e)})."),
        IOException e when IsFull(e) => Result(
            StatusCodes.Status507InsufficientStorage, "disk-full",
            "The disk of the node is full: nothing was published; make room and try again."),
        _ => null,
    };

    /// <summary>ENOSPC, as .NET reports it.</summary>
    private static bool IsFull(IOException e) => (e.HResult & 0xFFFF) == 28;

    private static string Where(JsonException e) =>
        string.IsNullOrEmpty(e.Path) ? "it cannot be parsed" : $"see {e.Path}";
}
