using Millrace.Node.Hosting;
using Millrace.Node.Identity;

namespace Millrace.Node.Sharing;

/// <summary>
/// The Delta Sharing protocol (OpenSharing tables, access mode <c>url</c>) of a participant: each agreement is a share,
/// opened by the token of a transfer under it. The data leave through the one gate.
/// </summary>
public static partial class SharingRoutes
{
    private const string Table = "/shares/{share}/schemas/{schema}/tables/{table}";

    public static void Map(IEndpointRouteBuilder participant)
    {
        var sharing = participant.MapGroup("/sharing").AddEndpointFilter(AnswerAsync);
        sharing.MapGet("/shares", ShareEndpoints.SharesAsync);
        sharing.MapGet("/shares/{share}", ShareEndpoints.ShareAsync);
        sharing.MapGet("/shares/{share}/schemas", ShareEndpoints.SchemasAsync);
        sharing.MapGet("/shares/{share}/schemas/{schema}/tables", ShareEndpoints.TablesAsync);
        sharing.MapGet("/shares/{share}/all-tables", ShareEndpoints.AllTablesAsync);
        sharing.MapGet($"{Table}/version", TableEndpoints.VersionAsync);
        sharing.MapMethods(Table, [HttpMethods.Head], TableEndpoints.VersionAsync);
        sharing.MapGet(Table, ShareEndpoints.TableAsync);
        sharing.MapGet($"{Table}/metadata", TableEndpoints.MetadataAsync);
        sharing.MapPost($"{Table}/query", TableEndpoints.QueryAsync);
        sharing.MapGet($"{Table}/changes", TableEndpoints.ChangesAsync);
        sharing.MapPost($"{Table}/queries/{{query}}", () => SharingError.NotFound("query").Result());
        sharing.MapPost($"{Table}/temporary-table-credentials", () => SharingError.Unsupported(
            "The data are read by URL only: the accessModes of the table say so.").Result());
        sharing.MapMethods(
            "/files/{url}.parquet", [HttpMethods.Get, HttpMethods.Head], FileEndpoint.SendAsync);
        sharing.MapPost("/token", TokenEndpoint.IssueAsync);
        sharing.Map("/{**rest}", () => SharingError.NotFound("resource").Result());
    }

    /// <summary>What is thrown becomes an answer here too, but in the form of this protocol.</summary>
    private static async ValueTask<object?> AnswerAsync(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        try
        {
            var locals = http.RequestServices.GetRequiredService<LocalParticipants>();
            var participant = (string)http.Request.RouteValues["participant"]!;
            return await locals.FindAsync(participant, http.RequestAborted) is null
                ? SharingError.Unknown.Result() // A stranger must not learn who is here.
                : await next(context);
        }
        catch (Exception thrown) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            if (Problems.Of(thrown) is not { Status: { } status and < 500 } problem)
            {
                Failed(http.RequestServices.GetRequiredService<ILogger<SharingError>>(), thrown);
                return new SharingError(500, SharingError.Internal, "The node could not answer.").Result();
            }
            return new SharingError(status, SharingError.Malformed, problem.Detail ?? "The request is not usable.")
                .Result();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A request for a shared table failed.")]
    private static partial void Failed(ILogger logger, Exception exception);
}
