using System.Text.Json.Nodes;
using Millrace.Node.Evidence;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;

namespace Millrace.Node.Transfers;

/// <summary>
/// What a consumer gets of its reads, in its own books: each party can compare the other's bill. A read is counted, and
/// its entry written, before the first byte is passed on; a second entry says what came. Where that one is missing the
/// node died in between, and more than was announced cannot have come.
/// </summary>
public sealed class Receptions(EvidenceLog evidence)
{
    /// <summary>Logs what the provider announces, and counts the read and its rows.</summary>
    /// <returns>The id of the entry.</returns>
    public async Task<string> BeginAsync(
        Unit unit, string participant, TransferRecord transfer, Announcement announced, CancellationToken cancel)
    {
        var agreement = transfer.Process.AgreementId;
        var usage = await UsageAsync(unit, participant, agreement, cancel);
        if (await IsFirstAsync(unit, participant, announced, cancel))
        {
            if (announced.Read is { } read)
                await Tables.Reads.SaveAsync(
                    unit, new(participant, read, 0, Record(transfer, announced, read)), cancel);
            var (reads, rows) = (usage.Value.Reads + 1, usage.Value.Rows + announced.Rows);
            usage = usage.With(usage.Value with { Reads = reads, Rows = rows });
        }
        await Tables.Usage.SaveAsync(unit, usage, cancel);
        return await evidence.AddAsync(
            unit, participant, EntryType.ReadBegun,
            new JsonObject
            {
                ["agreement"] = agreement,
                ["transfer"] = transfer.Process.OwnPid,
                ["peer"] = transfer.Process.Peer,
                ["read"] = announced.Read,
                ["version"] = announced.Version,
                ["rows"] = announced.Rows,
                ["bytes"] = announced.Bytes,
                ["digest"] = announced.Digest,
                ["etag"] = announced.Tag,
            },
            cancel);
    }

    /// <summary>Logs and counts what came.</summary>
    /// <param name="begun">The entry that <see cref="BeginAsync"/> wrote.</param>
    /// <param name="complete">All that the provider sent was passed on.</param>
    public async Task EndAsync(
        Unit unit, string participant, TransferRecord transfer, Announcement announced, string begun, long received,
        bool complete, CancellationToken cancel)
    {
        var agreement = transfer.Process.AgreementId;
        var usage = await UsageAsync(unit, participant, agreement, cancel);
        await Tables.Usage.SaveAsync(
            unit, usage.With(usage.Value with { Bytes = usage.Value.Bytes + received }), cancel);
        await evidence.AddAsync(
            unit, participant, EntryType.ReadReceived,
            new JsonObject
            {
                ["begun"] = begun,
                ["agreement"] = agreement,
                ["transfer"] = transfer.Process.OwnPid,
                ["peer"] = transfer.Process.Peer,
                ["read"] = announced.Read,
                ["rows"] = announced.Rows,
                ["bytes"] = received,
                ["complete"] = complete,
                ["etag"] = announced.Tag,
            },
            cancel);
    }

    /// <summary>A part belongs to a read that was counted; a read that the provider names is counted once.</summary>
    private static async Task<bool> IsFirstAsync(
        Unit unit, string participant, Announcement announced, CancellationToken cancel) =>
        announced.Read is { } read
            ? await Tables.Reads.FindAsync(unit, participant, read, cancel) is null
            : !announced.IsPart;

    private static async Task<Stored<UsageRecord>> UsageAsync(
        Unit unit, string participant, string agreement, CancellationToken cancel) =>
        await Tables.Usage.FindAsync(unit, participant, agreement, cancel)
        ?? new(participant, agreement, 0, UsageRecord.None);

    /// <summary>Our note of a read of the provider's: nothing more is to be settled about it here.</summary>
    private static ReadRecord Record(TransferRecord transfer, Announcement announced, string read) => new(
        read, transfer.Process.AgreementId, transfer.Process.OwnPid, "", announced.MediaType ?? "",
        announced.Tag ?? "", announced.Rows, 0, 0, transfer.UpdatedAt, transfer.UpdatedAt, true);
}
