namespace Millrace.Node.Portal;

/// <summary>Which language a browser gets: as <c>?lang=</c> says, as it said before, as its settings say.</summary>
public static class LanguageChoice
{
    private const string Parameter = "lang";
    private const string Cookie = "millrace-lang";

    private static readonly TimeSpan Remembered = TimeSpan.FromDays(365);

    /// <summary>The language of an answer; what is asked by the address is remembered in a cookie.</summary>
    public static Language Of(HttpContext http)
    {
        if (Named(http.Request.Query[Parameter]) is { } asked)
        {
            http.Response.Cookies.Append(Cookie, Code(asked), new CookieOptions
            {
                HttpOnly = true,
                SameSite = Microsoft.AspNetCore.Http.SameSiteMode.Lax,
                MaxAge = Remembered,
                IsEssential = true,
            });
            return asked;
        }
        return Named(http.Request.Cookies[Cookie]) ?? Preferred(http.Request);
    }

    /// <summary>The language's name in <c>?lang=</c> and, for English, in HTML.</summary>
    public static string Code(Language language) => language == Language.Chinese ? "zh" : "en";

    private static Language? Named(string? code) => code switch
    {
        "en" => Language.English,
        "zh" => Language.Chinese,
        _ => null,
    };

    /// <summary>RFC 9110 §12.5.4: the one of ours with the greatest weight, the first of equals; or English.</summary>
    private static Language Preferred(HttpRequest request)
    {
        var ranges = request.GetTypedHeaders().AcceptLanguage;
        var ours =
            from range in ranges.Index()
            let language = Named(range.Item.Value.Value?.Split('-')[0].ToLowerInvariant())
            where language is not null && (range.Item.Quality ?? 1) > 0
            orderby range.Item.Quality ?? 1 descending, range.Index
            select language;
        return ours.FirstOrDefault() ?? Language.English;
    }
}
