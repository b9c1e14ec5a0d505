using Millrace.Engine.Duck;
using Millrace.Engine.Queries;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.Contracts;

/// <summary>Reads a condition into our own tree of expressions, and writes it anew: its text is never run.</summary>
internal static class ConditionReader
{
    // A text that closes the parenthesis and goes on gives another SELECT than this one, and is refused.
    private const string Before = "SELECT 1 FROM data WHERE (", After = "\n)";

    private static readonly IReadOnlyDictionary<string, Parameter> _none = new Dictionary<string, Parameter>();

    /// <returns>SQL over a row of the table.</returns>
    /// <exception cref="QueryException">It is no condition on a row, or uses what is not allowed.</exception>
    public static string Read(DuckSession session, string condition, TableSchema schema)
    {
        var reader = new QueryReader([GovernedQuery.Table], _none);
        var query = QueryParser.Parse(session, Before + condition + After, reader, Before.Length);
        var isPlain = query is Selection
        {
            With: [], Ending: { DistinctOn: null, Orders: [], Limit: null, Offset: null }, Items: [Literal],
            From: Table { Alias: null, Columns: [] }, Where: not null, Groups: { By: [], Sets: [], All: false },
            Having: null, Qualify: null,
        };
        if (!isPlain)
            throw ExpressionReader.NotAllowed("more than one condition on a row");
        var where = ((Selection)query).Where!;
        foreach (var part in QueryWalk.All(where))
        {
            if (part is Subquery or Window or Star)
                throw ExpressionReader.NotAllowed("anything but the row itself in a condition");
            if (part is Call { Function: var name } && QueryFunctions.Aggregates.Contains(name))
                throw ExpressionReader.NotAllowed($"{name} in a condition on a row");
            if (part is ColumnName { Path: [.., var column] } && !schema.Columns.Any(
                c => string.Equals(c.Name, column, StringComparison.OrdinalIgnoreCase)))
                throw new QueryException("bad-query", $"the table has no column {column}");
        }
        return QuerySql.Of(where);
    }
}
