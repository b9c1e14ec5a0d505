using DuckDB.NET.Data;
using Millrace.Engine.Duck;

namespace Millrace.Engine.Supply;

/// <summary>
/// Rows that come one after the other: they gather in a table of the engine, and leave its memory for Parquet files in
/// the job's folder. (A table in memory could spill by itself, but outgrows the budget while it is read.)
/// </summary>
/// <param name="name">Of the table and its files.</param>
/// <param name="types">The engine's types of the columns <c>c0, c1, …</c>.</param>
internal sealed class StagedRows(DuckSession session, string name, IEnumerable<string> types)
{
    /// <summary>The engine keeps what is being appended in memory, beside the table.</summary>
    public const int AppendedBytes = 4 << 20;

    private const int TableBytes = 16 << 20;

    private readonly string _create =
        $"CREATE TABLE {name} ({string.Join(", ", types.Select((t, i) => $"c{i} {t}"))})";

    private readonly List<string> _files = [];
    private long _held;

    /// <summary>Puts rows behind those that are there.</summary>
    /// <param name="rows">Appends some, about <see cref="AppendedBytes"/>, and answers the bytes: more than 0.</param>
    public void Append(Func<DuckDBAppender, long> rows)
    {
        if (_held == 0) session.Execute(_create);
        session.Append(name, appender => _held += rows(appender));
        if (_held >= TableBytes) Leave();
    }

    /// <summary>All rows, in their order.</summary>
    public string Relation()
    {
        if (_held == 0 && _files.Count == 0) session.Execute(_create);
        if (_held > 0 || _files.Count == 0) Leave();
        return ParquetFiles.Table(_files);
    }

    private void Leave()
    {
        var file = Path.Combine(session.Folder, $"{name}-{_files.Count}.parquet");
        session.Execute($"COPY {name} TO {Sql.Text(file)} (FORMAT parquet, COMPRESSION snappy)");
        session.Execute($"DROP TABLE {name}");
        _files.Add(file);
        _held = 0;
    }
}
