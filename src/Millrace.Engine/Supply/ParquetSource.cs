using System.Buffers.Binary;
using System.Globalization;
using Millrace.Engine.Duck;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply;

/// <summary>A Parquet file, understood.</summary>
internal static class ParquetSource
{
    private const int TailBytes = 8;

    /// <param name="link">The file as the job sees it.</param>
    /// <exception cref="SourceException">The file is damaged, or not a flat table.</exception>
    public static TypedSource Read(DuckSession session, OpenedFile opened, string link, int columnsMax)
    {
        var name = opened.Name;
        RequireWhole(opened.Path, name);
        var relation = $"read_parquet({Sql.Text(link)}, hive_partitioning = false)";
        var described = session.Rows($"DESCRIBE SELECT * FROM {relation}");
        if (described.Count > columnsMax)
            throw new SourceException(
                "too-many-columns",
                $"{name} has {described.Count} columns and at most {columnsMax} are taken; split the table.");
        var names = TopLevelNames(session, link);
        ColumnNames.Check([.. names.Select(n => n.Trim())], name);
        Check.That(names.Count == described.Count, "DuckDB sees the columns that the file names");
        var columns = described.Select((d, i) => Typed(
            names[i].Trim(), Sql.Name((string)d[0]!), (string)d[1]!, name)).ToList();
        var rows = Convert.ToInt64(session.Row($"SELECT count(*) FROM {relation}")[0], CultureInfo.InvariantCulture);
        return new TypedSource(
            opened.HandedIn(), new TableSchema([.. columns.Select(c => c.Column)]),
            [.. columns.Select(c => c.Expression)], rows, relation, link);
    }

    /// <summary>Both ends of the file are checked, so that a broken download is told from other damage.</summary>
    private static void RequireWhole(string path, string name)
    {
        using var file = File.OpenRead(path);
        var tail = new byte[TailBytes];
        if (file.Length >= 12)
        {
            file.Seek(-TailBytes, SeekOrigin.End);
            file.ReadExactly(tail);
        }
        if (!tail.AsSpan(4).SequenceEqual("PAR1"u8) || BinaryPrimitives.ReadUInt32LittleEndian(tail) > file.Length - 12)
            throw new SourceException("bad-parquet", $"{name} is not a whole Parquet file; copy or export it again.");
    }

    private static List<string> TopLevelNames(DuckSession session, string link)
    {
        var nodes = session.Rows("SELECT name, coalesce(num_children, 0)::BIGINT FROM "
            + $"parquet_schema({Sql.Text(link)})");
        var names = new List<string>();
        for (var i = 1; i < nodes.Count; i = After(nodes, i)) names.Add((string)nodes[i][0]!);
        return names;
    }

    /// <summary>The node that follows a node and all that is inside it (the schema is a tree, written depth
    /// first).</summary>
    private static int After(List<object?[]> nodes, int node)
    {
        var open = 1L;
        for (; open > 0 && node < nodes.Count; node++) open += (long)nodes[node][1]! - 1;
        return node;
    }

    private static (Column Column, string Expression) Typed(string name, string read, string type, string file) =>
        type switch
        {
            _ when DuckTypes.Of(type) is { } known => (new Column(name, known), read),
            "UBIGINT" => (new Column(name, ColumnType.Decimal), $"CAST({read} AS DECIMAL(20, 0))"),
            "TIMESTAMP_S" or "TIMESTAMP_MS" or "TIMESTAMP_NS" =>
                (new Column(name, ColumnType.Timestamp), $"CAST({read} AS TIMESTAMP)"),
            "TIMESTAMP WITH TIME ZONE" => (new Column(name, ColumnType.Timestamp), $"make_timestamp(epoch_us({read}))"),
            "UUID" => (new Column(name, ColumnType.Text), $"CAST({read} AS VARCHAR)"),
            _ when type.StartsWith("ENUM", StringComparison.Ordinal) =>
                (new Column(name, ColumnType.Text), $"CAST({read} AS VARCHAR)"),
            _ => throw new SourceException(
                "unsupported-type",
                $"Column {name} of {file} holds lists, structures or another type that a table cannot have; flatten "
                    + "it."),
        };
}
