using Microsoft.Net.Http.Headers;
using Millrace.Node.Identity;

namespace Millrace.Node.Hosting;

/// <summary>
/// The management API and the portal are for whoever holds the node's admin token: programs send it as a bearer token,
/// browsers carry it in a cookie that signing in sets.
/// </summary>
internal static class ManagementAccess
{
    /// <summary>Cookies belong to a host whatever its port: each node there has a name of its own.</summary>
    public static string Cookie(HttpContext http) =>
        http.Request.Host.Port is { } port ? $"millrace-{port}" : "millrace";

    /// <summary>Lets only programs with the token pass.</summary>
    public static async ValueTask<object?> RequireTokenAsync(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var admin = http.RequestServices.GetRequiredService<AdminToken>();
        var header = http.Request.Headers.Authorization.ToString();
        if (header.StartsWith("Bearer ", StringComparison.Ordinal) && admin.Matches(header["Bearer ".Length..]))
            return await next(context);
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.Result(
            StatusCodes.Status401Unauthorized, "no-token",
            "Send the node's admin token: Authorization: Bearer, with the content of admin.token in its data folder.");
    }

    /// <summary>Lets only browsers that signed in pass.</summary>
    public static async ValueTask<object?> RequireSignInAsync(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var admin = http.RequestServices.GetRequiredService<AdminToken>();
        return http.Request.Cookies[Cookie(http)] is { } token && admin.Matches(token)
            ? await next(context)
            : Results.Redirect("/login");
    }

    /// <summary>Signs a browser in.</summary>
    /// <returns>False if the token is wrong.</returns>
    public static bool SignIn(HttpContext http, AdminToken admin, string token)
    {
        if (!admin.Matches(token))
            return false;
        http.Response.Cookies.Append(Cookie(http), token, new CookieOptions
        {
            HttpOnly = true,
            SameSite = Microsoft.AspNetCore.Http.SameSiteMode.Strict,
            Secure = http.Request.IsHttps,
            IsEssential = true,
        });
        http.Response.Headers[HeaderNames.CacheControl] = "no-store";
        return true;
    }
}
