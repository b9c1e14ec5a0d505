using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using DuckDB.NET.Data;
using Millrace.Engine.Duck;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply;

/// <summary>
/// An Arrow IPC file or stream, understood. Its batches go into a table of the engine one after the other, cell by cell
/// through checked memory: an offset that lies would lead the engine's own reader anywhere in the process.
/// </summary>
internal static class ArrowSource
{
    private const int CellBytes = 8;

    /// <param name="table">The name of the table that the rows go into.</param>
    /// <exception cref="SourceException">The file is damaged, or not a flat table.</exception>
    public static TypedSource Read(
        DuckSession session, OpenedFile opened, string table, EngineOptions options, CancellationToken cancel)
    {
        var name = opened.Name;
        try
        {
            using var file = File.OpenRead(opened.Path);
            // What is read and what is written are both counted: a text in a dictionary may stand in every row.
            var memory = new ArrowMemory(
                name, new UnpackingBound(name, file.Length, options.UnpackedBytesMax, cancel));
            var bound = new UnpackingBound(name, file.Length, options.UnpackedBytesMax, cancel);
            using var reader = Reader(file, name, memory);
            var columns = Columns(Next(memory, () => Read(reader.GetSchema(cancel))), name, options.ColumnsMax);
            var staged = new StagedRows(session, table, columns.Select(c => c.Stored));
            var rows = 0L;
            while (Next(memory, reader.ReadNextRecordBatch) is { } batch)
            {
                rows += batch.Length;
                for (var from = 0; from < batch.Length;)
                    staged.Append(appender => Append(batch, ref from, columns, appender, bound));
            }
            return new TypedSource(
                opened.HandedIn(), new TableSchema([.. columns.Select(c => c.Column)]),
                [.. columns.Select((c, i) => c.Expression($"c{i}"))], rows, staged.Relation());
        }
        catch (Exception e) when (
            e is not (SourceException or EngineException or OperationCanceledException or OutOfMemoryException) &&
            (e is not IOException || e is InvalidDataException or EndOfStreamException))
        {
            // Whatever the parser stumbles over: the file is not what it says.
            throw Bad(name);
        }
    }

    /// <summary>Both ends are checked, so that a file cut between two batches is told from a whole one.</summary>
    private static ArrowStreamReader Reader(FileStream file, string name, ArrowMemory memory)
    {
        var isFile = FileHead.Of(file.Name).IsArrowFile;
        ReadOnlySpan<byte> end = isFile ? "ARROW1"u8 : [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0];
        var tail = new byte[end.Length];
        file.Seek(-Math.Min(tail.Length, file.Length), SeekOrigin.End);
        file.ReadAtLeast(tail, tail.Length, throwOnEndOfStream: false);
        if (!end.SequenceEqual(tail))
            throw new SourceException(
                "bad-arrow", $"{name} is not a whole Arrow {(isFile ? "file" : "stream")}; copy or export it again.");
        file.Seek(0, SeekOrigin.Begin);
        var codecs = new CompressionCodecFactory();
        return isFile
            ? new ArrowFileReader(file, memory, codecs, leaveOpen: true)
            : new ArrowStreamReader(file, memory, codecs, leaveOpen: true);
    }

    private static List<ArrowColumn> Columns(Schema schema, string name, int columnsMax)
    {
        var fields = schema.FieldsList;
        if (fields.Count > columnsMax)
            throw new SourceException(
                "too-many-columns",
                $"{name} has {fields.Count} columns and at most {columnsMax} are taken; split the table.");
        if (fields.Count == 0) throw Bad(name);
        ColumnNames.Check([.. fields.Select(f => f.Name.Trim())], name);
        return [.. fields.Select(f => ArrowColumn.Of(f.Name.Trim(), f.DataType, name))];
    }

    /// <summary>Appends some rows.</summary>
    /// <param name="from">The first of them; afterwards the one after them.</param>
    /// <returns>About their bytes.</returns>
    private static long Append(
        RecordBatch batch, ref int from, List<ArrowColumn> columns, DuckDBAppender appender, UnpackingBound bound)
    {
        Check.That(batch.ColumnCount == columns.Count, "a batch has the columns of its schema");
        var cells = columns.Select((c, i) => c.Cells(batch.Column(i))).ToList();
        var bytes = 0L;
        for (; from < batch.Length && bytes < StagedRows.AppendedBytes; from++)
        {
            var row = appender.CreateRow();
            var before = bytes;
            foreach (var append in cells) bytes += CellBytes + append(row, from);
            row.EndRow();
            bound.Take(bytes - before);
        }
        return bytes;
    }

    /// <summary>What the file tells may be more than there can be.</summary>
    private static T Next<T>(ArrowMemory memory, Func<T> read)
    {
        memory.Renew();
        try
        {
            return read();
        }
        catch (OutOfMemoryException)
        {
            throw memory.TooLarge();
        }
    }

    private static T Read<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();

    private static SourceException Bad(string name) =>
        new("bad-arrow", $"{name} is a damaged Arrow file; copy or export it again.");
}
