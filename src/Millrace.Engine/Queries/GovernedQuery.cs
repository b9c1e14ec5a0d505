using System.Globalization;
using Millrace.Engine.Delivery;
using Millrace.Engine.Duck;
using Millrace.Protocol.Queries;

namespace Millrace.Engine.Queries;

/// <summary>
/// Answers a SELECT over a governed view. The text is parsed, read into a tree of what is allowed, and written anew; it
/// is never run itself. The table it asks is the view as it left the masks: what the contract hides is not there.
/// </summary>
public sealed class GovernedQuery(DuckPool duck)
{
    /// <summary>What the view is called in a query.</summary>
    public const string Table = "data";

    /// <summary>In UTF-16 units.</summary>
    public const int TextLengthMax = 20_000;

    /// <summary>Runs a query and writes its answer.</summary>
    /// <param name="viewFile">The governed view, as Parquet.</param>
    /// <param name="begins">
    /// Is told when the query fits and now runs on the view: how it ends then depends on the values.
    /// </param>
    /// <exception cref="QueryException">It was not run, or not to its end, and why.</exception>
    /// <exception cref="ViewException">The files could not be read or written.</exception>
    public async Task<BuiltView> RunAsync(
        string viewFile, Question question, ViewFormat format, QueryLimits limits, string outputPath,
        CancellationToken cancel, Action? begins = null)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(limits.Time);
        try
        {
            using var target = new PartialFile(outputPath);
            var rows = await duck.RunAsync(
                [viewFile, target.Path],
                session => Run(session, viewFile, question, format, limits, target.Path, begins), late.Token);
            var (bytes, sha256) = await target.KeepAsync(cancel);
            return new BuiltView(rows, bytes, sha256);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new QueryException(
                "query-too-slow", $"The query took longer than {limits.Time.TotalSeconds:0} seconds; ask for less.");
        }
        catch (Exception e) when (e is not QueryException && Failures.Explain(e) is { } explained)
        {
            throw new ViewException(explained.Code, explained.Message);
        }
    }

    /// <summary>Whether a query can be offered for a table: it is read, and fits the table's columns.</summary>
    /// <param name="tableFile">The table, as Parquet.</param>
    /// <exception cref="QueryException">It cannot, and why.</exception>
    public Task CheckAsync(string tableFile, QueryDefinition query, CancellationToken cancel) => duck.RunAsync(
        [tableFile],
        session =>
        {
            var parameters = query.Signature.Parameters;
            var any = new QueryCall([.. parameters.Select(p => new QueryArgument(p.Name, p.Type, null))]);
            var read = Read(session, Question.Of(query, any));
            var used = QueryWalk.All(read).OfType<Parameter>().Select(p => p.Name).ToHashSet();
            if (parameters.FirstOrDefault(p => !used.Contains(p.Name)) is { } idle)
                throw new QueryException("query-refused", $"The SELECT does not use its parameter ${idle.Name}.");
            Open(session, tableFile);
            return Fit(session, read);
        },
        cancel);

    private static bool IsUnfit(EngineException e) => e.Code is "engine-failed" or "unreadable-data";

    /// <returns>The file as the job sees it.</returns>
    private static string Open(DuckSession session, string file)
    {
        var link = session.Link(file, Path.Combine(session.Folder, "view.parquet"));
        session.Execute($"CREATE VIEW {Sql.Name(Table)} AS SELECT * FROM read_parquet({Sql.Text(link)})");
        return link;
    }

    /// <summary>Sees that a query fits the columns that there are. Nothing is computed: no value has a say.</summary>
    /// <returns>How many columns its answer has.</returns>
    private static int Fit(DuckSession session, Query query)
    {
        try
        {
            return session.Rows($"DESCRIBE SELECT * FROM ({QuerySql.Of(query)})").Count;
        }
        catch (EngineException e) when (IsUnfit(e))
        {
            throw new QueryException("query-failed", Misnamed(session, query) is { } name
                ? $"There is no column named {name} here: check its name."
                : "The SELECT does not fit the table: check its columns' names and types, and its functions.");
        }
    }

    /// <summary>The first column that neither the table has nor the query itself names; null: none.</summary>
    private static string? Misnamed(DuckSession session, Query query)
    {
        var known = session.Rows($"DESCRIBE {Sql.Name(Table)}").Select(row => (string)row[0]!)
            .Concat(QueryWalk.Names(query)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        // What looks like a call names a column that has no other name: "count(*)".
        return QueryWalk.All(query).OfType<ColumnName>().Select(c => c.Path[^1])
            .FirstOrDefault(name => !known.Contains(name) && !name.Contains('(', StringComparison.Ordinal));
    }

    private static long Run(
        DuckSession session, string viewFile, Question question, ViewFormat format, QueryLimits limits, string target,
        Action? begins)
    {
        var read = Read(session, question);
        var link = Open(session, viewFile);
        Fit(session, read);
        begins?.Invoke();
        var query = QuerySql.Of(read);
        long rows;
        try
        {
            var bounded = string.Create(
                CultureInfo.InvariantCulture, $"SELECT * FROM ({query}) LIMIT {limits.Rows + 1}");
            rows = ViewWriter.Write(session, bounded, format, target, link);
        }
        catch (EngineException e) when (IsUnfit(e))
        {
            throw new QueryException(
                "query-failed",
                "The query failed while it ran: a value does not fit a type or a function. TRY_CAST gives NULL there.");
        }
        return rows <= limits.Rows ? rows : throw new QueryException(
            "query-too-large", $"The answer has more than {limits.Rows} rows; ask for less, or read the whole view.");
    }

    /// <summary>What is asked, as a tree: its parameters bound, small groups left out.</summary>
    private static Query Read(DuckSession session, Question question)
    {
        var bound = question.Arguments.ToDictionary(a => a.Name, ParameterSql.Of);
        var query = QueryParser.Parse(session, question.Sql, new QueryReader([Table], bound));
        return question.MinGroup is { } rows ? SmallestGroup.Keep(query, rows) : query;
    }
}

/// <summary>What one query may take.</summary>
public sealed record QueryLimits(long Rows, TimeSpan Time);
