using System.Globalization;
using System.Text.Json;
using Millrace.Engine.Delivery;
using Millrace.Engine.Duck;

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

    // Deeper nesting is a mistake or an attack; a person's query has some ten levels, and each is a few objects here.
    private const int DepthMax = 400;

    /// <summary>Runs a query and writes its answer.</summary>
    /// <param name="viewFile">The governed view, as Parquet.</param>
    /// <param name="text">One SELECT over <see cref="Table"/>.</param>
    /// <exception cref="QueryException">It was not run, or not to its end, and why.</exception>
    /// <exception cref="ViewException">The files could not be read or written.</exception>
    public async Task<BuiltView> RunAsync(
        string viewFile, string text, ViewFormat format, QueryLimits limits, string outputPath,
        CancellationToken cancel)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(limits.Time);
        try
        {
            using var target = new PartialFile(outputPath);
            var rows = await duck.RunAsync(
                [viewFile, target.Path],
                session => Run(session, viewFile, text, format, limits, target.Path), late.Token);
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

    private static long Run(
        DuckSession session, string viewFile, string text, ViewFormat format, QueryLimits limits, string target)
    {
        var query = QuerySql.Of(Parse(session, text));
        var link = session.Link(viewFile, Path.Combine(session.Folder, "view.parquet"));
        session.Execute($"CREATE VIEW {Sql.Name(Table)} AS SELECT * FROM read_parquet({Sql.Text(link)})");
        long rows;
        try
        {
            var bounded = string.Create(
                CultureInfo.InvariantCulture, $"SELECT * FROM ({query}) LIMIT {limits.Rows + 1}");
            rows = ViewWriter.Write(session, bounded, format, target);
        }
        catch (EngineException e) when (e.Code is "engine-failed" or "unreadable-data")
        {
            throw new QueryException(
                "query-failed",
                "The query could not be run on this view: check its columns' names and types, and its functions.");
        }
        return rows <= limits.Rows ? rows : throw new QueryException(
            "query-too-large", $"The answer has more than {limits.Rows} rows; ask for less, or read the whole view.");
    }

    private static Query Parse(DuckSession session, string text)
    {
        if (text.Length > TextLengthMax)
            throw new QueryException("query-too-long", $"A query may have {TextLengthMax} characters at most.");
        if (!IsPlain(text))
            throw new QueryException("bad-query", "The query is empty, or holds characters that are none.");
        try
        {
            var answer = (string)session.Row($"SELECT json_serialize_sql({Sql.Text(text)})")[0]!;
            using var json = JsonDocument.Parse(answer, new JsonDocumentOptions { MaxDepth = DepthMax });
            return Statement(json.RootElement);
        }
        catch (JsonException)
        {
            throw new QueryException("query-refused", "The query is nested too deeply.");
        }
    }

    private static Query Statement(JsonElement parsed)
    {
        if (parsed.GetProperty("error").GetBoolean())
        {
            var near = parsed.TryGetProperty("position", out var position) ? $" (at character {position})" : "";
            throw new QueryException("bad-query", $"This is no SELECT that can be read{near}.");
        }
        var statements = parsed.GetProperty("statements");
        return statements.GetArrayLength() == 1
            ? new ParsedNode(statements[0]).Whole(s => s.Needed("node").Whole(new QueryReader([Table]).Read))
            : throw new QueryException("bad-query", "Ask one SELECT at a time.");
    }

    private static bool IsPlain(string text)
    {
        try
        {
            return text.Length > 0 && Sql.Text(text).Length > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}

/// <summary>What one query may take.</summary>
public sealed record QueryLimits(long Rows, TimeSpan Time);
