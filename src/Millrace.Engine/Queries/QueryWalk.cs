namespace Millrace.Engine.Queries;

/// <summary>All that stands in a query.</summary>
internal static class QueryWalk
{
    /// <summary>Every expression of a query: also those within others, and those of queries within it.</summary>
    public static IEnumerable<Expression> All(Query query) =>
        query.With.SelectMany(t => All(t.Query))
            .Concat(Own(query).SelectMany(All))
            .Concat(query switch
            {
                Selection { From: { } from } => All(from),
                Combination c => All(c.Left).Concat(All(c.Right)),
                _ => [],
            });

    /// <summary>The names that a query gives: to columns, and to tables.</summary>
    public static IEnumerable<string> Names(Query query)
    {
        var expressions = All(query).ToList();
        return expressions.Select(e => e.Alias).OfType<string>()
            .Concat(expressions.OfType<Subquery>().Select(s => s.Query).Prepend(query).SelectMany(TableNames));
    }

    /// <summary>The expression, and all within it.</summary>
    public static IEnumerable<Expression> All(Expression expression) =>
        Parts(expression).SelectMany(All)
            .Concat(expression is Subquery within ? All(within.Query) : [])
            .Prepend(expression);

    private static IEnumerable<Expression> All(Source source) => source switch
    {
        Table => [],
        Subselect s => All(s.Query),
        Join j => All(j.Left).Concat(All(j.Right)).Concat(Some(j.On).SelectMany(All)),
        _ => throw new InvalidOperationException("A source of no known kind."),
    };

    /// <summary>But for those in subqueries of expressions.</summary>
    private static IEnumerable<string> TableNames(Query query) =>
        query.With.SelectMany(t => (string[])[t.Name, .. t.Columns, .. TableNames(t.Query)])
            .Concat(query switch
            {
                Selection { From: { } from } => TableNames(from),
                Combination c => TableNames(c.Left).Concat(TableNames(c.Right)),
                _ => [],
            });

    private static IEnumerable<string> TableNames(Source source) => source switch
    {
        Table t => [t.Name, t.Alias ?? t.Name, .. t.Columns],
        Subselect s => [s.Alias ?? "", .. s.Columns, .. TableNames(s.Query)],
        Join j => TableNames(j.Left).Concat(TableNames(j.Right)),
        _ => throw new InvalidOperationException("A source of no known kind."),
    };

    private static IEnumerable<Expression> Own(Query query)
    {
        var ending = query.Ending;
        IEnumerable<Expression> ends =
        [
            .. ending.DistinctOn ?? [], .. ending.Orders.Select(o => o.By), .. Some(ending.Limit),
            .. Some(ending.Offset),
        ];
        return query is Selection s
            ? [.. s.Items, .. Some(s.Where), .. s.Groups.By, .. Some(s.Having), .. Some(s.Qualify), .. ends]
            : ends;
    }

    private static IEnumerable<Expression> Parts(Expression expression) => expression switch
    {
        Literal or Parameter or ColumnName or Star => [],
        Operation o => o.Operands,
        NullTest n => [n.Operand],
        Membership m => [m.Operand, .. m.Values],
        Between b => [b.Operand, b.Lower, b.Upper],
        Case c => [.. c.Branches.SelectMany(b => (Expression[])[b.When, b.Then]), c.Else],
        Cast c => [c.Operand],
        Call c => [.. c.Arguments, .. c.Orders.Select(o => o.By), .. Some(c.Filter)],
        Subquery s => Some(s.Operand),
        Window w =>
        [
            w.Call, .. w.Partitions, .. w.Orders.Select(o => o.By), .. Some(w.Frame?.Start.By),
            .. Some(w.Frame?.End.By),
        ],
        _ => throw new InvalidOperationException("An expression of no known kind."),
    };

    private static Expression[] Some(Expression? expression) => expression is null ? [] : [expression];
}
