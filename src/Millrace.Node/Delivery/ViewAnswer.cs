using System.Globalization;
using Microsoft.Net.Http.Headers;
using Millrace.Protocol;

namespace Millrace.Node.Delivery;

/// <summary>
/// A governed view as HTTP has files: ETag, conditions, ranges, HEAD. Every way of reading over HTTP answers so, and
/// what leaves goes through <see cref="DataSender"/>, and so through the gate.
/// </summary>
internal static class ViewAnswer
{
    public const string ReadHeader = "Millrace-Read";
    public const string RowsHeader = "Millrace-Rows";
    public const string VersionHeader = "Millrace-Version";

    /// <summary>Answers a GET or HEAD with the view, or the part of it that is asked for.</summary>
    /// <param name="wish">Gets whether a part is asked for.</param>
    /// <returns>A refusal by the gate, before the first byte; null: the request is answered.</returns>
    public static async Task<Refusal?> SendAsync(
        HttpContext http, string participant, string transfer, GovernedFile view, Func<bool, ReadWish> wish,
        DataSender sender, CancellationToken cancel)
    {
        var headers = http.Request.GetTypedHeaders();
        var tag = new EntityTagHeaderValue($"\"{view.Sha256}\"");
        var response = http.Response.GetTypedHeaders();
        response.ETag = tag;
        http.Response.Headers.AcceptRanges = "bytes";
        Describe(http.Response, view);
        if (headers.IfNoneMatch.Any(known =>
            known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false)))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return null;
        }
        var asked = RangeAsked.Of(headers, tag, view.Bytes);
        if (!asked.IsSatisfiable)
        {
            response.ContentRange = new ContentRangeHeaderValue(view.Bytes);
            http.Response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            return null;
        }
        if (HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.ContentType = view.MediaType;
            http.Response.ContentLength = view.Bytes;
            return null; // Nothing is read, so nothing is counted.
        }
        return await sender.SendAsync(http, participant, transfer, view, asked, wish(asked.IsPartial), cancel);
    }

    /// <summary>Says what a reader needs to check what comes.</summary>
    public static void Describe(HttpResponse response, GovernedFile view)
    {
        response.GetTypedHeaders().CacheControl = new CacheControlHeaderValue { NoStore = true };
        if (ViewFormats.Coding(view.Format) is { } coding)
            response.Headers.ContentEncoding = coding;
        response.Headers[RowsHeader] = view.Rows.ToString(CultureInfo.InvariantCulture);
        response.Headers[VersionHeader] = view.Version.ToString(CultureInfo.InvariantCulture);
        // RFC 9530: the digest is of the whole view as it is coded, also where only a part is sent.
        response.Headers["Repr-Digest"] =
            $"sha-256=:{Convert.ToBase64String(Convert.FromHexString(view.Sha256))}:";
    }
}
