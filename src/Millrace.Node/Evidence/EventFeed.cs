using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Node.Hosting;
using Millrace.Node.Messaging;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;

namespace Millrace.Node.Evidence;

/// <summary>
/// What happens at a participant, as it happens: the entries of its log as CloudEvents 1.0 over server-sent events. The
/// event id is the entry's place in the log, so a reader that was away goes on where it stopped and misses nothing.
/// </summary>
public static class EventFeed
{
    private const int PageSize = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static void Map(IEndpointRouteBuilder participant) => participant.MapGet("/events", OpenAsync);

    /// <param name="from">The first place; null begins with what happens from now on.</param>
    public static async Task<IResult> OpenAsync(
        string participant, long? from, HttpRequest request, Database database, Signal signal,
        Identity.LocalParticipants locals, CancellationToken cancel)
    {
        if (from < 0)
            return Problems.Result(
                StatusCodes.Status400BadRequest, "bad-request", "from must be a whole number, at least 0.");
        var source = Check.NotNull(await locals.FindAsync(participant, cancel));
        var next = long.TryParse(request.Headers["Last-Event-ID"], out var last) ? last + 1 : from;
        next ??= await database.ReadAsync(s => LogTable.SizeAsync(s, participant, cancel), cancel);
        return TypedResults.ServerSentEvents(EventsAsync(source, next.Value, database, signal, cancel));
    }

    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(
        ParticipantRecord source, long next, Database database, Signal signal,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            var from = next;
            var entries = await signal.WaitAsync(
                source.Id, Signal.Log,
                () => database.ReadAsync(s => LogTable.EntriesAsync(s, source.Id, from, PageSize, cancel), cancel),
                page => page.Count > 0, Patience, cancel);
            foreach (var entry in entries)
            {
                yield return new SseItem<string>(Event(source, entry), "message")
                {
                    EventId = entry.Index.ToString(System.Globalization.CultureInfo.InvariantCulture),
                };
                next = entry.Index + 1;
            }
        }
    }

    private static string Event(ParticipantRecord source, EntryRow entry)
    {
        var body = JsonNode.Parse(entry.Body)!;
        return new JsonObject
        {
            ["specversion"] = "1.0",
            ["id"] = entry.Id,
            ["source"] = source.Did,
            ["type"] = $"dev.millrace.{entry.Type}",
            ["time"] = entry.Time.UtcDateTime.ToString("O"),
            ["datacontenttype"] = "application/json",
            ["data"] = body["data"]?.DeepClone(),
        }.ToJsonString(Readable);
    }

    private static JsonSerializerOptions Readable { get; } = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
