using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Millrace.Engine.Supply;
using Millrace.Node.Identity;

namespace Millrace.Node.Sources;

/// <summary>Downloads the file behind an address.</summary>
public sealed class HttpSource(GuardedHttp http, Clock clock)
{
    /// <summary>
    /// A moment that old tells the file from all later ones; before, it may change again within the same second: RFC
    /// 9110, §8.8.2.2.
    /// </summary>
    private static readonly TimeSpan _settled = TimeSpan.FromMinutes(1);

    private readonly SourceDownload _download = new(clock);

    /// <exception cref="SourceException">It may not be asked for, or did not come whole and unchanged.</exception>
    public async Task<Fetched> FetchAsync(SourceAsk ask, string folder, CancellationToken cancel)
    {
        if (!Uri.TryCreate(ask.Source.Url, UriKind.Absolute, out var url))
            throw new SourceException(
                "bad-source", "The url must be an address such as https://example.org/table.csv.");
        var path = Path.Combine(folder, SourceReader.FileName(Uri.UnescapeDataString(url.AbsolutePath)));
        var first = new Known(null, null, null);
        try
        {
            await _download.SaveAsync(
                path, clock.Limits.UploadBytesMax, url.Authority,
                async (have, ended) =>
                {
                    var (body, known) = await OpenAsync(url, have, first, ask.Known, ended);
                    first = known;
                    return body;
                },
                cancel);
        }
        catch (PeerException e)
        {
            throw new SourceException(
                e.Code,
                e.Code is "peer-address" or "peer-url"
                    ? $"{e.Message} Only a node that serves with --allow-private-peers reads from private addresses."
                    : e.Message);
        }
        return first.IsUnchanged ? new Fetched([]) : new Fetched([path], Tag: first.Later);
    }

    private async Task<(SourceBody Body, Known Known)> OpenAsync(
        Uri url, long have, Known before, string? earlier, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (have > 0 && before.Tag is { IsWeak: false } tag)
        {
            request.Headers.Range = new RangeHeaderValue(have, null);
            request.Headers.IfRange = new RangeConditionHeaderValue(tag);
        }
        var isConditional = have == 0 && earlier is not null && Condition(request.Headers, earlier);
        var answer = await http.OpenAsync(request, cancel);
        try
        {
            if (isConditional && answer.StatusCode == HttpStatusCode.NotModified)
                return (new SourceBody(Stream.Null, false, answer), before with { IsUnchanged = true });
            Require(answer, url);
            var now = new Known(answer.Headers.ETag, answer.Content.Headers.LastModified, answer.Headers.Date);
            // Another file that is sent whole is begun anew; a part of it fits to nothing.
            var continues = answer.StatusCode == HttpStatusCode.PartialContent;
            if (continues && before.IsAnother(now))
                throw new SourceException(
                    "source-changed", $"{url.Authority} changed the file while it was read: read it again.");
            if (continues && answer.Content.Headers.ContentRange?.From != have)
                throw new SourceException("source-failed", $"{url.Authority} sent another part than was asked for.");
            return (new SourceBody(await answer.Content.ReadAsStreamAsync(cancel), continues, answer), now);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    /// <param name="known">As <see cref="Known.Later"/>.</param>
    private static bool Condition(HttpRequestHeaders headers, string known)
    {
        if (EntityTagHeaderValue.TryParse(known, out var tag))
            headers.IfNoneMatch.Add(tag);
        else if (DateTimeOffset.TryParseExact(
            known, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since))
        {
            headers.IfModifiedSince = since;
        }
        return headers.IfNoneMatch.Count > 0 || headers.IfModifiedSince is not null;
    }

    private void Require(HttpResponseMessage answer, Uri url)
    {
        if (answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
        {
            var after = answer.Headers.RetryAfter;
            var pause = after?.Delta ?? after?.Date - clock.Now;
            throw new BusySourceException(pause < TimeSpan.Zero ? TimeSpan.Zero : pause);
        }
        if ((int)answer.StatusCode >= 500)
            throw new HttpRequestException("The server failed.", null, answer.StatusCode);
        if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent))
            throw new SourceException(
                "source-refused",
                $"{url.Authority} answers {(int)answer.StatusCode}: see that the file can be had there.");
        if (answer.Content.Headers.ContentEncoding.Any(encoding => encoding != "identity"))
            throw new SourceException(
                "source-failed",
                $"{url.Authority} packs its answer though nobody asked: name a file that is packed itself.");
    }

    /// <summary>What a server says of the state of a file.</summary>
    /// <param name="At">When it said so, by its own clock.</param>
    /// <param name="IsUnchanged">It is what was known before, and was not sent.</param>
    private sealed record Known(
        EntityTagHeaderValue? Tag, DateTimeOffset? Modified, DateTimeOffset? At, bool IsUnchanged = false)
    {
        /// <summary>By what a later reading can ask for another state; null: by nothing.</summary>
        public string? Later => Tag is { Tag: not ("*" or "\"\"") }
            ? Tag.ToString()
            : At - Modified >= _settled ? Modified?.ToString("R", CultureInfo.InvariantCulture) : null;

        public bool IsAnother(Known now) => Tag is not null
            ? !Tag.Equals(now.Tag)
            : Modified is not null && Modified != now.Modified;
    }
}
