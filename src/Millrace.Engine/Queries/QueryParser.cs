using System.Globalization;
using System.Text.Json;
using Millrace.Engine.Duck;

namespace Millrace.Engine.Queries;

/// <summary>From text to our own tree, through DuckDB's parser.</summary>
internal static class QueryParser
{
    // Deeper nesting is a mistake or an attack; a person's query has some ten levels, and each is a few objects here.
    private const int DepthMax = 400;

    /// <param name="before">So many characters at the beginning are not of the one who asks.</param>
    /// <exception cref="QueryException">It is no SELECT, or uses what is not allowed.</exception>
    public static Query Parse(DuckSession session, string text, QueryReader reader, int before = 0)
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
            return Statement(json.RootElement, reader, before);
        }
        catch (JsonException)
        {
            throw new QueryException("query-refused", "The query is nested too deeply.");
        }
    }

    private static Query Statement(JsonElement parsed, QueryReader reader, int before)
    {
        if (parsed.GetProperty("error").GetBoolean())
        {
            var near = Position(parsed) is { } position && position >= before
                ? $" (at character {position - before})" : "";
            var what = before > 0 ? "condition" : "SELECT";
            throw new QueryException("bad-query", $"This is no {what} that can be read{near}.");
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

    private static int? Position(JsonElement parsed) =>
        parsed.TryGetProperty("position", out var at)
            && int.TryParse(at.ToString(), CultureInfo.InvariantCulture, out var position) ? position : null;

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

