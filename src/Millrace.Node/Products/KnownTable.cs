using Millrace.Engine.Supply.Classification;
using Millrace.Engine.Supply.States;
using Millrace.Node.Storage.Objects;

namespace Millrace.Node.Products;

/// <summary>
/// What is known of a table, file by file: states are merged at once, for those of some hundred files do not fit into
/// memory.
/// </summary>
public sealed class KnownTable : IDisposable
{
    private readonly List<LocalFile> _rowHashes = [];

    /// <summary>Of at least one file.</summary>
    public TableState Whole { get; private set; } = null!;

    /// <summary>Of all files together.</summary>
    public KindCounts Kinds { get; private set; } = null!;

    /// <summary>A file of hashes for each.</summary>
    public IReadOnlyList<string> RowHashes => [.. _rowHashes.Select(f => f.Path)];

    /// <summary>Takes over what is known of a further file.</summary>
    public void Add(FileState file)
    {
        _rowHashes.Add(file.RowHashes);
        (Whole, Kinds) = _rowHashes.Count == 1
            ? (file.Table, file.Kinds)
            : (Whole.Merge(file.Table), Kinds.Merge(file.Kinds));
    }

    public void Dispose() => _rowHashes.ForEach(f => f.Dispose());
}
