using System.Text;
using Millrace.Engine.Duck;

namespace Millrace.Engine.Queries;

/// <summary>Writes a query anew. Every name is quoted, every expression stands in parentheses.</summary>
internal static class QuerySql
{
    public static string Of(Query query)
    {
        var sql = new StringBuilder();
        if (query.With.Count > 0)
            sql.Append("WITH ").AppendJoin(
                ", ", query.With.Select(t => $"{Sql.Name(t.Name)}{Columns(t.Columns)} AS ({Of(t.Query)})")).Append(' ');
        sql.Append(query switch
        {
            Selection s => Select(s),
            Combination c => $"(({Of(c.Left)}) {c.Operation} ({Of(c.Right)}))",
            _ => throw new InvalidOperationException("A query of no known kind."),
        });
        var ending = query.Ending;
        if (ending.Orders.Count > 0)
            sql.Append(" ORDER BY ").Append(Orders(ending.Orders));
        if (ending.Limit is { } limit)
            sql.Append(" LIMIT ").Append(Of(limit));
        if (ending.Offset is { } offset)
            sql.Append(" OFFSET ").Append(Of(offset));
        return sql.ToString();
    }

    private static string Select(Selection query)
    {
        var sql = new StringBuilder("SELECT ").Append(Distinct(query.Ending)).AppendJoin(
            ", ", query.Items.Select(i => Of(i) + (i.Alias is { } alias ? $" AS {Sql.Name(alias)}" : "")));
        if (query.From is { } from)
            sql.Append(" FROM ").Append(Of(from));
        if (query.Where is { } where)
            sql.Append(" WHERE ").Append(Of(where));
        sql.Append(Of(query.Groups));
        if (query.Having is { } having)
            sql.Append(" HAVING ").Append(Of(having));
        if (query.Qualify is { } qualify)
            sql.Append(" QUALIFY ").Append(Of(qualify));
        return sql.ToString();
    }

    private static string Distinct(QueryEnding ending) => ending.DistinctOn switch
    {
        null => "",
        [] => "DISTINCT ",
        var on => $"DISTINCT ON ({List(on)}) ",
    };

    private static string Of(Grouping groups) => groups switch
    {
        { All: true } => " GROUP BY ALL",
        { Sets.Count: 0 } => "",
        { Sets: [var only] } when only.Count == groups.By.Count && only.Count > 0 => $" GROUP BY {List(groups.By)}",
        _ => $" GROUP BY GROUPING SETS ({string.Join(", ", groups.Sets.Select(s => $"({Set(groups, s)})"))})",
    };

    private static string Set(Grouping groups, IReadOnlyList<int> set) =>
        string.Join(", ", set.Select(i => Of(groups.By[i])));

    private static string Of(Source source) => source switch
    {
        Table t => Sql.Name(t.Name) + Named(t.Alias, t.Columns),
        Subselect s => $"({Of(s.Query)}){Named(s.Alias, s.Columns)}",
        Join j => $"({Of(j.Left)} {j.Kind} {Of(j.Right)}{Condition(j)})",
        _ => throw new InvalidOperationException("A source of no known kind."),
    };

    private static string Condition(Join join) => join switch
    {
        { Using: { Count: > 0 } names } => $" USING {Columns(names)}",
        { On: { } on } => $" ON {Of(on)}",
        _ => "",
    };

    private static string Named(string? alias, IReadOnlyList<string> columns) =>
        alias is null ? "" : $" AS {Sql.Name(alias)}{Columns(columns)}";

    private static string Columns(IReadOnlyList<string> names) =>
        names.Count == 0 ? "" : $"({string.Join(", ", names.Select(Sql.Name))})";

    public static string Of(Expression expression) => expression switch
    {
        Literal l => l.Sql,
        // As a cast it is never taken for the number of a column in GROUP BY or ORDER BY.
        Parameter p => $"CAST({p.Value} AS {p.Type})",
        ColumnName c => string.Join('.', c.Path.Select(Sql.Name)),
        Star s => (s.Table is { } table ? $"{Sql.Name(table)}.*" : "*")
            + (s.Except.Count > 0 ? $" EXCLUDE {Columns(s.Except)}" : ""),
        Operation { Operands: [var only] } o => $"({o.Operator} {Of(only)})",
        Operation o => $"({string.Join($" {o.Operator} ", o.Operands.Select(Of))})",
        NullTest n => $"({Of(n.Operand)} {n.Words})",
        Membership m => $"({Of(m.Operand)} {m.Words} ({List(m.Values)}))",
        Between b => $"({Of(b.Operand)} BETWEEN {Of(b.Lower)} AND {Of(b.Upper)})",
        Case c => $"(CASE {string.Join(' ', c.Branches.Select(b => $"WHEN {Of(b.When)} THEN {Of(b.Then)}"))} "
            + $"ELSE {Of(c.Else)} END)",
        Cast c => $"{(c.OrNull ? "TRY_CAST" : "CAST")}({Of(c.Operand)} AS {c.Type})",
        Call c => Of(c, ignoreNulls: false) + Filter(c.Filter),
        Subquery s => $"({(s.Operand is { } operand ? Of(operand) : "")} {s.Words} ({Of(s.Query)}))",
        Window w => Of(w),
        _ => throw new InvalidOperationException("An expression of no known kind."),
    };

    private static string Of(Call call, bool ignoreNulls) => call.Function switch
    {
        // These two have a syntax of their own, and another name once they are parsed.
        "count_star" => "count(*)",
        "position" => $"instr({List(call.Arguments)})",
        var name => $"{name}({(call.Distinct ? "DISTINCT " : "")}{List(call.Arguments)}"
            + (call.Orders.Count > 0 ? $" ORDER BY {Orders(call.Orders)}" : "")
            + $"{(ignoreNulls ? " IGNORE NULLS" : "")})",
    };

    private static string Of(Window window)
    {
        var over = new List<string>();
        if (window.Partitions.Count > 0)
            over.Add($"PARTITION BY {List(window.Partitions)}");
        if (window.Orders.Count > 0)
            over.Add($"ORDER BY {Orders(window.Orders)}");
        if (window.Frame is { } frame)
            over.Add($"{frame.Unit} BETWEEN {Of(frame.Start)} AND {Of(frame.End)}");
        return $"({Of(window.Call, window.IgnoreNulls)}{Filter(window.Call.Filter)} OVER ({string.Join(' ', over)}))";
    }

    private static string Of(FrameBound bound) =>
        bound.By is { } by ? $"{Of(by)} {bound.Words}" : bound.Words;

    private static string Filter(Expression? filter) => filter is null ? "" : $" FILTER (WHERE {Of(filter)})";

    private static string Orders(IReadOnlyList<Order> orders) =>
        string.Join(", ", orders.Select(o => $"{Of(o.By)} {o.Words}".TrimEnd()));

    private static string List(IReadOnlyList<Expression> expressions) => string.Join(", ", expressions.Select(Of));
}
