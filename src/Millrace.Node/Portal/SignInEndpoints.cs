using Millrace.Node.Hosting;
using Millrace.Node.Identity;
using Millrace.Node.Portal.Pages;

namespace Millrace.Node.Portal;

/// <summary>Signing a browser in by the node's admin token, and out again.</summary>
internal static class SignInEndpoints
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/login", Show);
        pages.MapPost("/login", EnterAsync);
        pages.MapPost("/logout", Leave);
    }

    /// <param name="token">As in the link that <c>serve</c> prints; without it the page asks for it.</param>
    private static IResult Show(string? token, HttpContext http, AdminToken admin) =>
        string.IsNullOrEmpty(token) ? Page(http, wrong: false) : Enter(http, admin, token);

    private static async Task<IResult> EnterAsync(HttpContext http, AdminToken admin, CancellationToken cancel) =>
        Enter(http, admin, (await http.Request.ReadFormAsync(cancel))["token"].ToString().Trim());

    private static IResult Enter(HttpContext http, AdminToken admin, string token) =>
        ManagementAccess.SignIn(http, admin, token) ? new SeeOther("/") : Page(http, wrong: true);

    private static SeeOther Leave(HttpContext http)
    {
        http.Response.Cookies.Delete(ManagementAccess.Cookie(http));
        return new SeeOther("/login");
    }

    private static IResult Page(HttpContext http, bool wrong) =>
        PortalPage.Of<SignInPage>(http, Texts.SignIn, wrong, wrong ? 403 : 200);
}
