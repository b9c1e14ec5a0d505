using System.Text.Json;
using Millrace.Log;
using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Node.Identity;
using Millrace.Node.Storage;

namespace Millrace.Node.Evidence;

/// <summary>A participant's log: its entries, its checkpoint, receipts, and an audit of the whole.</summary>
public static class EvidenceEndpoints
{
    public static void Map(IEndpointRouteBuilder participant)
    {
        participant.MapGet("/evidence", ListAsync);
        participant.MapGet("/evidence/checkpoint", CheckpointAsync);
        participant.MapGet("/evidence/key", KeyAsync);
        participant.MapGet("/evidence/{index:long}/entry", EntryAsync);
        participant.MapGet("/evidence/{index:long}/receipt", ReceiptAsync);
        participant.MapPost("/evidence/verify", VerifyAsync);
    }

    /// <summary>What anybody may read, without a token: with the key, whoever has a receipt can check it.</summary>
    public static void MapPublic(IEndpointRouteBuilder node) => node.MapGet("/{participant}/log/key", PublicKeyAsync);

    /// <param name="from">The first place; a negative one counts from the end.</param>
    public static async Task<IResult> ListAsync(
        string participant, long? from, int? limit, Database database, Clock clock, CancellationToken cancel) =>
        TypedResults.Json(
            await ReadAsync(participant, from, limit, database, clock, cancel), ApiJson.Wire.EvidencePage);

    /// <summary>Some entries in the order of the log, and the size of the whole.</summary>
    /// <inheritdoc cref="ListAsync"/>
    public static async Task<EvidencePage> ReadAsync(
        string participant, long? from, int? limit, Database database, Clock clock, CancellationToken cancel)
    {
        var most = Math.Clamp(limit ?? 100, 1, clock.Limits.PageMax);
        var (size, rows) = await database.ReadAsync(
            async session =>
            {
                var size = await LogTable.SizeAsync(session, participant, cancel);
                var first = from is < 0 ? Math.Max(0, size + from.Value) : from ?? 0;
                return (size, await LogTable.EntriesAsync(session, participant, first, most, cancel));
            },
            cancel);
        return new EvidencePage(size, [.. rows.Select(Shown)]);
    }

    public static async Task<IResult> CheckpointAsync(
        string participant, Database database, CancellationToken cancel) =>
        await ReadCheckpointAsync(participant, database, cancel) is { } note
            ? TypedResults.Text(note)
            : Problems.NotFound("checkpoint");

    /// <summary>The newest signed checkpoint, a whole note; null for a log without entries.</summary>
    public static Task<string?> ReadCheckpointAsync(
        string participant, Database database, CancellationToken cancel) =>
        database.ReadAsync(s => LogTable.CheckpointAsync(s, participant, cancel), cancel);

    /// <summary>The key that checks the log, and where others find it.</summary>
    public static async Task<IResult> KeyAsync(
        string participant, LogKeys keys, NodeAddress address, CancellationToken cancel) =>
        TypedResults.Json(await ReadKeyAsync(participant, keys, address, cancel), ApiJson.Wire.LogKey);

    /// <inheritdoc cref="KeyAsync"/>
    public static async Task<LogKey> ReadKeyAsync(
        string participant, LogKeys keys, NodeAddress address, CancellationToken cancel) =>
        new((await keys.SignerAsync(participant, cancel)).Verifier.Format(), address.LogKey(participant));

    /// <summary>The key as a line of text: a verifier key of C2SP signed-note.</summary>
    public static async Task<IResult> PublicKeyAsync(
        string participant, LocalParticipants locals, LogKeys keys, CancellationToken cancel) =>
        await locals.FindAsync(participant, cancel) is null
            ? TypedResults.NotFound()
            : TypedResults.Text((await keys.SignerAsync(participant, cancel)).Verifier.Format() + "\n");

    /// <summary>The bytes of an entry as they were logged: what its hash, and so its receipt, is of.</summary>
    public static async Task<IResult> EntryAsync(
        string participant, long index, Database database, CancellationToken cancel)
    {
        var found = await database.ReadAsync(s => LogTable.EntriesAsync(s, participant, index, 1, cancel), cancel);
        return found is [var entry] && entry.Index == index
            ? TypedResults.Bytes(entry.Body, "application/json")
            : Problems.NotFound("entry");
    }

    /// <summary>An entry's inclusion proof under the newest checkpoint, in the form of C2SP tlog-proof.</summary>
    public static Task<IResult> ReceiptAsync(
        string participant, long index, Database database, CancellationToken cancel) =>
        database.ReadAsync<IResult>(
            async session =>
            {
                var note = await LogTable.CheckpointAsync(session, participant, cancel);
                if (note is null || index < 0 || Checkpoint.Parse(SignedNote.Parse(note).Body) is not { } head ||
                    index >= head.Size)
                {
                    return Problems.NotFound("entry");
                }
                var proof = await InclusionProof.BuildAsync(
                    new StoredTiles(session, participant), index, head.Size, cancel);
                return TypedResults.Text(new Receipt(index, proof, note).Format());
            },
            cancel);

    /// <summary>Recomputes the tree from the entries, and compares it with what was signed.</summary>
    public static async Task<IResult> VerifyAsync(
        string participant, EvidenceAudit audit, CancellationToken cancel) =>
        TypedResults.Json(await audit.RunAsync(participant, cancel), ApiJson.Wire.EvidenceVerdict);

    private static EvidenceEntry Shown(EntryRow row) => new(
        row.Index, row.Id, row.Time, row.Type, JsonElement.Parse(row.Body),
        Convert.ToHexStringLower(MerkleTree.HashLeaf(row.Body)));
}
