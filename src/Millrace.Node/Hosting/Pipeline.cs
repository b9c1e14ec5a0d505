using Microsoft.AspNetCore.Diagnostics;
using Millrace.Node.Agreements;
using Millrace.Node.Api;
using Millrace.Node.Catalogues;
using Millrace.Node.Delivery;
using Millrace.Node.Downloads;
using Millrace.Node.Evidence;
using Millrace.Node.Flight;
using Millrace.Node.Identity;
using Millrace.Node.Messaging;
using Millrace.Node.Metering;
using Millrace.Node.Negotiations;
using Millrace.Node.Participants;
using Millrace.Node.Portal;
using Millrace.Node.Products;
using Millrace.Node.Queries;
using Millrace.Node.Scenarios;
using Millrace.Node.Sharing;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Objects;
using Millrace.Node.Transfers;

namespace Millrace.Node.Hosting;

/// <summary>All routes of a node, and what stands before them.</summary>
internal static class Pipeline
{
    /// <param name="hasFlight">Whether Arrow Flight is served.</param>
    public static void Map(WebApplication app, bool hasFlight)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = AnswerAsync,
            // What has a status of its own is no failure of the node; that its store fails, the operator must read.
            SuppressDiagnosticsCallback = failed =>
                failed.Exception is not ObjectStoreException && Problems.Of(failed.Exception) is not null,
        });
        app.UseStatusCodePages(FillAsync);
        // Before routing, so that the middleware of protocol routes knows the participant.
        app.UseRouting();
        if (hasFlight)
        {
            app.Use(FlightRoutes.GuardAsync);
            FlightRoutes.Map(app);
        }
        app.Use(UnescapeSlashes);
        app.UseWhen(http => http.GetEndpoint()?.Metadata.GetMetadata<PeerRoute>() is not null, Protected);
        app.MapGet("/healthz", () => TypedResults.Text("ok"));
        MapManagement(app);
        MapPeers(app);
        PortalEndpoints.Map(app);
    }

    private static void MapManagement(WebApplication app)
    {
        var management = app.MapGroup("/api/v1").AddEndpointFilter(ManagementAccess.RequireTokenAsync);
        management.MapGet("/node", NodeAsync);
        management.MapFallback(() => Problems.NotFound("resource"));
        var participant = management.MapGroup("/participants/{participant}")
            .AddEndpointFilter(RequireParticipantAsync).AddEndpointFilter(QueryRanges.RequireAsync);
        ParticipantEndpoints.Map(management, participant);
        MemberEndpoints.Map(participant);
        ProductEndpoints.Map(participant);
        RefreshEndpoints.Map(participant);
        PolicyTrials.Map(participant);
        Classifications.Map(participant);
        ElementEndpoints.Map(participant);
        Descriptions.Map(participant);
        ContractEndpoints.Map(participant);
        MeasureEndpoints.Map(participant);
        DefaultPlans.Map(participant);
        ClauseProofs.Map(participant);
        CatalogueSearch.Map(participant);
        NegotiationManagement.Map(participant);
        AgreementEndpoints.Map(participant);
        AgreementImports.Map(participant);
        TransferManagement.Map(participant);
        TransferData.Map(participant);
        TransferProfiles.Map(participant);
        EvidenceEndpoints.Map(participant);
        EventFeed.Map(participant);
        UsageEndpoints.Map(participant);
        ScenarioEndpoints.Map(participant);
    }

    private static void MapPeers(WebApplication app)
    {
        ParticipantEndpoints.MapPublic(app);
        EvidenceEndpoints.MapPublic(app);
        var data = app.MapGroup("/{participant}/data/{transfer}").AddEndpointFilter(Admission.RequireTokenAsync);
        DataEndpoint.Map(data);
        CollectionEndpoint.Map(data);
        QueryEndpoint.Map(data);
        CallEndpoint.Map(data);
        SharingRoutes.Map(app.MapGroup("/{participant}"));
        var dsp = app.MapGroup("/{participant}/dsp/" + Protocol.Dspace.Version).WithMetadata(new PeerRoute());
        CatalogueEndpoints.Map(dsp);
        NegotiationEndpoints.Map(dsp);
        TransferEndpoints.Map(dsp);
    }

    /// <summary>
    /// A path is unescaped but for its slashes. What other connectors name, we find under its own name: with them.
    /// </summary>
    private static Task UnescapeSlashes(HttpContext http, RequestDelegate next)
    {
        foreach (var (name, value) in http.Request.RouteValues.ToArray())
        {
            if (value is string text)
                http.Request.RouteValues[name] = text.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        }
        return next(http);
    }

    private static void Protected(IApplicationBuilder branch) => branch.Use(PeerCall.RequireAsync);

    /// <summary>What this node is.</summary>
    private static async Task<IResult> NodeAsync(
        NodeOptions options, Database database, NodeAddress address, LocalParticipants locals, CancellationToken cancel)
    {
        var participants = await locals.ListAsync(cancel);
        return TypedResults.Json(
            new NodeInfo(
                typeof(Pipeline).Assembly.GetName().Version?.ToString(3) ?? "0", address.Public,
                database.IsPostgres ? "postgresql" : "sqlite", options.DataFolder,
                options.S3 is null ? "folder" : "s3",
                [.. participants.Select(p => ParticipantEndpoints.Shown(p, address))], address.Flight),
            ApiJson.Wire.NodeInfo);
    }

    private static async ValueTask<object?> RequireParticipantAsync(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var locals = http.RequestServices.GetRequiredService<LocalParticipants>();
        var id = (string)http.Request.RouteValues["participant"]!;
        return await locals.FindAsync(id, http.RequestAborted) is null
            ? Problems.Result(404, "unknown-participant", $"This node hosts no participant {id}.")
            : await next(context);
    }

    /// <summary>The one place where an exception becomes an answer.</summary>
    private static async Task AnswerAsync(HttpContext http)
    {
        var failed = http.Features.Get<IExceptionHandlerFeature>();
        var thrown = failed?.Error;
        if (thrown is OperationCanceledException && http.RequestAborted.IsCancellationRequested)
            return;
        var problem = (thrown is null ? null : Problems.Of(thrown)) ?? Problems.Failed;
        await AnswerAsync(http, failed?.Endpoint, problem);
    }

    /// <summary>A value that cannot be read is answered as any other error is: handlers leave its body empty.</summary>
    private static Task FillAsync(StatusCodeContext context)
    {
        var http = context.HttpContext;
        return http.Response.StatusCode == StatusCodes.Status400BadRequest
            ? AnswerAsync(http, http.GetEndpoint(), Problems.BadRequest)
            : Task.CompletedTask;
    }

    private static Task AnswerAsync(HttpContext http, Endpoint? endpoint, Problem problem)
    {
        var result = endpoint?.Metadata.GetMetadata<PortalRoute>() is null
            ? Problems.Result(problem)
            : PortalGuard.Failed(http, problem);
        return result.ExecuteAsync(http);
    }

    private sealed record PeerRoute;
}
