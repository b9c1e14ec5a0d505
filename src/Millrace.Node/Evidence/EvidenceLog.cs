using System.Globalization;
using System.Text.Json.Nodes;
using Millrace.Log;
using Millrace.Node.Storage;
using Millrace.Protocol;

namespace Millrace.Node.Evidence;

/// <summary>
/// A participant's append-only log. An entry is written in the unit of work whose fact it records: without the entry
/// the thing did not happen. The <see cref="Sequencer"/> gives it its place in the tree afterwards.
/// </summary>
public sealed class EvidenceLog(Sequencer sequencer, Ids ids, Clock clock)
{
    /// <summary>Adds an entry: canonical JSON with the members <c>v, id, time, type, data</c>.</summary>
    /// <param name="type">What happened, such as <c>agreement-finalized</c>: see <see cref="EntryType"/>.</param>
    /// <param name="data">The facts; never data of a product, never a secret.</param>
    /// <returns>The id of the entry.</returns>
    public async Task<string> AddAsync(
        Unit unit, string participant, string type, JsonObject data, CancellationToken cancel)
    {
        var id = ids.New();
        var now = clock.Now;
        var body = CanonicalJson.Serialize(new JsonObject
        {
            ["v"] = 1,
            ["id"] = id,
            ["time"] = now.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["type"] = type,
            ["data"] = data,
        });
        Check.That(body.Length <= clock.Limits.EntryBytesMax, "an entry fits into a bundle of the log");
        await unit.WriteAsync(
            """
            INSERT INTO entry (participant, id, position, time, type, body)
            VALUES (@participant, @id, NULL, @time, @type, @body)
            """,
            [
                ("participant", participant), ("id", id), ("time", now.ToUnixTimeMilliseconds()), ("type", type),
                ("body", body),
            ],
            null, cancel);
        unit.AfterCommit(() => sequencer.Wake(participant));
        return id;
    }
}
