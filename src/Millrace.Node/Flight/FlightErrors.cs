using Grpc.Core;
using Grpc.Core.Interceptors;
using Millrace.Node.Hosting;
using Millrace.Protocol;

namespace Millrace.Node.Flight;

/// <summary>
/// Errors as gRPC has them: a status and a sentence. What is thrown below becomes one here, and only here.
/// </summary>
internal sealed partial class FlightErrors(ILogger<FlightErrors> logger) : Interceptor
{
    /// <summary>The token is missing or opens nothing there: a stranger must not learn which, or who is here.</summary>
    public static RpcException Unknown => Said(
        StatusCode.Unauthenticated, "Send the token of a running transfer: authorization: Bearer <token>.");

    public static RpcException NotFound => Said(
        StatusCode.NotFound, "Your token opens no such flight: list the flights to see what it opens.");

    public static RpcException Unimplemented => Said(
        StatusCode.Unimplemented, "Flights are only read here: list them, ask for one, get it.");

    public static RpcException Bad(string sentence) => Said(StatusCode.InvalidArgument, sentence);

    /// <summary>The ticket leads nowhere any more; a new one does.</summary>
    public static RpcException Stale(string why) => Said(
        StatusCode.FailedPrecondition, $"{why}: ask for the flight again.");

    /// <summary>The contract does not allow it, now.</summary>
    public static RpcException Refused(Refusal refusal) => Said(
        StatusCode.PermissionDenied,
        $"{refusal.Reason} ({refusal.Code}{(refusal.Rule is { } rule ? $", rule {rule}" : "")})");

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        AnswerAsync(() => continuation(request, context), context);

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        AnswerAsync(
            async () =>
            {
                await continuation(request, responseStream, context);
                return true;
            },
            context);

    private async Task<T> AnswerAsync<T>(Func<Task<T>> answer, ServerCallContext context)
    {
        try
        {
            return await answer();
        }
        catch (Exception thrown) when (
            thrown is not RpcException && !context.CancellationToken.IsCancellationRequested)
        {
            throw Problems.Of(thrown) switch
            {
                // The library's own refusal of a descriptor that says neither path nor command.
                null when thrown is NotSupportedException { Source: "Apache.Arrow.Flight" } =>
                    Bad(FlightReaders.Form),
                { Status: StatusCodes.Status503ServiceUnavailable, Detail: { } detail } =>
                    Said(StatusCode.Unavailable, detail),
                { Detail: { } detail } => Said(StatusCode.Internal, detail),
                _ => Unexpected(thrown),
            };
        }
    }

    private RpcException Unexpected(Exception thrown)
    {
        Failed(thrown);
        return Said(StatusCode.Internal, "The node could not answer; its log says more.");
    }

    private static RpcException Said(StatusCode code, string sentence) => new(new Status(code, sentence));

    [LoggerMessage(Level = LogLevel.Error, Message = "A call of Arrow Flight failed.")]
    private partial void Failed(Exception exception);
}
