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
    private static readonly string[] PassedBack =
    [
        "ETag", "Accept-Ranges", "Content-Range", "Content-Type", "Content-Length", Announcement.DigestHeader,
        Announcement.ReadHeader, Announcement.RowsHeader, Announcement.VersionHeader,
    ];

    /// <summary>Answers with the provider's answer; its refusal has its own status, code and rule.</summary>
    /// <param name="ask">Makes the request, from the endpoint that the provider gave.</param>
    public async Task<IResult> PassAsync(
        HttpContext http, string participant, string pid, Func<Uri, HttpRequestMessage> ask, CancellationToken cancel)
    {
        var found = await database.ReadAsync(s => Tables.Transfers.FindAsync(s, participant, pid, cancel), cancel);
        if (found?.Value is not { Process.Role: Role.Consumer } transfer)
            return Problems.NotFound("transfer");
        if (transfer is not { SealedToken: { } sealedToken, Endpoint: { } endpoint })
            return Problems.Result(409, "transfer-not-running", "The provider has not started this transfer.");

        using var request = ask(endpoint);
        var token = box.OpenText(sealedToken, participant, TransferSteps.TokenPurpose);
        request.Headers.Authorization = new("Bearer", token);
        using var answer = await peers.OpenAsync(request, cancel);
        if ((int)answer.StatusCode >= 400 && answer.StatusCode != HttpStatusCode.RequestedRangeNotSatisfiable)
            return await RefusedAsync(answer, cancel);

        if (answer.StatusCode is HttpStatusCode.NotModified or HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            Describe(http.Response, answer);
            http.Response.ContentLength = null; // Of what was not sent.
        }
        else
        {
            await PassOnAsync(http, participant, transfer, answer, cancel);
        }
        return TypedResults.Empty;
    }

    /// <summary>
    /// Passes the body on. Before its first byte it is written down that it comes: no use without evidence.
    /// </summary>
    private async Task PassOnAsync(
        HttpContext http, string participant, TransferRecord transfer, HttpResponseMessage answer,
        CancellationToken cancel)
    {
        var announced = Announcement.Of(answer);
        var begun = await database.WriteAsync(
            u => receptions.BeginAsync(u, participant, transfer, announced, cancel), cancel);
        var received = 0L;
        var complete = false;
        try
        {
            Describe(http.Response, answer);
            await using var stream = await answer.Content.ReadAsStreamAsync(cancel);
            var buffer = new byte[128 * 1024];
            while (await stream.ReadAsync(buffer, cancel) is > 0 and var read)
            {
                received += read;
                await http.Response.Body.WriteAsync(buffer.AsMemory(0, read), cancel);
            }
            complete = true;
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            http.Abort(); // The provider cut the stream: it must not look whole here either.
        }
        finally
        {
            await database.WriteAsync(
                u => receptions.EndAsync(
                    u, participant, transfer, announced, begun, received, complete, CancellationToken.None),
                CancellationToken.None);
        }
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

    private async Task<IResult> RefusedAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        var body = await GuardedHttp.ReadBoundedAsync(answer, clock.Limits.MessageBytesMax, cancel);
        try
        {
            if (JsonSerializer.Deserialize(body.Span, ApiJson.Wire.Problem) is { Code: { } code } problem)
            {
                var reason = problem.Detail ?? problem.Reason ?? problem.Title ?? code;
                return Problems.Result((int)answer.StatusCode, code, reason, problem.Rule);
            }
        }
        catch (JsonException)
        {
            // Another connector's form: its status has to do.
        }
        return Problems.Result(
            (int)answer.StatusCode, "peer-refused", $"The provider refused with status {(int)answer.StatusCode}.");
    }
}
