using System.Buffers.Binary;
using System.IO.Compression;
using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Millrace.Engine.Supply;
using Millrace.Protocol.Policies;
using Column = Millrace.Protocol.Policies.Column;

namespace Millrace.Tests.Supply;

/// <summary>Arrow files and streams as a source.</summary>
public sealed class ArrowSourceTests : IDisposable
{
    private static readonly DateTimeOffset _moment = new(2001, 1, 22, 8, 30, 0, 250, TimeSpan.FromHours(-6));

    private readonly Workshop _work = new();

    [Theory]
    [InlineData(true, null)]
    [InlineData(true, CompressionCodecType.Lz4Frame)]
    [InlineData(true, CompressionCodecType.Zstd)]
    [InlineData(false, null)]
    [InlineData(false, CompressionCodecType.Zstd)]
    public async Task Columns_keep_their_types_and_cells(bool isFile, CompressionCodecType? codec)
    {
        var table = await ImportAsync(Written(isFile, codec, Batch(1), Batch(2)));
        Assert.Equal((SourceFormat.Arrow, 4), (table.Source.Format, table.Rows));
        Assert.Equal(
            [
                new Column("id", ColumnType.Integer), new Column("big", ColumnType.Decimal),
                new Column("price", ColumnType.Decimal), new Column("x", ColumnType.Number),
                new Column("ok", ColumnType.Boolean), new Column("name", ColumnType.Text),
                new Column("line", ColumnType.Text), new Column("day", ColumnType.Date),
                new Column("at", ColumnType.Timestamp), new Column("time", ColumnType.Time),
                new Column("raw", ColumnType.Binary),
            ],
            table.Schema.Columns);
        var cells = _work.Cells();
        Assert.Equal(
            [
                "1", "18446744073709551615", "12345678901234567890123456789012.345678", "1.5", "true", "水 \"Ada\"",
                "red", "2001-01-22", "2001-01-22 14:30:00.25", "08:30:00.25", "\\x00\\xFF",
            ],
            cells[0]);
        Assert.Equal("1", cells[1][0]);
        Assert.All(cells[1][1..], Assert.Null);
        Assert.Equal("2", cells[2][0]);
    }

