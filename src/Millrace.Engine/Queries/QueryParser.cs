using System.Text.Json;
using Millrace.Engine.Duck;

namespace Millrace.Engine.Queries;

/// <summary>From text to our own tree, through DuckDB's parser.</summary>
internal static class QueryParser
{
    // Deeper nesting is a mistake or an attack; a person's query has some ten levels, and each is a few objects here.
    private const int DepthMax = 400;

    /// <exception cref="QueryException">It is no SELECT, or uses what is not allowed.</exception>
    public static Query Parse(DuckSession session, string text, QueryReader reader)
    {
        if (text.Length > GovernedQuery.TextLengthMax)
            throw new QueryException(
                "query-too-long", $"A query may have {GovernedQuery.TextLengthMax} characters at most.");
        if (!IsPlain(text))
            throw new QueryException("bad-query", "The query is empty, or holds characters that are none.");
        try
        {
            var answer = (string)session.Row($"SELECT json_serialize_sql({Sql.Text(text)})")[0]!;
            using var json = JsonDocument.Parse(answer, new JsonDocumentOptions { MaxDepth = DepthMax });
            return Statement(json.RootElement, reader);
        }
        catch (JsonException)
        {
            throw new QueryException("query-refused", "The query is nested too deeply.");
        }
    }

    private static Query Statement(JsonElement parsed, QueryReader reader)
    {
        if (parsed.GetProperty("error").GetBoolean())
        {
            var near = parsed.TryGetProperty("position", out var position) ? $" (at character {position})" : "";
            throw new QueryException("bad-query", $"This is no SELECT that can be read{near}.");
        }
        var statements = parsed.GetProperty("statements");
        return statements.GetArrayLength() == 1
            ? new ParsedNode(statements[0]).Whole(s =>
            {
                _ = s.Raw("named_param_map"); // Where each stands is in the tree; their numbers mean nothing to us.
                return s.Needed("node").Whole(reader.Read);
            })
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

