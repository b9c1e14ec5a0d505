using System.Runtime.CompilerServices;
using Millrace.Log;
using Millrace.Node.Api;
using Millrace.Node.Storage;

namespace Millrace.Node.Evidence;

/// <summary>
/// Audits a stored log: what its entries give against what was signed, and nothing left without a place.
/// </summary>
public sealed class EvidenceAudit(Database database, LogKeys keys, Sequencer sequencer, Clock clock)
{
    public async Task<EvidenceVerdict> RunAsync(string participant, CancellationToken cancel)
    {
        while (await sequencer.IntegrateAsync(participant, cancel) > 0)
        {
            // All that is committed gets its place first.
        }
        var signer = await keys.SignerAsync(participant, cancel);
        var note = await database.ReadAsync(s => LogTable.CheckpointAsync(s, participant, cancel), cancel);
        if (note is null)
            return new EvidenceVerdict(
                false, 0, "", signer.Name, [new("signature", false, "The log has no signed checkpoint.")]);
        var head = Checkpoint.Parse(SignedNote.Parse(note).Body);
        var checks = await LogAudit.RunAsync(
            EntriesAsync(participant, head.Size, cancel), note, signer.Verifier, [], cancel);
        return new EvidenceVerdict(
            checks.All(c => c.Valid), head.Size, Convert.ToHexStringLower(head.Root), head.Origin,
            [.. checks.Select(c => new EvidenceCheck(c.Name, c.Valid, c.Detail))]);
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> EntriesAsync(
        string participant, long size, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (var next = 0L; next < size;)
        {
            var page = await database.ReadAsync(
                s => LogTable.EntriesAsync(s, participant, next, clock.Limits.PageMax, cancel), cancel);
            foreach (var entry in page.Where(e => e.Index < size))
                yield return entry.Body;
            if (page.Count == 0)
                yield break; // Entries are missing: the audit finds the size wrong.
            next = page[^1].Index + 1;
        }
    }
}