    [Fact]
    public async Task A_packed_arrow_file_is_read_too()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            gzip.Write(Written(isFile: true, null, Batch(1)));
        Assert.Equal(2, (await ImportAsync(packed.ToArray())).Rows);
    }

    [Fact]
    public async Task Several_files_are_one_table_in_the_order_given()
    {
        var (a, b) = (
            _work.File("a.arrow", Written(isFile: true, null, Batch(7))),
            _work.File("b.arrows", Written(isFile: false, CompressionCodecType.Zstd, Batch(3))));
        await _work.Import.ImportAsync([a, b], _work.At("out.parquet"), Workshop.Cancel);
        Assert.Equal(["7", "7", "3", "3"], _work.Cells().Select(r => r[0]));
    }

    [Fact]
    public async Task Moments_before_1970_and_of_nanoseconds_keep_their_microsecond()
    {
        var type = new TimestampType(TimeUnit.Nanosecond, "UTC");
        var buffer = new ArrowBuffer.Builder<long>().Append(-1).Append(1_999).Build();
        var array = new TimestampArray(type, buffer, ArrowBuffer.Empty, 2, 0, 0);
        await ImportAsync(Written(isFile: true, null, One("at", array)));
        Assert.Equal(["1969-12-31 23:59:59.999999", "1970-01-01 00:00:00.000001"], _work.Cells().Select(r => r[0]));
    }

    [Fact]
    public async Task A_large_file_stays_within_the_memory_of_its_job()
    {
        using var small = new Workshop();
        var text = new string('x', 1000);
        var path = small.At("large.arrow");
        using (var file = File.Create(path))
        {
            var batch = One("text", Built<StringArray.Builder, StringArray>(new(), b =>
            {
                for (var i = 0; i < 10_000; i++) b.Append(text + i);
            }));
            using var writer = new ArrowStreamWriter(file, batch.Schema);
            for (var i = 0; i < 60; i++) writer.WriteRecordBatch(batch);
            writer.WriteEnd();
        }
        var table = await small.Import.ImportAsync([path], small.At("out.parquet"), Workshop.Cancel);
        Assert.Equal(600_000, table.Rows);
    }

    public static TheoryData<string, byte[]> Bad => new()
    {
        { "bad-arrow", Written(isFile: true, null, Batch(1), Batch(2))[..^300] },
        { "bad-arrow", Written(isFile: false, null, Batch(1), Batch(2))[..^8] },
        { "bad-arrow", Written(isFile: false, null, Batch(1), Batch(2))[..^600] },
        { "bad-arrow", "ARROW1\0\0ARROW1"u8.ToArray() },
        { "bad-arrow", [.. Enumerable.Repeat((byte)0xFF, 40), 0, 0, 0, 0] },
        { "batch-too-large", [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0] },
        { "bad-arrow", Written(isFile: false, null, One("t", new StringArray(
            2, Ints(0, 3, 2_000_000), new ArrowBuffer("abc"u8.ToArray()), ArrowBuffer.Empty))) },
        { "bad-arrow", Written(isFile: false, null, One("t", new StringArray(
            2, Ints(0, -9, 3), new ArrowBuffer("abc"u8.ToArray()), ArrowBuffer.Empty))) },
        { "bad-arrow", Written(isFile: false, null, One("t", new StringArray(
            1, Ints(0, 2), new ArrowBuffer(new byte[] { 0xC3, 0x28 }), ArrowBuffer.Empty))) },
        { "bad-arrow", Written(isFile: false, null, One("t", Dictionary(Int32(0, 7), "red"))) },
        { "bad-arrow", Written(isFile: false, null, One("t", Dictionary(Int32(0, -1), "red"))) },
        { "bad-arrow", Written(isFile: true, null, One("t", new Time64Array(
            new Time64Type(TimeUnit.Microsecond), Longs(90_000_000_000), ArrowBuffer.Empty, 1, 0, 0))) },
        { "bad-arrow", Written(isFile: true, null, One("t", new Date64Array(
            Longs(long.MaxValue), ArrowBuffer.Empty, 1, 0, 0))) },
        { "bad-arrow", Written(isFile: true, null, One("t", new TimestampArray(
            new TimestampType(TimeUnit.Second, "UTC"), Longs(long.MaxValue / 2), ArrowBuffer.Empty, 1, 0, 0))) },
        { "header-only", Written(isFile: true, null, Batch(1).Slice(0, 0)) },
        { "unnamed-column", Written(isFile: true, null, One(" ", Int32(1))) },
        { "duplicate-column", Written(isFile: true, null, new RecordBatch(
            new Schema([new Field("a", Int32Type.Default, true), new Field("A", Int32Type.Default, true)], null),
            [Int32(1), Int32(2)], 1)) },
        { "unsupported-type", Written(isFile: true, null, One("list", List())) },
        { "unsupported-type", Written(isFile: true, null, One("d", new DurationArray(
            DurationType.Second, Longs(1), ArrowBuffer.Empty, 1, 0, 0))) },
        { "unpacks-too-far", Written(isFile: false, CompressionCodecType.Zstd, One(
            "t", Dictionary(Int32(new int[200_000]), new string('x', 1000)))) },
    };

    [Theory, MemberData(nameof(Bad))]
    public async Task What_is_no_table_ends_in_one_sentence_and_leaves_nothing(string code, byte[] bytes)
    {
        var refusal = await Assert.ThrowsAsync<SourceException>(() => ImportAsync(bytes));
        Assert.Equal(code, refusal.Code);
        Assert.False(File.Exists(_work.At("out.parquet")));
    }

    [Fact]
    public async Task A_file_that_is_broken_anywhere_is_a_table_or_is_refused_but_never_an_accident()
    {
        var whole = Written(isFile: false, CompressionCodecType.Zstd, Batch(1), Batch(2));
        var random = new Random(7);
        for (var round = 0; round < 60; round++)
        {
            var broken = whole.ToArray();
            for (var i = 0; i < 4; i++) broken[random.Next(8, broken.Length - 8)] = (byte)random.Next(256);
            try
            {
                Assert.InRange((await ImportAsync(broken)).Rows, 1, 4);
            }
            catch (SourceException refusal)
            {
                Assert.DoesNotContain(
                    refusal.Code, (string[])["disk-full", "io-failed", "out-of-memory", "engine-failed"]);
            }
        }
    }

    [Fact]
    public async Task A_batch_that_no_memory_holds_is_refused_before_it_is_read()
    {
        const long Mark = 0x0123456789ABCDEF;
        var file = Written(isFile: false, null, One("n", new Int64Array(Longs(Mark), ArrowBuffer.Empty, 1, 0, 0)));
        // Before the body stands, in the message's metadata, the length of its buffer, and before that its own.
        var buffer = file.AsSpan(0, IndexOf(file, Mark)).LastIndexOf(BitConverter.GetBytes(64L));
        var at = file.AsSpan(0, buffer).LastIndexOf(BitConverter.GetBytes(64L));
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(at), 600L << 20);
        var refusal = await Assert.ThrowsAsync<SourceException>(() => ImportAsync(file));
        Assert.Equal("batch-too-large", refusal.Code);
    }

    public void Dispose() => _work.Dispose();

    private Task<ImportedTable> ImportAsync(byte[] bytes) => _work.Import.ImportAsync(
        [_work.File("table.arrow", bytes)], _work.At("out.parquet"), Workshop.Cancel);

    private static int IndexOf(byte[] file, long number) => file.AsSpan().IndexOf(BitConverter.GetBytes(number));

    private static byte[] Written(bool isFile, CompressionCodecType? codec, params RecordBatch[] batches)
    {
        using var bytes = new MemoryStream();
        var options = new IpcOptions
        {
            CompressionCodec = codec,
            CompressionCodecFactory = new CompressionCodecFactory(),
        };
        var schema = batches[0].Schema;
        using (var writer = isFile
            ? new ArrowFileWriter(bytes, schema, leaveOpen: true, options)
            : new ArrowStreamWriter(bytes, schema, leaveOpen: true, options))
        {
            writer.WriteStart();
            foreach (var batch in batches) writer.WriteRecordBatch(batch);
            writer.WriteEnd();
        }
        return bytes.ToArray();
    }

    /// <summary>A row of every type, and one of no values but its id.</summary>
    private static RecordBatch Batch(int id)
    {
        var price = new Decimal128Type(38, 6);
        (string Name, IArrowArray Array)[] columns =
        [
            ("id", Int32(id, id)),
            ("big", Built<UInt64Array.Builder, UInt64Array>(new(), b => b.Append(ulong.MaxValue).AppendNull())),
            ("price", Built<Decimal128Array.Builder, Decimal128Array>(
                new(price), b => b.Append("12345678901234567890123456789012.345678").AppendNull())),
            ("x", Built<DoubleArray.Builder, DoubleArray>(new(), b => b.Append(1.5).AppendNull())),
            ("ok", Built<BooleanArray.Builder, BooleanArray>(new(), b => b.Append(true).AppendNull())),
            ("name", Built<StringArray.Builder, StringArray>(new(), b => b.Append("水 \"Ada\"").AppendNull())),
            ("line", Dictionary(
                Built<Int32Array.Builder, Int32Array>(new(), b => b.Append(1).AppendNull()), "blue", "red")),
            ("day", Built<Date32Array.Builder, Date32Array>(
                new(), b => b.Append(_moment.UtcDateTime.Date).AppendNull())),
            ("at", Built<TimestampArray.Builder, TimestampArray>(
                new(new TimestampType(TimeUnit.Millisecond, "America/Chicago")),
                b => b.Append(_moment).AppendNull())),
            ("time", Built<Time64Array.Builder, Time64Array>(
                new(new Time64Type(TimeUnit.Nanosecond)), b => b.Append(30_600_250_000_000).AppendNull())),
            ("raw", Built<BinaryArray.Builder, BinaryArray>(
                new(), b => b.Append(new byte[] { 0, 0xFF }.AsSpan()).AppendNull())),
        ];
        return new RecordBatch(
            new Schema(columns.Select(c => new Field(c.Name, c.Array.Data.DataType, true)), null),
            columns.Select(c => c.Array), 2);
    }

    private static RecordBatch One(string name, IArrowArray array) => new(
        new Schema([new Field(name, array.Data.DataType, true)], null), [array], array.Length);

    private static DictionaryArray Dictionary(Int32Array indices, params string[] texts) => new(
        new DictionaryType(Int32Type.Default, StringType.Default, false), indices,
        Built<StringArray.Builder, StringArray>(new(), b => b.AppendRange(texts)));

    private static ListArray List()
    {
        var list = new ListArray.Builder(Int32Type.Default);
        list.Append();
        ((Int32Array.Builder)list.ValueBuilder).Append(1);
        return list.Build();
    }

    private static Int32Array Int32(params int[] values) =>
        Built<Int32Array.Builder, Int32Array>(new(), b => b.AppendRange(values));

    private static ArrowBuffer Ints(params int[] values) => new ArrowBuffer.Builder<int>().AppendRange(values).Build();

    private static ArrowBuffer Longs(params long[] values) =>
        new ArrowBuffer.Builder<long>().AppendRange(values).Build();

    private static TArray Built<TBuilder, TArray>(TBuilder builder, Action<TBuilder> fill)
        where TBuilder : IArrowArrayBuilder<TArray>
        where TArray : IArrowArray
    {
        fill(builder);
        return builder.Build(null);
    }
}
