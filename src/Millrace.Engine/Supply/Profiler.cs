using System.Globalization;
using Millrace.Engine.Duck;
using Millrace.Engine.Supply.States;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply;

/// <summary>Measures tables: a state of each file, and a profile of the states together.</summary>
public sealed class Profiler(DuckPool duck)
{
    /// <summary>Reads a Parquet file slice by slice of columns, in bounded memory.</summary>
    /// <param name="rowHashes">Where to write hashes of its rows, for the profile of several states.</param>
    /// <exception cref="EngineException">A file cannot be read, or the budget does not suffice.</exception>
    public Task<TableState> MeasureAsync(
        string parquetFile, TableSchema schema, string rowHashes, CancellationToken cancel) =>
        duck.ExplainedAsync(
            [parquetFile, rowHashes],
            session =>
            {
                var table = ParquetFiles.Table(ParquetFiles.Link(session, [parquetFile]));
                StateReader.WriteRowHashes(session, table, schema, rowHashes);
                return StateReader.Read(session, table, schema, rowHashes);
            },
            cancel);

    /// <summary>What a table holds, out of the states of its files: none of them is read.</summary>
    /// <param name="whole">Those of all files, merged.</param>
    /// <param name="rowHashes">A file of hashes for each.</param>
    /// <exception cref="EngineException">The budget does not suffice.</exception>
    public Task<TableProfile> ProfileAsync(
        TableState whole, IReadOnlyList<string> rowHashes, CancellationToken cancel) =>
        duck.ExplainedAsync(
            rowHashes,
            session =>
            {
                var hashes = ParquetFiles.Table(ParquetFiles.Link(session, rowHashes));
                var repeated = whole.Rows - DifferentHashes.Count(session, hashes, whole.Rows);
                var profile = new TableProfile(
                    whole.Rows, repeated,
                    [.. whole.Columns.Select(c => StateFigures.Of(session, whole, c, repeated))],
                    TableProfile.CurrentMethod, CorrelationFigures.Of(whole));
                return profile with { CompositeKeys = KeyFigures.Of(whole, profile) };
            },
            cancel);

    /// <summary>Which rows are behind the figures of a profile, out of the same states.</summary>
    /// <param name="rowHashes">A file of hashes for each.</param>
    /// <param name="repeated">The rows that repeat an earlier one, by the profile.</param>
    /// <exception cref="EngineException">The budget does not suffice.</exception>
    public async Task<TableEvidence> EvidenceAsync(
        TableState whole, IReadOnlyList<string> rowHashes, long repeated, CancellationToken cancel) => TableEvidence.Of(
        whole,
        repeated == 0
            ? null
            : new EvidenceRows(repeated, await RepeatedAsync(rowHashes, whole.Rows, cancel)));

    internal Task<IReadOnlyList<long>> RepeatedAsync(
        IReadOnlyList<string> rowHashes, long rows, CancellationToken cancel,
        int ofAShareMax = RepeatedRows.OfAShareMax) =>
        duck.ExplainedAsync(
            rowHashes,
            session => RepeatedRows.First(
                session, ParquetFiles.Table(ParquetFiles.Link(session, rowHashes)), rows, TableEvidence.RowsMax,
                ofAShareMax),
            cancel);

    /// <summary>Reads Parquet files and says what they hold; nothing of the states stays.</summary>
    /// <exception cref="EngineException">A file cannot be read, or the budget does not suffice.</exception>
    public async Task<TableProfile> ProfileAsync(
        IReadOnlyList<string> parquetFiles, TableSchema schema, CancellationToken cancel)
    {
        var folder = Directory.CreateDirectory(Path.Combine(duck.Options.TempDirectory, Path.GetRandomFileName()));
        try
        {
            TableState? whole = null;
            List<string> rowHashes = [.. parquetFiles.Select((_, i) => Path.Combine(folder.FullName, $"{i}.parquet"))];
            for (var i = 0; i < parquetFiles.Count; i++)
            {
                var state = await MeasureAsync(parquetFiles[i], schema, rowHashes[i], cancel);
                whole = whole?.Merge(state) ?? state;
            }
            return await ProfileAsync(Check.NotNull(whole), rowHashes, cancel);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>
    /// The latest date or moment in any column that is not after a given one; null without one. What is yet to come
    /// (a plan, or a slip of the pen) says nothing of the age of the data.
    /// </summary>
    /// <exception cref="EngineException">A file cannot be read, or the budget does not suffice.</exception>
    public async Task<DateTimeOffset?> LatestDateAsync(
        IReadOnlyList<string> parquetFiles, TableSchema schema, DateTimeOffset notAfter, CancellationToken cancel)
    {
        List<string> latest = [.. schema.Columns.Select(c => Latest(c, notAfter.UtcDateTime)).OfType<string>()];
        if (latest.Count == 0)
            return null;
        var texts = await duck.ExplainedAsync(
            parquetFiles,
            session => session.Row($"SELECT {string.Join(", ", latest)} FROM "
                + ParquetFiles.Table(ParquetFiles.Link(session, parquetFiles))),
            cancel);
        return texts.Select(t => Moment((string?)t)).Max();
    }

    private static string? Latest(Column column, DateTime notAfter)
    {
        var cell = ColumnFigures.Sound(column);
        return column.Type switch
        {
            // Not compared with a moment: the latest days that a date may be have none.
            ColumnType.Date => Max($"DATE '{notAfter.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}'"),
            ColumnType.Timestamp => Max(
                $"TIMESTAMP '{notAfter.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}'"),
            _ => null,
        };
        string Max(string limit) => $"CAST(max({cell}) FILTER (WHERE {cell} <= {limit}) AS VARCHAR)";
    }

    private static DateTimeOffset? Moment(string? text) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : null;

    internal static long Count(object? number) => Convert.ToInt64(number, CultureInfo.InvariantCulture);
}
