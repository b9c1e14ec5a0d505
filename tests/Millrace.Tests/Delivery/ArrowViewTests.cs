using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Millrace.Engine.Delivery;
using Millrace.Tests.Supply;

namespace Millrace.Tests.Delivery;

/// <summary>Arrow files read in pieces.</summary>
public sealed class ArrowViewTests : IDisposable
{
    private const int BatchRows = 1_000, Batches = 3;

    private readonly Workshop _work = new();

    [Theory]
    [InlineData(1, BatchRows * Batches)]
    [InlineData(2_000, null)]
    [InlineData(long.MaxValue / BatchRows, Batches)]
    public async Task Pieces_hold_all_rows_in_order_and_add_up_to_the_file(long bytesMax, int? pieces)
    {
        var path = Write(Batches);
        using var view = ArrowView.Open(path);
        var (rows, bytes, count) = (new List<string?>(), 0L, 0);
        await foreach (var piece in view.PiecesAsync(bytesMax, Workshop.Cancel))
        {
            using var sent = await AsSentAsync(piece.Rows);
            rows.AddRange(((StringArray)sent.Column(1)).ToList<string?>());
            bytes += piece.Bytes;
            count++;
            Assert.True(piece.Rows.Length == 1 || piece.Bytes <= bytesMax + 1, $"{piece.Bytes} bytes.");
        }
        Assert.Equal(Enumerable.Range(0, BatchRows * Batches).Select(Text), rows);
        Assert.Equal(pieces ?? count, count);
        var length = new FileInfo(path).Length;
        Assert.InRange(bytes, length - 1_000, length); // The footer is the rest.
    }

    [Fact]
    public async Task A_file_without_rows_has_a_schema_and_no_pieces()
    {
        using var view = ArrowView.Open(Write(0));
        Assert.Equal(["id", "text"], (await view.SchemaAsync(Workshop.Cancel)).FieldsList.Select(f => f.Name));
        await foreach (var piece in view.PiecesAsync(1_000, Workshop.Cancel))
            Assert.Fail($"{piece.Rows.Length} rows.");
    }

    public void Dispose() => _work.Dispose();

    private static string? Text(int i) => i % 7 == 0 ? null : new string('x', i % 50) + i;

    private string Write(int batches)
    {
        var schema = new Schema(
            [new Field("id", Int64Type.Default, true), new Field("text", StringType.Default, true)], null);
        var path = _work.At("view.arrow");
        using var file = File.Create(path);
        using var writer = new ArrowFileWriter(file, schema);
        writer.WriteStart();
        foreach (var batch in Enumerable.Range(0, BatchRows * batches).Chunk(BatchRows))
        {
            var ids = new Int64Array.Builder().AppendRange(batch.Select(i => (long)i)).Build();
            var texts = new StringArray.Builder().AppendRange(batch.Select(Text)).Build();
            writer.WriteRecordBatch(new RecordBatch(schema, [ids, texts], batch.Length));
        }
        writer.WriteEnd();
        return path;
    }

    /// <summary>What a reader gets of a piece.</summary>
    private static async Task<RecordBatch> AsSentAsync(RecordBatch piece)
    {
        using var stream = new MemoryStream();
        using (var writer = new ArrowStreamWriter(stream, piece.Schema, leaveOpen: true))
            await writer.WriteRecordBatchAsync(piece, Workshop.Cancel);
        stream.Position = 0;
        using var reader = new ArrowStreamReader(stream, leaveOpen: true);
        return await reader.ReadNextRecordBatchAsync(Workshop.Cancel);
    }
}
