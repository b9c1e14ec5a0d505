using System.Runtime.CompilerServices;
using Apache.Arrow;
using Apache.Arrow.Ipc;

namespace Millrace.Engine.Delivery;

/// <summary>
/// A view in the Arrow IPC file format, read from the front: no more than one of its batches is in memory. Not
/// thread-safe.
/// </summary>
public sealed class ArrowView : IDisposable
{
    private readonly FileStream _file;
    private readonly ArrowFileReader _reader;

    private ArrowView(FileStream file) => (_file, _reader) = (file, new ArrowFileReader(file, leaveOpen: true));

    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    public static ArrowView Open(string path) =>
        new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, useAsync: true));

    public ValueTask<Schema> SchemaAsync(CancellationToken cancel) => _reader.GetSchema(cancel);

    /// <summary>All rows in their order, in pieces small enough for one message; once.</summary>
    /// <param name="bytesMax">
    /// About how many bytes of the file a piece may stand for; a row that is larger is a piece of its own.
    /// </param>
    public async IAsyncEnumerable<ArrowPiece> PiecesAsync(
        long bytesMax, [EnumeratorCancellation] CancellationToken cancel)
    {
        var from = 0L;
        while (await _reader.ReadNextRecordBatchAsync(cancel) is { } batch)
        {
            using (batch)
            {
                var bytes = _file.Position - from;
                var rowsMax = Math.Clamp(batch.Length * bytesMax / bytes, 1, batch.Length);
                for (var row = 0; row < batch.Length; row += (int)rowsMax)
                {
                    var end = Math.Min(row + (int)rowsMax, batch.Length);
                    // Not the mean of a row, but what is left and right of it: so that the pieces add up to the file.
                    var share = (bytes * end / batch.Length) - (bytes * row / batch.Length);
                    yield return new ArrowPiece(batch.Slice(row, end - row), share);
                }
            }
            from = _file.Position;
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _file.Dispose();
    }
}

/// <summary>Some rows of a view that follow one another.</summary>
/// <param name="Rows">Usable until the next piece is asked for.</param>
/// <param name="Bytes">
/// The bytes of the file that they stand for. Those of all pieces add up to its length, but for the footer.
/// </param>
public sealed record ArrowPiece(RecordBatch Rows, long Bytes);
