using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Millrace.Engine.Supply;
using Millrace.Node.Api;

namespace Millrace.Node.Commands.Nodes;

/// <summary>What the headers of a read say.</summary>
/// <param name="Sha256">The digest of the whole representation (RFC 9530); null where the provider sent none.</param>
internal sealed record DownloadResult(string? Read, long? Rows, byte[]? Sha256);

/// <summary>Downloads the data of a transfer into an unfinished file; goes on by itself when a line broke.</summary>
internal sealed class Download(ParticipantClient me, UnfinishedFile file, TimeProvider time)
{
    private const int AttemptsMax = 6;
    private const int BufferBytes = 128 * 1024;

    /// <summary>To be told how far the other side is with a view that it has to build (RFC 7240).</summary>
    private const string Preference = "respond-async, wait=2";

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    /// <exception cref="CommandFailedException">Refused, or broken off too often; the bytes so far stay.</exception>
    public async Task<DownloadResult> RunAsync(
        UnfinishedRead read, IProgress<Headway> progress, CancellationToken cancel)
    {
        // A query is a read of its own each time: whoever wants it twice says so.
        var attemptsMax = read is { Sql: null, Call: null } ? AttemptsMax : 1;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var response = await OpenAsync(read, cancel);
                if (response.StatusCode is HttpStatusCode.Accepted)
                {
                    attempt--; // It has not begun.
                    progress.Report(new Headway(file.Bytes, null, await BuiltAsync(response, cancel)));
                    await Task.Delay(response.Headers.RetryAfter?.Delta ?? FirstPause, time, cancel);
                    continue;
                }
                if (response.StatusCode is HttpStatusCode.RequestedRangeNotSatisfiable)
                {
                    read = read with { ETag = null }; // What is here does not fit what is there: from the start.
                    if (attempt < attemptsMax)
                        continue;
                    throw CommandFailedException.Refused("bad-range", "The provider refuses every range of the file.");
                }
                if (read.Coding is { } coding && !response.Content.Headers.ContentEncoding.Contains(coding))
                    throw CommandFailedException.Refused(
                        "not-compressed", $"The provider does not compress by {coding}: read without that ending.");
                read = read with { ETag = Strong(response.Headers.ETag) };
                file.Note(read);
                await CopyAsync(response, progress, cancel);
                return Understand(response.Headers);
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                if (attempt == attemptsMax)
                    throw CommandFailedException.Refused(
                        "broken-off",
                        $"The line broke after {Wording.Size(file.Bytes)}; give the same command again to go on.");
                await Task.Delay(FirstPause * (1 << attempt), time, cancel);
            }
        }
    }

    /// <summary>Checks that what was downloaded arrived whole, and gives the file its name.</summary>
    /// <exception cref="CommandFailedException">It is damaged; nothing was kept.</exception>
    public async Task<byte[]> FinishAsync(DownloadResult result, CancellationToken cancel)
    {
        byte[] sha256;
        await using (var stream = file.Read())
            sha256 = await SHA256.HashDataAsync(stream, cancel);
        if (result.Sha256 is { } promised && !CryptographicOperations.FixedTimeEquals(promised, sha256))
        {
            file.Drop();
            throw CommandFailedException.Refused(
                "damaged", "The file arrived damaged: its digest is not the provider's. Nothing was kept; read again.");
        }
        file.Finish();
        return sha256;
    }

    private async Task<HttpResponseMessage> OpenAsync(UnfinishedRead read, CancellationToken cancel)
    {
        var transfer = $"transfers/{Uri.EscapeDataString(read.Transfer)}";
        if (read.Sql is { } sql)
        {
            using var query = new HttpRequestMessage(HttpMethod.Post, (string?)null);
            query.Content = JsonContent.Create(new QueryDraft(sql), ApiJson.Wire.QueryDraft);
            return await me.OpenAsync($"{transfer}/query?format={read.Format}", query, cancel);
        }
        if (read.Call is { } call)
        {
            using var values = new HttpRequestMessage(HttpMethod.Post, (string?)null);
            values.Content = new StringContent(call, Encoding.UTF8, "application/json");
            return await me.OpenAsync($"{transfer}/call?format={read.Format}", values, cancel);
        }
        using var request = new HttpRequestMessage(HttpMethod.Get, (string?)null);
        if (read.Coding is { } coding)
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue(coding));
        if (file.Bytes is > 0 and var have && read.ETag is { } tag)
        {
            request.Headers.Range = new RangeHeaderValue(have, null);
            request.Headers.IfRange = new RangeConditionHeaderValue(tag);
        }
        request.Headers.Add("Prefer", Preference);
        var place = read.File is { } path ? $"files/{CollectionPath.Escaped(path)}" : $"data?format={read.Format}";
        return await me.OpenAsync($"{transfer}/{place}", request, cancel);
    }

    private static async Task<double> BuiltAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        try
        {
            return (await response.Content.ReadFromJsonAsync(ApiJson.Wire.BeingBuilt, cancel))?.Done ?? 0;
        }
        catch (JsonException)
        {
            return 0; // Another connector may say it in another way.
        }
    }

    private async Task CopyAsync(
        HttpResponseMessage response, IProgress<Headway> progress, CancellationToken cancel)
    {
        // 200 is the whole, whatever was asked for; 206 goes on where the answer says.
        var done = response.StatusCode is HttpStatusCode.PartialContent
            ? response.Content.Headers.ContentRange?.From ?? file.Bytes
            : 0;
        if (done > file.Bytes)
            throw CommandFailedException.Refused("bad-range", "The provider left out a part of the file.");
        var total = response.Content.Headers.ContentLength is { } left ? done + left : (long?)null;
        await using var source = await response.Content.ReadAsStreamAsync(cancel);
        await using var target = file.Append(done);
        var buffer = new byte[BufferBytes];
        int got;
        while ((got = await source.ReadAsync(buffer, cancel)) > 0)
        {
            try
            {
                await target.WriteAsync(buffer.AsMemory(0, got), cancel);
            }
            catch (IOException e)
            {
                throw file.Unwritable(e);
            }
            progress.Report((done += got, total));
        }
        file.Write(() => target.Flush(flushToDisk: true));
    }

    private static DownloadResult Understand(HttpResponseHeaders headers) => new(
        One(headers, "Millrace-Read"),
        long.TryParse(One(headers, "Millrace-Rows"), out var rows) ? rows : null,
        Digest(One(headers, "Repr-Digest")));

    // RFC 9530: a dictionary of algorithms, each a byte sequence between colons; unknown algorithms are passed over.
    private static byte[]? Digest(string? header)
    {
        const string Name = "sha-256=:";
        var member = header?.Split(',').Select(m => m.Trim())
            .FirstOrDefault(m => m.StartsWith(Name, StringComparison.OrdinalIgnoreCase));
        var digest = new byte[SHA256.HashSizeInBytes];
        return member is not null
            && Convert.TryFromBase64String(member[Name.Length..].TrimEnd(':'), digest, out var length)
            && length == digest.Length
                ? digest
                : null;
    }

    // Only a strong tag promises the same bytes (RFC 9110 §13.1.5).
    private static string? Strong(EntityTagHeaderValue? tag) => tag is { IsWeak: false } ? tag.Tag : null;

    private static string? One(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
