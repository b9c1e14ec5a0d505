using Millrace.Node.Identity;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;

namespace Millrace.Node.Messaging;

/// <summary>A request of another participant, proved by its token, to one that this node hosts.</summary>
/// <param name="Host">Who is asked.</param>
/// <param name="Peer">The DID of who asks.</param>
public sealed record PeerCall(ParticipantRecord Host, string Peer)
{
    /// <summary>Binds a handler's parameter: <see cref="RequireAsync"/> has let the request pass before.</summary>
    public static ValueTask<PeerCall?> BindAsync(HttpContext http) =>
        ValueTask.FromResult(http.Items[typeof(PeerCall)] as PeerCall);

    /// <summary>
    /// A middleware for protocol routes: lets only requests with a valid token pass. 401 tells nothing: it is answered
    /// before anything is looked up but the participant.
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
        var authentication = http.RequestServices.GetRequiredService<PeerAuthentication>();
        var authenticated = await authentication.AuthenticateAsync(http.Request, host.Did, cancel);
        if (authenticated.Refused(out var refusal, out var caller))
        {
            // Where the caller's document cannot be had now, nothing is said of its token: it may try again.
            var unclear = refusal.Code is DidResolver.Unreachable or DidResolver.Busy;
            var status = unclear ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status401Unauthorized;
            if (!unclear)
                http.Response.Headers.WWWAuthenticate = "Bearer";
            http.Response.StatusCode = status;
            await http.Response.WriteAsJsonAsync(
                new Api.Problem(Status: status, Detail: refusal.Reason, Code: refusal.Code), Api.ApiJson.Wire.Problem,
                "application/problem+json", cancel);
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
}
