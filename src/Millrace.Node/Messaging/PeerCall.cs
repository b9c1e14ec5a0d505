using Millrace.Node.Api;
using Millrace.Node.Identity;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;

namespace Millrace.Node.Messaging;

/// <summary>A request of another participant, proved by its token, to one that this node hosts.</summary>
/// <param name="Host">Who is asked.</param>
/// <param name="Peer">The DID of who asks.</param>
public sealed partial record PeerCall(ParticipantRecord Host, string Peer)
{
    private static readonly Problem NotAuthenticated = new(
        Status: StatusCodes.Status401Unauthorized, Code: "not-authenticated",
        Detail: "Send a fresh token of your own for this participant: Authorization: Bearer <token>.");

    private static readonly Problem TryAgain = new(
        Status: StatusCodes.Status503ServiceUnavailable, Code: "not-now",
        Detail: "Your DID cannot be checked now: try again.");

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
        var locals = http.RequestServices.GetRequiredService<LocalParticipants>();
        var participant = http.Request.RouteValues["participant"] as string ?? "";
        if (await locals.FindAsync(participant, cancel) is not { } host)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var authentication = http.RequestServices.GetRequiredService<IPeerAuthentication>();
        var authenticated = await authentication.AuthenticateAsync(http.Request, host.Did, cancel);
        if (authenticated.Refused(out var refusal, out var caller))
        {
            var logger = http.RequestServices.GetRequiredService<ILogger<PeerCall>>();
            Log.NotLetIn(logger, host.Id, refusal.Code);
            // Where the caller's document cannot be had now, nothing is said of its token: it may try again.
            var answer = refusal.Code is DidResolver.Unreachable or DidResolver.Busy ? TryAgain : NotAuthenticated;
            http.Response.StatusCode = answer.Status!.Value;
            if (answer == NotAuthenticated)
                http.Response.Headers.WWWAuthenticate = "Bearer";
            await http.Response.WriteAsJsonAsync(
                answer, ApiJson.Wire.Problem, "application/problem+json", cancel);
            return;
        }
        http.Items[typeof(PeerCall)] = new PeerCall(host, caller.Did);
        var scope = AnswerScope.Begin();
        http.Response.OnCompleted(() =>
        {
            scope.Release();
            return Task.CompletedTask;
        });
        await next(http);
    }

    // A class of its own, since no record can hold what the generator makes.
    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "A call to {Participant} was not let in: {Code}.")]
        public static partial void NotLetIn(ILogger logger, string participant, string code);
    }
}
