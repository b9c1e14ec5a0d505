using System.Collections.Frozen;
using System.Globalization;

namespace Millrace.Engine.Queries;

/// <summary>
/// Sees to it that each row of an answer rests on so many rows of the view at least: groups with fewer are left out,
/// and a query of which this cannot be said from its shape is refused.
/// </summary>
internal static class SmallestGroup
{
    // What weighs all rows of a group. A smallest, middle or first value is that of one row.
    private static readonly FrozenSet<string> _figures = ["count", "count_star", "sum", "avg", "mean"];
    private static readonly FrozenSet<string> _arithmetic = ["+", "-", "*", "/"];

    /// <exception cref="QueryException"><c>query-refused</c>: it has another shape.</exception>
    public static Query Keep(Query query, int rows)
    {
        if (query is not Selection { With: [], Qualify: null, Ending.DistinctOn: null, From: Table view } selection)
            throw Refused("is one SELECT over data alone, without WITH, joins, set operations, QUALIFY and DISTINCT");
        if (selection.Groups.Sets.Count > 1)
            throw Refused("has one GROUP BY: from the sums of several, groups that are left out could be computed");
        var all = QueryWalk.All(query).ToList();
        if (all.Any(e => e is Subquery or Window))
            throw Refused("has no subqueries and no windows");
        var figures = all.OfType<Call>().Where(c => QueryFunctions.Aggregates.Contains(c.Function)).ToList();
        if (figures.Count == 0 && selection.Groups is { By: [], All: false })
            throw Refused("aggregates: with GROUP BY, or with count, sum or avg");
        var enough = new List<Expression> { AtLeast(new Call("count_star", [], false, [], null), rows) };
        foreach (var figure in figures)
            enough.AddRange(Counted(figure, view).Select(count => AtLeast(count, rows)));
        IReadOnlyList<Expression> conditions = selection.Having is { } having ? [having, .. enough] : enough;
        return selection with { Having = conditions is [var only] ? only : new Operation("AND", conditions) };
    }

    /// <summary>How many rows of a group have what a figure is made of.</summary>
    private static IEnumerable<Call> Counted(Call figure, Table view)
    {
        if (!_figures.Contains(figure.Function))
            throw Refused($"aggregates with count, sum and avg; {figure.Function} can show what one row holds");
        if (figure is not { Filter: null, Orders: [] } || (figure.Distinct && figure.Function != "count"))
            throw Refused("aggregates all rows of a group: without FILTER, ORDER BY and DISTINCT but in count");
        return figure.Arguments.Select(a => new Call("count", [Named(a, view)], false, [], null));
    }

    /// <summary>
    /// What may be aggregated, with the view's name before each column, so that no alias is meant. With conditions or
    /// parameters in it a sum over many rows could single out one.
    /// </summary>
    private static Expression Named(Expression expression, Table view) => expression switch
    {
        Literal => expression,
        ColumnName { Path: [var name] } => new ColumnName([view.Alias ?? view.Name, name]),
        ColumnName => expression,
        Operation o when _arithmetic.Contains(o.Operator) =>
            new Operation(o.Operator, [.. o.Operands.Select(p => Named(p, view))]),
        Cast c => c with { Operand = Named(c.Operand, view) },
        _ => throw Refused("aggregates columns, numbers and + - * / of them, without conditions and parameters"),
    };

    private static Operation AtLeast(Expression count, int rows) =>
        new(">=", [count, new Literal(rows.ToString(CultureInfo.InvariantCulture))]);

    private static QueryException Refused(string what) =>
        new("query-refused", $"A query with a smallest group {what}.");
}
