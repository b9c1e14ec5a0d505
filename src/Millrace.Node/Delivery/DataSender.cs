using Microsoft.Net.Http.Headers;
using Millrace.Protocol;

namespace Millrace.Node.Delivery;

/// <summary>
/// Sends a part of a view over HTTP. A withdrawal cuts the stream so that the reader sees a broken transfer, and never
/// a short one that looks whole.
/// </summary>
public sealed class DataSender(PartSender parts)
{
    /// <returns>A refusal before the first byte; null once the part was sent, or the stream was cut.</returns>
    internal async Task<Refusal?> SendAsync(
        HttpContext http, string participant, string transfer, GovernedFile view, RangeAsked asked, ReadWish wish,
        CancellationToken cancel)
    {
        using var file = File.OpenHandle(view.Path);
        PartUnderway? underway = null;
        try
        {
            var decision = await parts.SendAsync(
                new PartAsked(participant, transfer, view, asked.Part, wish),
                part =>
                {
                    underway = part;
                    // Not before it is reserved: of an answer that is refused, its size and digest tell too much.
                    ViewAnswer.Describe(http.Response, view);
                    Describe(http.Response, view, asked, part.Read);
                    return asked.Part.SendAsync(file, http.Response.BodyWriter, part.HandOver, part.Cut);
                },
                cancel);
            return decision.Refused(out var refusal, out _) ? refusal : null;
        }
        finally
        {
            if (underway?.Sent < asked.Part.Length)
                http.Abort();
        }
    }

    private static void Describe(HttpResponse response, GovernedFile view, RangeAsked asked, string read)
    {
        response.StatusCode = asked.IsPartial ? StatusCodes.Status206PartialContent : StatusCodes.Status200OK;
        response.ContentType = view.MediaType;
        response.ContentLength = asked.Part.Length;
        response.Headers[ViewAnswer.ReadHeader] = read;
        if (asked.IsPartial)
        {
            var (from, to) = (asked.Part.From, asked.Part.From + asked.Part.Length - 1);
            response.GetTypedHeaders().ContentRange = new ContentRangeHeaderValue(from, to, view.Bytes);
        }
    }
}
