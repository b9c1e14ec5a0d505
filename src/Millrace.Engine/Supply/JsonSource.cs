using Millrace.Engine.Duck;

namespace Millrace.Engine.Supply;

/// <summary>
/// A JSON file as a table: an array of objects, or an object in each line. A member is a column of texts, which get
/// their types as those of CSV do; what is nested in one stays JSON.
/// </summary>
internal static class JsonSource
{
    /// <summary>Of one object: DuckDB's own bound. It keeps room for two of them in each thread.</summary>
    private const int ObjectBytesMax = 16 << 20;

    /// <summary>DuckDB's reader descends without a bound of its own, and would take the process with it.</summary>
    private const int DepthMax = 100;

    /// <param name="link">Where in the job's folder the file, or the lines made of it, are to be seen.</param>
    /// <returns>Without columns for an array of no objects.</returns>
    /// <exception cref="SourceException">The file is not a table.</exception>
    public static TextSource Read(
        DuckSession session, OpenedFile file, string link, int columnsMax, CancellationToken cancel)
    {
        var (isArray, keepsNumbers) = JsonLines.Of(file.Path, link, file.Name, DepthMax, cancel);
        if (isArray && new FileInfo(link).Length == 0)
            return new TextSource(file.HandedIn(), [], 0, "", null, null, null);
        if (FileHead.Of(file.Path).IsJsonOfValues)
            throw new SourceException(
                "bad-json",
                $"{file.Name} is an array of values, and a table is an array of objects: give each value the name of "
                + "its column, as in [{\"value\": 1}, {\"value\": 2}].");
        var path = isArray ? link : session.Link(file.Path, link);
        if (!keepsNumbers)
        {
            JsonNumbers.Quote(path, link + ".quoted", cancel);
            path = link + ".quoted";
        }
        // Of members that are the same but for letter case the engine names the later ones id_1, id_2, ….
        var relation = $"read_json({Sql.Text(path)}, maximum_depth = 1, sample_size = -1, records = 'true', "
            + $"format = '{(isArray ? "newline_delimited" : "auto")}', union_by_name = true, "
            + $"maximum_object_size = {ObjectBytesMax})";
        List<string> members;
        long rows;
        try
        {
            members = [.. session.Rows($"DESCRIBE SELECT * FROM {relation}").Select(r => (string)r[0]!)];
            rows = Profiler.Count(session.Row($"SELECT count(*) FROM {relation}")[0]);
        }
        catch (EngineException e) when (e.Code is "unreadable-data" or "engine-failed" or "io-failed")
        {
            throw new SourceException(
                "bad-json",
                $"{file.Name} is not JSON as a table has it: an array of objects, or one object in each line, each of "
                + $"{ObjectBytesMax >> 20} MiB at most.");
        }
        if (members.Count > columnsMax)
            throw new SourceException(
                "too-many-columns",
                $"{file.Name} has {members.Count} members and at most {columnsMax} are taken; split the table.");
        List<string> names = [.. members.Select(m => m.Trim())];
        ColumnNames.Check(names, file.Name);
        var cells = string.Join(", ", members.Select((m, i) => $"{Text(Sql.Name(m))} AS c{i}"));
        return new TextSource(
            file.HandedIn(), names, rows,
            $"(SELECT {cells} FROM {relation})", null, null, null, Renamed: Renamed(session, link, members));
    }

    private static List<RenamedColumn> Renamed(DuckSession session, string link, List<string> members)
    {
        var all = members.ToHashSet(StringComparer.OrdinalIgnoreCase);
        List<string> numbered = [.. members.Where(m => Unnumbered(m) is { } without && all.Contains(without))];
        if (numbered.Count == 0) return [];
        var written = session.Rows(
            $"SELECT DISTINCT unnest(json_keys(json)) FROM read_json_objects({Sql.Text(link)}, format = 'auto', "
            + $"maximum_object_size = {ObjectBytesMax})").Select(r => (string)r[0]!).ToHashSet();
        var renamed = new List<RenamedColumn>();
        foreach (var column in numbered.Where(c => !written.Contains(c)))
        {
            var member = Unnumbered(column);
            while (member is not null && (members.Contains(member) || !written.Contains(member)))
                member = Unnumbered(member);
            if (member is not null) renamed.Add(new RenamedColumn(column.Trim(), member));
        }
        return renamed;
    }

    /// <summary>What stands before _1; null: it has no such end.</summary>
    private static string? Unnumbered(string name) =>
        name.TrimEnd([.. "0123456789"]) is [.. { Length: > 0 } without, '_'] && without.Length < name.Length - 1
            ? without
            : null;

    private static string Text(string member) =>
        $"CASE json_type({member}) WHEN 'OBJECT' THEN CAST({member} AS VARCHAR) WHEN 'ARRAY' THEN "
        + $"CAST({member} AS VARCHAR) WHEN 'NULL' THEN NULL ELSE {member} ->> '$' END";
}
