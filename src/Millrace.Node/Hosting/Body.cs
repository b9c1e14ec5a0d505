using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Features;

namespace Millrace.Node.Hosting;

/// <summary>Reads the JSON body of a management request within the limits.</summary>
internal static class Body
{
    /// <exception cref="JsonException">
    /// It is not the JSON expected; the message names the place, never the content.
    /// </exception>
    /// <exception cref="BadHttpRequestException">It is larger than allowed.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, CancellationToken cancel)
        where T : class
    {
        var http = request.HttpContext;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = http.RequestServices.GetRequiredService<Clock>().Limits.RequestBytesMax;
        return await JsonSerializer.DeserializeAsync(request.Body, type, cancel)
            ?? throw new JsonException("The body is null.");
    }
}
