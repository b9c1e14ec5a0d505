using System.IO.Pipelines;
using System.Net;
using System.Text.Json;
using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Node.Identity;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;

namespace Millrace.Node.Transfers;

/// <summary>Asks the provider of a transfer, with its token, and passes on what comes.</summary>
public sealed class DataRelay(
    Database database, GuardedHttp peers, SecretBox box, Receptions receptions, Clock clock)
{
    private const int ChunkBytes = 128 * 1024;

    private static readonly string[] PassedBack =
    [
        "ETag", "Accept-Ranges", "Content-Range", "Content-Type", "Content-Length", "Content-Encoding",
        "Retry-After", "Preference-Applied",
        Announcement.DigestHeader, Announcement.ReadHeader, Announcement.RowsHeader, Announcement.VersionHeader,
    ];

    /// <summary>Answers with the provider's answer; its refusal has its own status, code and rule.</summary>
    /// <param name="ask">Makes the request, from the endpoint that the provider gave.</param>
    public async Task<IResult> PassAsync(
        HttpContext http, string participant, string pid, Func<Uri, HttpRequestMessage> ask, CancellationToken cancel)
    {
        if ((await FindAsync(participant, pid, cancel)).Refused(out var refusal, out var transfer))
            return Problems.Refused(refusal, refusal.Code == "not-found" ? 404 : 409);
        using var answer = await OpenAsync(participant, transfer, ask, cancel);
        if ((int)answer.StatusCode >= 400 && answer.StatusCode != HttpStatusCode.RequestedRangeNotSatisfiable)
            return Problems.Refused(await RefusalAsync(answer, cancel), (int)answer.StatusCode);

        Describe(http.Response, answer);
        if (answer.StatusCode is HttpStatusCode.NotModified or HttpStatusCode.RequestedRangeNotSatisfiable)
            http.Response.ContentLength = null; // Of what was not sent.
        else if (answer.StatusCode == HttpStatusCode.Accepted) // No data yet, and so nothing received.
            await http.Response.Body.WriteAsync(
                await GuardedHttp.ReadBoundedAsync(answer, clock.Limits.MessageBytesMax, cancel), cancel);
        else if (!await ReceiveAsync(participant, transfer, answer, http.Response.BodyWriter, long.MaxValue, cancel))
            http.Abort(); // The provider cut the stream: it must not look whole here either.
        return TypedResults.Empty;
    }

    /// <summary>The provider's answer as a whole, or its refusal.</summary>
    /// <param name="bytesMax">An answer of more is refused.</param>
    internal async Task<Decision<byte[]>> FetchAsync(
        string participant, string pid, Func<Uri, HttpRequestMessage> ask, int bytesMax, CancellationToken cancel)
    {
        if ((await FindAsync(participant, pid, cancel)).Refused(out var refusal, out var transfer))
            return refusal;
        using var answer = await OpenAsync(participant, transfer, ask, cancel);
        if ((int)answer.StatusCode >= 400)
            return await RefusalAsync(answer, cancel);
        using var body = new MemoryStream();
        return await ReceiveAsync(participant, transfer, answer, PipeWriter.Create(body), bytesMax, cancel)
            ? body.ToArray()
            : new Refusal("answer-cut", "The answer broke off, or is too large to be shown: get it as a file.");
    }

    private async Task<Decision<TransferRecord>> FindAsync(string participant, string pid, CancellationToken cancel)
    {
        var found = await database.ReadAsync(s => Tables.Transfers.FindAsync(s, participant, pid, cancel), cancel);
        return found?.Value switch
        {
            { Process.Role: Role.Consumer, SealedToken: not null, Endpoint: not null } transfer => transfer,
            { Process.Role: Role.Consumer } => new Refusal(
                "transfer-not-running", "The provider has not started this transfer."),
            _ => new Refusal("not-found", "There is no transfer of that name here."),
        };
    }

    private async Task<HttpResponseMessage> OpenAsync(
        string participant, TransferRecord transfer, Func<Uri, HttpRequestMessage> ask, CancellationToken cancel)
    {
        using var request = ask(Check.NotNull(transfer.Endpoint));
        var token = box.OpenText(Check.NotNull(transfer.SealedToken), participant, TransferSteps.TokenPurpose);
        request.Headers.Authorization = new("Bearer", token);
        return await peers.OpenAsync(request, cancel);
    }

    /// <summary>
    /// Writes the body on. Before its first byte it is written down that it comes: no use without evidence.
    /// </summary>
    /// <returns>Whether it came whole, and was wanted to its end.</returns>
    private async Task<bool> ReceiveAsync(
        string participant, TransferRecord transfer, HttpResponseMessage answer, PipeWriter target, long bytesMax,
        CancellationToken cancel)
    {
        var announced = Announcement.Of(answer);
        var begun = await database.WriteAsync(
            u => receptions.BeginAsync(u, participant, transfer, announced, cancel), cancel);
        var received = 0L;
        var complete = false;
        try
        {
            await using var stream = await answer.Content.ReadAsStreamAsync(cancel);
            var isGone = false;
            while (!isGone && received <= bytesMax &&
                await stream.ReadAsync(target.GetMemory(ChunkBytes), cancel) is > 0 and var read)
            {
                received += read;
                target.Advance(read);
                isGone = (await target.FlushAsync(cancel)).IsCompleted; // A write to who has left would not fail.
            }
            // Who closes as soon as the last byte is there has left, and has it all.
            complete = received <= bytesMax && (!isGone || received == answer.Content.Headers.ContentLength);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            // Cut; what came until then is written down.
        }
        finally
        {
            await database.WriteAsync(
                u => receptions.EndAsync(
                    u, participant, transfer, announced, begun, received, complete, CancellationToken.None),
                CancellationToken.None);
        }
        return complete;
    }

    private static void Describe(HttpResponse response, HttpResponseMessage answer)
    {
        response.StatusCode = (int)answer.StatusCode;
        foreach (var name in PassedBack)
        {
            if (answer.Headers.TryGetValues(name, out var values) ||
                answer.Content.Headers.TryGetValues(name, out values))
            {
                response.Headers[name] = values.ToArray();
            }
        }
    }

    private async Task<Refusal> RefusalAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        var body = await GuardedHttp.ReadBoundedAsync(answer, clock.Limits.MessageBytesMax, cancel);
        try
        {
            if (JsonSerializer.Deserialize(body.Span, ApiJson.Wire.Problem) is { Code: { } code } problem)
                return new Refusal(code, problem.Detail ?? problem.Reason ?? problem.Title ?? code, problem.Rule);
        }
        catch (JsonException)
        {
            // Another connector's form: its status has to do.
        }
        return new Refusal("peer-refused", $"The provider refused with status {(int)answer.StatusCode}.");
    }
}
