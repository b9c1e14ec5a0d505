using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Node.Api;
using Millrace.Node.Evidence;
using Millrace.Node.Hosting;
using Millrace.Node.Identity;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;

namespace Millrace.Node.Transfers;

/// <summary>
/// The consumer's way to the data of a transfer: its node holds the token, fetches from the provider, passes the stream
/// on, and logs what it received.
/// </summary>
public static class TransferData
{
    private static readonly string[] PassedOn = ["Range", "If-Range", "If-None-Match", "Accept", "Millrace-Read"];

    private static readonly string[] PassedBack =
    [
        "ETag", "Accept-Ranges", "Content-Range", "Content-Type", "Content-Length", "Repr-Digest", "Millrace-Read",
        "Millrace-Rows",
    ];

    public static void Map(IEndpointRouteBuilder participant) =>
        participant.MapGet("/transfers/{pid}/data", FetchAsync);

    /// <summary>Streams the data; the provider's refusal comes back with its own status, code and rule.</summary>
    public static async Task<IResult> FetchAsync(
        string participant, string pid, string? format, HttpContext http, Database database, GuardedHttp peers,
        SecretBox box, EvidenceLog evidence, Clock clock, CancellationToken cancel)
    {
        var found = await database.ReadAsync(s => Tables.Transfers.FindAsync(s, participant, pid, cancel), cancel);
        if (found?.Value is not { Process.Role: Role.Consumer } transfer)
            return Problems.NotFound("transfer");
        if (transfer is not { SealedToken: { } sealedToken, Endpoint: { } endpoint })
            return Problems.Result(409, "transfer-not-running", "The provider has not started this transfer.");

        using var request = new HttpRequestMessage(HttpMethod.Get, WithFormat(endpoint, format));
        var token = box.OpenText(sealedToken, participant, TransferSteps.TokenPurpose);
        request.Headers.Authorization = new("Bearer", token);
        foreach (var name in PassedOn)
            request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)http.Request.Headers[name]);
        using var answer = await peers.OpenAsync(request, cancel);
        if ((int)answer.StatusCode >= 400 && (int)answer.StatusCode != StatusCodes.Status416RangeNotSatisfiable)
            return await RefusedAsync(answer, clock, cancel);

        http.Response.StatusCode = (int)answer.StatusCode;
        foreach (var name in PassedBack)
        {
            if (answer.Headers.TryGetValues(name, out var values) ||
                answer.Content.Headers.TryGetValues(name, out values))
            {
                http.Response.Headers[name] = values.ToArray();
            }
        }
        await PassOnAsync(http, participant, transfer, answer, database, evidence, cancel);
        return TypedResults.Empty;
    }

    private static async Task PassOnAsync(
        HttpContext http, string participant, TransferRecord transfer, HttpResponseMessage answer, Database database,
        EvidenceLog evidence, CancellationToken cancel)
    {
        var received = 0L;
        var complete = false;
        try
        {
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
            if (received > 0)
                await database.WriteAsync(
                    u => ReceivedAsync(u, participant, transfer, answer, received, complete, evidence),
                    CancellationToken.None);
        }
    }

    /// <summary>Logs what came, and counts it on our side too: each party can compare the other's bill.</summary>
    private static async Task ReceivedAsync(
        Unit unit, string participant, TransferRecord transfer, HttpResponseMessage answer, long received,
        bool complete, EvidenceLog evidence)
    {
        var cancel = CancellationToken.None;
        var read = First(answer, "Millrace-Read");
        var rows = long.TryParse(First(answer, "Millrace-Rows"), out var stated) ? stated : 0;
        var agreement = transfer.Process.AgreementId;
        var usage = await Tables.Usage.FindAsync(unit, participant, agreement, cancel)
            ?? new(participant, agreement, 0, UsageRecord.None);
        // A part belongs to a read that was counted; a read that the provider names is counted once.
        var first = read is null
            ? (int)answer.StatusCode == StatusCodes.Status200OK
            : await Tables.Reads.FindAsync(unit, participant, read, cancel) is null;
        if (first && read is not null)
            await Tables.Reads.SaveAsync(unit, new(participant, read, 0, Record(transfer, answer, read, rows)), cancel);
        await Tables.Usage.SaveAsync(
            unit,
            usage.With(new(
                usage.Value.Reads + (first ? 1 : 0),
                usage.Value.Rows + (first ? rows : 0),
                usage.Value.Bytes + received)),
            cancel);
        await evidence.AddAsync(
            unit, participant, EntryType.ReadReceived,
            new JsonObject
            {
                ["agreement"] = agreement,
                ["transfer"] = transfer.Process.OwnPid,
                ["peer"] = transfer.Process.Peer,
                ["read"] = read,
                ["rows"] = rows,
                ["bytes"] = received,
                ["complete"] = complete,
                ["etag"] = First(answer, "ETag"),
            },
            cancel);
    }

    /// <summary>Our note of a read of the provider's: nothing more is to be settled about it here.</summary>
    private static ReadRecord Record(TransferRecord transfer, HttpResponseMessage answer, string read, long rows) =>
        new(
            read, transfer.Process.AgreementId, transfer.Process.OwnPid, "", First(answer, "Content-Type") ?? "",
            First(answer, "ETag") ?? "", rows, 0, 0, transfer.UpdatedAt, transfer.UpdatedAt, true);

    private static async Task<IResult> RefusedAsync(HttpResponseMessage answer, Clock clock, CancellationToken cancel)
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

    private static Uri WithFormat(Uri endpoint, string? format) =>
        format is null
            ? endpoint
            : new Uri($"{endpoint}{(endpoint.Query.Length > 0 ? '&' : '?')}format={Uri.EscapeDataString(format)}");

    private static string? First(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? values.First() : null;
}
