using System.Security.Cryptography;
using System.Text;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.States;

/// <summary>
/// What is known of a Parquet file, in whole numbers only: the same on each run, and merged with the states of other
/// files it is to the last bit the state of all their rows, one file behind the other.
/// </summary>
/// <remarks>Of repeated rows a list of hashes tells, which lies beside it.</remarks>
public sealed class TableState
{
    /// <summary>
    /// Changes with the form of a state, and with the hashes in it: XXH3, and of rows that of DuckDB 1.5.
    /// </summary>
    public const string Format = "millrace-state-5";

    private const int DigestBytes = 32;

    internal TableState(
        long rows, IReadOnlyList<ColumnState> columns, RowSample sample, RowSample keySample, ValueSample values) =>
        (Rows, Columns, Sample, KeySample, Values) = (rows, columns, sample, keySample, values);

    public long Rows { get; }

    internal IReadOnlyList<ColumnState> Columns { get; }

    /// <summary>Some rows, of the columns that have a place on a line.</summary>
    internal RowSample Sample { get; }

    /// <summary>Some rows, of the columns that may be part of a key of several.</summary>
    internal RowSample KeySample { get; }

    /// <summary>Some rows, of the columns that can have many different values.</summary>
    internal ValueSample Values { get; }

    public bool IsOf(TableSchema schema) => schema.Columns.SequenceEqual(Columns.Select(c => c.Column));

    /// <summary>The state of the rows of both, those of the other last; of tables with the same columns.</summary>
    public TableState Merge(TableState other) => new(
        Rows + other.Rows, [.. Columns.Zip(other.Columns, (a, b) => a.Merge(b, Rows))], Sample.Merge(other.Sample),
        KeySample.Merge(other.KeySample), Values.Merge(other.Values));

    /// <summary>The latest date or moment that is not after a given one; null without one.</summary>
    /// <param name="isKnown">False: only the rows themselves can tell.</param>
    public DateTimeOffset? LatestDate(DateTimeOffset notAfter, out bool isKnown)
    {
        DateTimeOffset? latest = null;
        isKnown = true;
        foreach (var column in Columns.Where(c => c.Column.Type is ColumnType.Date or ColumnType.Timestamp))
        {
            var unit = column.Column.Type == ColumnType.Date ? TimeSpan.TicksPerDay : TimeSpan.TicksPerMicrosecond;
            var limit = Order64.Of((long)Math.Floor((decimal)(notAfter - DateTimeOffset.UnixEpoch).Ticks / unit));
            var least = Order64.Of((DateTimeOffset.MinValue - DateTimeOffset.UnixEpoch).Ticks / unit);
            ulong? key = column.Greatest is null ? null
                : column.Greatest.Key <= limit ? column.Greatest.Key
                : column.Values64!.Hashes.Select(Order64.Unmix).Where(k => k <= limit)
                    .Select(k => (ulong?)k).Max();
            isKnown &= column.Greatest is null || column.Greatest.Key <= limit || column.Values64!.IsWhole;
            if (key is { } found && found >= least
                && DateTimeOffset.UnixEpoch.AddTicks(Order64.Integer(found) * unit) is var date && !(date < latest))
            {
                latest = date;
            }
        }
        return latest;
    }

    /// <summary>Writes the same bytes for the same rows, and a digest behind them.</summary>
    public void Write(Stream stream)
    {
        using var digest = SHA256.Create();
        // Not by way of bytes in memory: a state can have a hundred megabytes.
        using (var hashed = new CryptoStream(stream, digest, CryptoStreamMode.Write, leaveOpen: true))
        using (var writer = new BinaryWriter(hashed, Encoding.UTF8))
        {
            writer.Write(Format);
            writer.Write7BitEncodedInt64(Rows);
            writer.Write7BitEncodedInt(Columns.Count);
            foreach (var column in Columns)
                column.Write(writer);
            Sample.Write(writer);
            KeySample.Write(writer);
            Values.Write(writer);
        }
        stream.Write(digest.Hash);
    }

    /// <summary>What <see cref="Write"/> wrote; null where the bytes are damaged or of another format.</summary>
    public static TableState? FromBytes(byte[] bytes)
    {
        if (bytes.Length < DigestBytes
            || !SHA256.HashData(bytes.AsSpan(..^DigestBytes)).AsSpan().SequenceEqual(bytes.AsSpan(^DigestBytes..)))
        {
            return null;
        }
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        if (reader.ReadString() != Format)
            return null;
        var rows = reader.Read7BitEncodedInt64();
        var columns = new ColumnState[reader.Read7BitEncodedInt()];
        for (var i = 0; i < columns.Length; i++)
            columns[i] = ColumnState.Read(reader);
        return new TableState(
            rows, columns, RowSample.Read(reader), RowSample.Read(reader), ValueSample.Read(reader));
    }
}
