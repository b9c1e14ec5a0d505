using DuckDB.NET.Data;
using Millrace.Engine.Duck;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Delivery;

/// <summary>Writes what an access plan shows of a table. All SQL is made here, from the typed plan.</summary>
public sealed class GovernedView(DuckPool duck)
{
    /// <summary>
    /// Reads the files in order, writes the view, and gives the file its name when it is whole. Same files, plan and
    /// keys: same bytes. Columns of the files that the plan's schema does not name never leave.
    /// </summary>
    /// <param name="keys">One for each of <see cref="AccessPlan.MaskKeyScopes"/>; others are not used.</param>
    /// <param name="progress">Is told now and then how far it is, from 0 to 1, on other threads.</param>
    /// <exception cref="ViewException">Nothing was released, and why.</exception>
    public async Task<BuiltView> BuildAsync(
        IReadOnlyList<string> parquetFiles, AccessPlan plan, IReadOnlyList<MaskKey> keys, ViewFormat format,
        string outputPath, CancellationToken cancel, IProgress<double>? progress = null)
    {
        if (parquetFiles.Count == 0) throw new ViewException("no-files", "The version has no files to read.");
        PlanCheck.Whole(plan, keys);
        try
        {
            using var target = new PartialFile(outputPath);
            var rows = await duck.RunAsync(
                [.. parquetFiles, target.Path],
                session =>
                {
                    var links = ParquetFiles.Link(session, parquetFiles);
                    using var watch = progress is null ? null : session.Watch(progress);
                    return ViewWriter.Write(session, Select(session, links, plan), format, target.Path, links);
                },
                cancel,
                connection => Register(connection, plan, keys),
                LargeFiles.Threads(parquetFiles));
            var (bytes, sha256) = await target.KeepAsync(cancel);
            return new BuiltView(rows, bytes, sha256);
        }
        catch (Exception e) when (e is not ViewException && Failures.Explain(e) is { } explained)
        {
            throw new ViewException(explained.Code, explained.Message);
        }
    }

    private static string Select(DuckSession session, IReadOnlyList<string> links, AccessPlan plan)
    {
        // Of files read side by side, as UNION ALL does, the later ones would wait in memory for the first.
        var alike = new List<(List<string> Links, Dictionary<string, string> Types)>();
        foreach (var link in links)
        {
            var types = Types(session, ParquetFiles.Table([link]), plan.Schema);
            if (alike is [.., var last] && plan.Schema.Columns.All(c => types[c.Name] == last.Types[c.Name]))
                last.Links.Add(link);
            else
                alike.Add(([link], types));
        }
        if (alike.Count > 1)
        {
            var agreed = Agreed(plan.Schema);
            var together = Types(
                session, $"({Joined(a => $"SELECT {agreed} FROM {ParquetFiles.Table(a.Links)}")})", plan.Schema);
            // Of decimals that take more digits together than there are the engine drops the last.
            var lost = plan.Schema.Columns.FirstOrDefault(
                c => alike.Exists(a => !DuckTypes.Holds(together[c.Name], a.Types[c.Name])));
            if (lost is not null)
                throw new ViewException(
                    "wrong-type", $"The decimals of {lost.Name} have so many digits in one file of the version, and so "
                        + "long fractions in another, that no type holds both; publish the table anew, as a whole.");
        }
        return Joined(a => Select(ParquetFiles.Table(a.Links), a.Types, plan));

        string Joined(Func<(List<string> Links, Dictionary<string, string> Types), string> select) =>
            string.Join(" UNION ALL ", alike.Select(select));
    }

    private static string Select(string table, Dictionary<string, string> types, AccessPlan plan)
    {
        var cells = plan.Columns.Select(
            c => $"{MaskSql.Of(c, types[c.Name], Function(plan, c.Mask))} AS {Sql.Name(c.Name)}");
        var rows = plan.Rows is { } rule ? $" WHERE {RowSql.Of(rule, plan.Schema)}" : "";
        // The inner SELECT names the agreed columns, so that an alias of a masked column cannot stand for the cell.
        return $"SELECT {string.Join(", ", cells)} FROM (SELECT {Agreed(plan.Schema)} FROM {table}{rows})";
    }

    private static string Agreed(TableSchema schema) =>
        string.Join(", ", schema.Columns.Select(c => Sql.Name(c.Name)));

    /// <summary>The types in a file of the columns agreed; refuses when one is not there as it was.</summary>
    private static Dictionary<string, string> Types(DuckSession session, string table, TableSchema schema)
    {
        var types = session.Rows($"DESCRIBE SELECT * FROM {table}")
            .ToDictionary(r => (string)r[0]!, r => (string)r[1]!);
        foreach (var column in schema.Columns)
        {
            if (!types.TryGetValue(column.Name, out var type))
                throw new ViewException(
                    "missing-column", $"The column {column.Name} of the agreed schema is missing in this version; "
                        + "publish a version that has it.");
            if (DuckTypes.Of(type) != column.Type)
                throw new ViewException(
                    "wrong-type", $"The column {column.Name} has another type than agreed; publish a version with "
                        + "the agreed type.");
        }
        return types;
    }

    private static void Register(DuckDBConnection connection, AccessPlan plan, IReadOnlyList<MaskKey> keys)
    {
        for (var i = 0; i < plan.MaskKeyScopes.Count; i++)
        {
            var key = keys.Single(k => k.Scope == plan.MaskKeyScopes[i]);
            connection.RegisterScalarFunction<string, string>($"pseudonym_{i}", (cells, answers, rows) =>
            {
                for (ulong row = 0; row < rows; row++)
                    if (cells[0].IsValid(row)) answers.WriteValue(key.Pseudonym(cells[0].GetValue<string>(row)), row);
                    else answers.WriteNull(row);
            });
        }
    }

    private static string? Function(AccessPlan plan, Mask? mask) =>
        mask?.KeyScope is { } scope ? $"pseudonym_{plan.MaskKeyScopes.ToList().IndexOf(scope)}" : null;
}
