using System.Security.Cryptography;
using Millrace.Engine.Duck;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply;

/// <summary>
/// A JSON file as a table: an array of objects, or an object in each line. A member is a column; what is nested in one
/// stays JSON, as text.
/// </summary>
internal static class JsonSource
{
    /// <summary>Of one object: DuckDB's own bound. It keeps room for two of them in each thread.</summary>
    private const int ObjectBytesMax = 16 << 20;

    /// <exception cref="SourceException">The file is not a table.</exception>
    public static TypedSource Read(DuckSession session, OpenedFile file, string link, int columnsMax)
    {
        var relation = $"read_json({Sql.Text(link)}, sample_size = -1, maximum_object_size = {ObjectBytesMax}, "
            + "union_by_name = true, map_inference_threshold = -1)";
        List<object?[]> described;
        long rows;
        try
        {
            described = session.Rows($"DESCRIBE SELECT * FROM {relation}");
            rows = Profiler.Count(session.Row($"SELECT count(*) FROM {relation}")[0]);
        }
        catch (EngineException e) when (e.Code is "unreadable-data" or "engine-failed" or "io-failed")
        {
            throw new SourceException(
                "bad-json",
                $"{file.Name} is not JSON as a table has it: an array of objects, or one object in each line, each of "
                + $"{ObjectBytesMax >> 20} MiB at most.");
        }
        if (described.Count > columnsMax)
            throw new SourceException(
                "too-many-columns",
                $"{file.Name} has {described.Count} members and at most {columnsMax} are taken; split the table.");
        var names = described.Select(d => ((string)d[0]!).Trim()).ToList();
        ColumnNames.Check(names, file.Name);
        var columns = described.Select((d, i) => Typed(names[i], Sql.Name((string)d[0]!), (string)d[1]!)).ToList();
        return new TypedSource(
            file.Packed ?? Handed(file), new TableSchema([.. columns.Select(c => c.Column)]),
            [.. columns.Select(c => c.Expression)], rows, relation);
    }

    private static SourceFile Handed(OpenedFile opened)
    {
        using var file = File.OpenRead(opened.Path);
        return new SourceFile(opened.Name, file.Length, Convert.ToHexStringLower(SHA256.HashData(file)));
    }

    private static (Column Column, string Expression) Typed(string name, string read, string type) => type switch
    {
        "UBIGINT" => (new Column(name, ColumnType.Decimal), $"CAST({read} AS DECIMAL(20, 0))"),
        _ when DuckTypes.Of(type) is { } known => (new Column(name, known), read),
        "TIMESTAMP WITH TIME ZONE" => (new Column(name, ColumnType.Timestamp), $"make_timestamp(epoch_us({read}))"),
        "UUID" => (new Column(name, ColumnType.Text), $"CAST({read} AS VARCHAR)"),
        _ => (new Column(name, ColumnType.Text), $"CAST(to_json({read}) AS VARCHAR)"),
    };
}
