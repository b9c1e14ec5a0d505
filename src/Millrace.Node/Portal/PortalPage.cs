using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.HttpResults;
using Millrace.Node.Api;
using Millrace.Node.Portal.Parts;
using Millrace.Protocol;

namespace Millrace.Node.Portal;

/// <summary>Makes a page out of a component and what it shows.</summary>
internal static class PortalPage
{
    /// <param name="title">The name of the page.</param>
    /// <param name="model">The component's parameter <c>Model</c>, where it has one.</param>
    public static IResult Of<TPage>(HttpContext http, Text title, object? model = null, int status = 200)
        where TPage : IComponent =>
        Of<TPage>(http, title.In(LanguageChoice.Of(http)), model, status);

    /// <inheritdoc cref="Of{TPage}(HttpContext, Text, object?, int)"/>
    public static IResult Of<TPage>(HttpContext http, string title, object? model, int status = 200)
        where TPage : IComponent
    {
        var tokens = http.RequestServices.GetRequiredService<IAntiforgery>().GetAndStoreTokens(http);
        var view = new View(
            LanguageChoice.Of(http), title, Here(http.Request), http.Features.Get<SignedIn>() is not null,
            new FormToken(tokens.FormFieldName, tokens.RequestToken!), http.Features.Get<Participant>(),
            http.Request.Path.Value!.Split('/') is [_, _, _, var section, ..] ? section : "");
        return new RazorComponentResult<Frame>(new Dictionary<string, object?>
        {
            [nameof(Frame.View)] = view,
            [nameof(Frame.Page)] = typeof(TPage),
            [nameof(Frame.Model)] = model,
        })
        {
            StatusCode = status,
        };
    }

    /// <summary>A page that says one thing, such as why something cannot be shown.</summary>
    public static IResult Message(HttpContext http, Text title, string sentence, int status) =>
        Of<Pages.MessagePage>(http, title, sentence, status);

    /// <summary>A page that says why something was not done.</summary>
    public static IResult Refused(HttpContext http, Text title, Refusal refusal, int status) =>
        Message(http, title, RefusalTexts.Sentence(refusal, LanguageChoice.Of(http)), status);

    private static string Here(HttpRequest request)
    {
        var kept = new QueryBuilder(request.Query.Where(q => q.Key is not ("lang" or "token")));
        return $"{request.PathBase}{request.Path}{kept}{(kept.Any() ? '&' : '?')}";
    }
}

/// <summary>Marks a request of a browser that signed in.</summary>
internal sealed record SignedIn;
