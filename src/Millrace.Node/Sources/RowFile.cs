using System.Data.Common;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Millrace.Engine.Supply;

namespace Millrace.Node.Sources;

/// <summary>Writes a database's answer as an Arrow stream, a batch at a time.</summary>
internal static class RowFile
{
    private const long BatchBytes = 4 << 20;

    /// <param name="bytesMax">Of all cells together.</param>
    /// <param name="increment">Which rows are written; null: all.</param>
    /// <returns>How many rows were written.</returns>
    /// <exception cref="SourceException">It is larger than that, or a row cannot be placed.</exception>
    public static async Task<long> WriteAsync(
        DbDataReader reader, IReadOnlyList<RowColumn> columns, string path, Pace pace, long bytesMax,
        Increment? increment, CancellationToken cancel)
    {
        var written = 0L;
        var schema = new Schema(columns.Select(c => c.Field), null);
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 17);
        using var writer = new ArrowStreamWriter(file, schema, leaveOpen: true);
        await writer.WriteStartAsync(cancel);
        var (rows, bytes, total) = (0, 0L, 0L);
        async Task WriteBatchAsync()
        {
            using var batch = new RecordBatch(schema, columns.Select(c => c.Take()), rows);
            await writer.WriteRecordBatchAsync(batch, cancel);
            total += bytes;
            (rows, bytes) = (0, 0);
        }
        while (await reader.ReadAsync(cancel))
        {
            await pace.NextAsync(cancel);
            if (increment?.Takes(reader) == false)
                continue;
            written++;
            for (var i = 0; i < columns.Count; i++)
                bytes += columns[i].Append(reader, i);
            rows++;
            if (total + bytes > bytesMax)
                throw TooLarge(bytesMax);
            if (bytes >= BatchBytes)
                await WriteBatchAsync();
        }
        if (rows > 0)
            await WriteBatchAsync();
        await writer.WriteEndAsync(cancel);
        return written;
    }

    internal static SourceException TooLarge(long bytesMax) => new(
        "too-large",
        $"The source has more than {bytesMax} bytes, which is all that a product takes: select less of it.");
}
