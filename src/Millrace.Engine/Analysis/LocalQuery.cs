using Millrace.Engine.Duck;

namespace Millrace.Engine.Analysis;

/// <summary>
/// A person's own SQL over files of their own: what an analyst does with views once they are read. It never runs on
/// behalf of somebody else.
/// </summary>
public sealed class LocalQuery(DuckPool duck)
{
    /// <summary>The names of a file's columns, in order.</summary>
    /// <exception cref="EngineException">It cannot be read.</exception>
    public Task<IReadOnlyList<string>> ColumnsAsync(string path, CancellationToken cancel) =>
        duck.RunAsync<IReadOnlyList<string>>(
            [path],
            session =>
            {
                Open(session, "t", path);
                return [.. session.Rows("DESCRIBE t").Select(row => (string)row[0]!)];
            },
            cancel);

    /// <summary>Runs the statements of a script in order.</summary>
    /// <param name="tables">Parquet or CSV files (by their ending), by the name that the script uses.</param>
    /// <returns>The first row of each SELECT, by column name; NULL is null.</returns>
    /// <exception cref="EngineException">A statement failed; its text and the data are not repeated.</exception>
    public Task<IReadOnlyList<IReadOnlyDictionary<string, object?>>> RunAsync(
        string script, IReadOnlyDictionary<string, string> tables, CancellationToken cancel) =>
        duck.RunAsync<IReadOnlyList<IReadOnlyDictionary<string, object?>>>(
            [.. tables.Values],
            session =>
            {
                foreach (var (name, path) in tables)
                    Open(session, name, path);
                return session.FirstRows(script);
            },
            cancel);

    private static void Open(DuckSession session, string name, string path)
    {
        var ending = Path.GetExtension(path);
        var link = session.Link(path, Path.Combine(session.Folder, $"{name}{ending}"));
        var read = ending == ".csv" ? "read_csv" : "read_parquet";
        session.Execute($"CREATE VIEW {Sql.Name(name)} AS SELECT * FROM {read}({Sql.Text(link)})");
    }
}
