using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Millrace.Node.Api;
using Millrace.Node.Identity;
using Millrace.Node.Participants;

namespace Millrace.Node.Portal;

/// <summary>What stands before every page of the portal.</summary>
internal static class PortalGuard
{
    /// <summary>
    /// Nothing is loaded but our own style sheet and icon, no script runs, no other site frames a page or gets a form.
    /// </summary>
    public const string Policy =
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; " +
        "base-uri 'none'";

    /// <summary>Sets the headers; lets a form pass only within the limit and from our own pages.</summary>
    public static async ValueTask<object?> ProtectAsync(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        SetHeaders(http.Response.Headers);
        if (!HttpMethods.IsPost(http.Request.Method))
            return await next(context);
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = Limits.Default.FormBytesMax;
        // Read here, a form that is too large is told as such; antiforgery would hide it in an error of its own.
        if (http.Request.HasFormContentType)
            await http.Request.ReadFormAsync(http.RequestAborted);
        return await http.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(http)
            ? await next(context)
            : PortalPage.Message(http, Texts.FormExpired, Texts.FormExpiredWhy.In(LanguageChoice.Of(http)), 400);
    }

    /// <summary>Tells the page that the browser signed in: it stands behind the check.</summary>
    public static ValueTask<object?> MarkSignedInAsync(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Features.Set(new SignedIn());
        return next(context);
    }

    /// <summary>Lets only addresses of hosted participants pass, and tells the page whose it is.</summary>
    public static async ValueTask<object?> RequireParticipantAsync(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var services = http.RequestServices;
        var id = (string)http.Request.RouteValues["participant"]!;
        if (await services.GetRequiredService<LocalParticipants>().FindAsync(id, http.RequestAborted) is not { } found)
            return Missing(http);
        http.Features.Set(ParticipantEndpoints.Shown(found, services.GetRequiredService<NodeAddress>()));
        return await next(context);
    }

    /// <summary>The page for what was thrown while a page was made: the answer that had been begun is gone.</summary>
    public static IResult Failed(HttpContext http, Problem problem)
    {
        SetHeaders(http.Response.Headers);
        var sentence = RefusalTexts.Sentence(problem.Code!, problem.Detail!, LanguageChoice.Of(http));
        return PortalPage.Message(http, Texts.NotDone, sentence, problem.Status!.Value);
    }

    /// <summary>The page for what is not there.</summary>
    public static IResult Missing(HttpContext http) =>
        PortalPage.Message(http, Texts.NotFound, Texts.NotFoundWhy.In(LanguageChoice.Of(http)), 404);

    private static void SetHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers.CacheControl = "no-cache, no-store";
    }
}

/// <summary>Marks the routes whose errors are pages too.</summary>
internal sealed record PortalRoute;
