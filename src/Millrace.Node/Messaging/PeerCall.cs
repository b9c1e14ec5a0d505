using Millrace.Node.Api;
using Millrace.Node.Identity;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;

namespace Millrace.Node.Messaging;

/// <summary>A request of another participant, proved by its token, to one that this node hosts.</summary>
public sealed partial class PeerCall
{
    private static readonly Problem NotAuthenticated = new(
        Status: StatusCodes.Status401Unauthorized, Code: "not-authenticated",
        Detail: "Send a fresh token of your own for this participant: Authorization: Bearer <token>.");

    private static readonly Problem TryAgain = new(
        Status: StatusCodes.Status503ServiceUnavailable, Code: "not-now",
        Detail: "Your DID cannot be checked now: try again.");

    private readonly Caller _caller;
    private readonly Database _database;
    private readonly UsedTokens _used;

    private PeerCall(ParticipantRecord host, Caller caller, Database database, UsedTokens used) =>
        (Host, _caller, _database, _used) = (host, caller, database, used);

    /// <summary>Who is asked.</summary>
    public ParticipantRecord Host { get; }

    /// <summary>The DID of who asks.</summary>
    public string Peer => _caller.Did;

    /// <summary>Binds a handler's parameter: <see cref="RequireAsync"/> has let the request pass before.</summary>
    public static ValueTask<PeerCall?> BindAsync(HttpContext http) =>
        ValueTask.FromResult(http.Items[typeof(PeerCall)] as PeerCall);

    /// <summary>
    /// A middleware for protocol routes: lets only requests with a valid token pass. 401 tells nothing: it is answered
    /// before anything is looked up but the participant, and always in the same words. Why a token was refused would
    /// tell a stranger what we could reach when we looked for its issuer; it stands in the node's log file.
    /// </summary>
    public static async Task RequireAsync(HttpContext http, RequestDelegate next)
    {
        var cancel = http.RequestAborted;
        var services = http.RequestServices;
        var locals = services.GetRequiredService<LocalParticipants>();
        var participant = http.Request.RouteValues["participant"] as string ?? "";
        if (await locals.FindAsync(participant, cancel) is not { } host)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var authentication = services.GetRequiredService<IPeerAuthentication>();
        var authenticated = await authentication.AuthenticateAsync(http.Request, host.Did, cancel);
        if (authenticated.Refused(out var refusal, out var caller))
        {
            var logger = services.GetRequiredService<ILogger<PeerCall>>();
            Log.NotLetIn(logger, host.Id, refusal.Code);
            // Where the caller's document cannot be had now, nothing is said of its token: it may try again.
            var again = refusal.Code is DidResolver.Unreachable or DidResolver.Busy;
            await new ProblemResult(again ? TryAgain : NotAuthenticated).ExecuteAsync(http);
            return;
        }
        var call = new PeerCall(
            host, caller, services.GetRequiredService<Database>(), services.GetRequiredService<UsedTokens>());
        http.Items[typeof(PeerCall)] = call;
        var scope = AnswerScope.Begin();
        http.Response.OnCompleted(() =>
        {
            scope.Release();
            return Task.CompletedTask;
        });
        if (http.GetEndpoint()?.Metadata.GetMetadata<WritesInCall>() is not null ||
            await call._database.WriteAsync(unit => call.TryUseAsync(unit, cancel), cancel))
        {
            await next(http);
            return;
        }
        await new ProblemResult(NotAuthenticated).ExecuteAsync(http);
    }

    /// <summary>
    /// Does what the request asks for, in the unit that uses up its token: one commit for both. A token that was used
    /// before is answered with 401, and nothing is done.
    /// </summary>
    public Task<IResult> WriteAsync(Func<Unit, Task<IResult>> work, CancellationToken cancel) =>
        _database.WriteAsync(
            async unit => await TryUseAsync(unit, cancel) ? await work(unit) : new ProblemResult(NotAuthenticated),
            cancel);

    private async Task<bool> TryUseAsync(Unit unit, CancellationToken cancel) =>
        _caller.Token is null || await _used.TryUseAsync(unit, _caller.Token, cancel);

    /// <summary>Marks a route whose handler does everything within one <see cref="WriteAsync"/>.</summary>
    public sealed record WritesInCall;

    private sealed class ProblemResult(Problem problem) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = problem.Status!.Value;
            if (problem.Status == StatusCodes.Status401Unauthorized)
                httpContext.Response.Headers.WWWAuthenticate = "Bearer";
            return httpContext.Response.WriteAsJsonAsync(
                problem, ApiJson.Wire.Problem, "application/problem+json", httpContext.RequestAborted);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "A call to {Participant} was not let in: {Code}.")]
        public static partial void NotLetIn(ILogger logger, string participant, string code);
    }
}
