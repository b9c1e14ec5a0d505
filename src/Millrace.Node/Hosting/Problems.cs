using System.Text.Json;
using Millrace.Engine.Duck;
using Millrace.Engine.Queries;
using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Contracts;
using Millrace.Node.Api;
using Millrace.Node.Identity;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Objects;
using Millrace.Protocol;

namespace Millrace.Node.Hosting;

/// <summary>Errors of the management API and the data endpoint: ProblemDetails with a stable code.</summary>
internal static class Problems
{
    public static IResult Result(int status, string code, string detail, string? rule = null) =>
        Result(Said(status, code, detail, rule));

    public static IResult Result(Problem problem) =>
        TypedResults.Json(problem, ApiJson.Wire.Problem, "application/problem+json", problem.Status);

    /// <summary>A refusal by a rule.</summary>
    public static IResult Refused(Refusal refusal, int status = StatusCodes.Status422UnprocessableEntity) =>
        Result(status, refusal.Code, refusal.Reason, refusal.Rule);

    public static IResult NotFound(string what) =>
        Result(StatusCodes.Status404NotFound, "not-found", $"There is no {what} of that name here.");

    /// <summary>The one place where what was thrown becomes a status. Null: a mistake of ours, 500.</summary>
    public static Problem? Of(Exception exception) => exception switch
    {
        SourceException e => Said(StatusCodes.Status400BadRequest, e.Code, e.Message),
        ContractException e => Said(StatusCodes.Status400BadRequest, e.Code, e.Message),
        QueryException { Code: "bad-query" or "query-too-long" } e => Said(
            StatusCodes.Status400BadRequest, e.Code, e.Message),
        QueryException { Code: "query-busy" } e => Said(StatusCodes.Status429TooManyRequests, e.Code, e.Message),
        QueryException e => Said(StatusCodes.Status422UnprocessableEntity, e.Code, e.Message),
        EngineException e => Said(StatusCodes.Status500InternalServerError, e.Code, e.Message),
        PeerException e => Said(StatusCodes.Status502BadGateway, e.Code, e.Message),
        ConflictException => Said(
            StatusCodes.Status503ServiceUnavailable, "busy", "Someone else changed the same thing: try again."),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Said(
            StatusCodes.Status413PayloadTooLarge, "too-large", "The request is larger than this node accepts."),
        BadHttpRequestException => BadRequest,
        JsonException e => Said(
            StatusCodes.Status400BadRequest, "bad-json",
            $"The body is not the JSON that is expected here ({Where(e)})."),
        // Its own sentence is for the operator, who finds it in the log: it names the bucket.
        ObjectStoreException { Code: ObjectStoreException.Missing or ObjectStoreException.Damaged } e => Said(
            StatusCodes.Status500InternalServerError, e.Code,
            "The data of this version are not in the store as they should be: tell the provider."),
        ObjectStoreException e => Said(
            StatusCodes.Status503ServiceUnavailable, e.Code,
            "The node cannot use its object store now: try again later, or tell the provider."),
        IOException e when IsFull(e) => Said(
            StatusCodes.Status507InsufficientStorage, "disk-full",
            "The disk of the node is full: nothing was published; make room and try again."),
        _ => null,
    };

    /// <summary>A parameter or a form that cannot be read.</summary>
    public static Problem BadRequest { get; } = Said(
        StatusCodes.Status400BadRequest, "bad-request", "The request could not be read: check its form.");

    /// <summary>A mistake of ours.</summary>
    public static Problem Failed { get; } = Said(
        StatusCodes.Status500InternalServerError, "failed", "This should not have happened; the node's log says more.");

    private static Problem Said(int status, string code, string detail, string? rule = null) =>
        new(Status: status, Detail: detail, Code: code, Rule: rule);

    /// <summary>ENOSPC, as .NET reports it.</summary>
    private static bool IsFull(IOException e) => (e.HResult & 0xFFFF) == 28;

    private static string Where(JsonException e) =>
        string.IsNullOrEmpty(e.Path) ? "it cannot be parsed" : $"see {e.Path}";
}
