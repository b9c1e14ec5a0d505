using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Millrace.Node.Portal;

/// <summary>
/// The style sheet and the icon, embedded in the program. They are no secret: the sign-in page needs them.
/// </summary>
internal static class PortalAssets
{
    public static Asset Style { get; } = Asset.Read("style.css", "text/css; charset=utf-8");

    public static Asset Icon { get; } = Asset.Read("icon.svg", "image/svg+xml");

    public static void Map(IEndpointRouteBuilder node)
    {
        foreach (var asset in new[] { Style, Icon })
            node.MapGet($"/portal/{asset.Name}", asset.Send);
    }
}

/// <summary>A file of the portal.</summary>
/// <param name="Address">Holds the digest of the content, so that a browser may keep it for good.</param>
internal sealed record Asset(string Name, string Type, byte[] Content, string Address)
{
    /// <exception cref="FileNotFoundException">The program was built without it.</exception>
    public static Asset Read(string name, string type)
    {
        using var stream = typeof(Asset).Assembly.GetManifestResourceStream($"Millrace.Node.Portal.Assets.{name}")
            ?? throw new FileNotFoundException($"The program holds no {name}.");
        using var content = new MemoryStream();
        stream.CopyTo(content);
        var bytes = content.ToArray();
        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes))[..12];
        return new Asset(name, type, bytes, $"/portal/{name}?v={digest}");
    }

    public IResult Send(HttpContext http)
    {
        http.Response.Headers.XContentTypeOptions = "nosniff";
        // An icon is a document too: opened by itself it must not do more than be seen.
        http.Response.Headers.ContentSecurityPolicy = PortalGuard.Policy;
        http.Response.Headers[HeaderNames.CacheControl] = "public, max-age=31536000, immutable";
        return TypedResults.Bytes(Content, Type);
    }
}
