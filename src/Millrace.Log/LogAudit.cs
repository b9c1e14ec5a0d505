namespace Millrace.Log;

/// <summary>One question of an audit and its answer.</summary>
/// <param name="Name">
/// <c>signature</c>, <c>size</c>, <c>root</c>; for an earlier checkpoint <c>earlier-signature</c>, <c>growth</c> and
/// <c>history</c>.
/// </param>
/// <param name="Detail">A sentence: what was found.</param>
public sealed record AuditCheck(string Name, bool Valid, string Detail);

/// <summary>
/// Checks a log from its entries alone. The root is computed anew: what the log says of itself (tiles, proofs, places)
/// is not asked. An edited, removed, added or reordered entry changes a root; a log that was cut back or rewritten
/// disagrees with the checkpoints that others kept.
/// </summary>
public sealed class LogAudit
{
    private readonly NoteVerifier _log;
    private readonly List<AuditCheck> _checks = [];
    private readonly Dictionary<long, byte[]> _roots = [];

    private LogAudit(NoteVerifier log) => _log = log;

    /// <summary>Audits a log. Memory does not grow with the number of entries.</summary>
    /// <param name="entries">The entries in order, from the first. At most one beyond the checkpoint is read.</param>
    /// <param name="checkpoint">The newest signed checkpoint: a whole note.</param>
    /// <param name="log">The key of the log.</param>
    /// <param name="earlier">Checkpoints that were kept from before, in any order.</param>
    /// <returns>The checks, at least one. The log is sound where all are valid.</returns>
    public static async Task<IReadOnlyList<AuditCheck>> RunAsync(
        IAsyncEnumerable<ReadOnlyMemory<byte>> entries, string checkpoint, NoteVerifier log,
        IReadOnlyList<string> earlier, CancellationToken cancel)
    {
        var audit = new LogAudit(log);
        if (audit.Open("signature", checkpoint) is not { } signed)
            return audit._checks;
        var kept = earlier.Select(e => audit.Open("earlier-signature", e)).OfType<Checkpoint>().ToList();
        var found = await audit.ReadAsync(entries, signed.Size, [.. kept.Select(k => k.Size)], cancel);
        audit.CompareSize(signed.Size, found);
        audit.CompareRoot("root", signed, found);
        foreach (var before in kept)
        {
            audit.Add("growth", before.Size <= signed.Size,
                $"The log had {before.Size} entries before; the newest checkpoint has {signed.Size}.");
            audit.CompareRoot("history", before, found);
        }
        return audit._checks;
    }

    /// <summary>Reads the entries, and keeps the roots at the sizes that were signed.</summary>
    /// <returns>How many entries were found: at most one more than <paramref name="size"/>.</returns>
    private async Task<long> ReadAsync(
        IAsyncEnumerable<ReadOnlyMemory<byte>> entries, long size, HashSet<long> wanted, CancellationToken cancel)
    {
        wanted.Add(size);
        var edge = TreeEdge.Empty;
        var waiting = new List<byte[]>(MerkleTree.TileWidth);
        Integrate();
        await foreach (var entry in entries.WithCancellation(cancel))
        {
            if (edge.Size + waiting.Count == size)
                return size + 1;
            waiting.Add(MerkleTree.HashLeaf(entry.Span));
            if (waiting.Count == MerkleTree.TileWidth || wanted.Contains(edge.Size + waiting.Count))
                Integrate();
        }
        Integrate();
        return edge.Size;

        void Integrate()
        {
            edge = edge.Append(waiting).Next;
            waiting.Clear();
            if (wanted.Contains(edge.Size))
                _roots[edge.Size] = edge.Root();
        }
    }

    private Checkpoint? Open(string name, string note)
    {
        try
        {
            var checkpoint = Checkpoint.Open(note, _log);
            Add(name, true, $"{_log.Name} signed the checkpoint of {checkpoint.Size} entries.");
            return checkpoint;
        }
        catch (FormatException broken)
        {
            Add(name, false, broken.Message);
            return null;
        }
    }

    private void CompareSize(long signed, long found) => Add("size", found == signed, found > signed
        ? $"There are more entries than the {signed} that were signed."
        : $"There are {found} entries; {signed} were signed.");

    private void CompareRoot(string name, Checkpoint signed, long found)
    {
        if (!_roots.TryGetValue(signed.Size, out var root))
            Add(name, false, $"The root over {signed.Size} entries cannot be computed from {found}.");
        else if (!root.AsSpan().SequenceEqual(signed.Root))
            Add(name, false, $"The first {signed.Size} entries are not those that were signed.");
        else
            Add(name, true, $"The first {signed.Size} entries are those that were signed.");
    }

    private void Add(string name, bool valid, string detail) => _checks.Add(new(name, valid, detail));
}
