namespace Millrace.Engine.Queries;

/// <summary>Reads a function with OVER.</summary>
internal static class WindowReader
{
    private static readonly string[] _units = ["ROWS", "RANGE", "GROUPS"];

    public static Window Read(ParsedNode node, ExpressionReader expressions)
    {
        var call = expressions.Call(
            node, node.Text("type") == "WINDOW_AGGREGATE" ? QueryFunctions.Aggregates : QueryFunctions.Windows);
        // LAG and LEAD: how far, and what where there is no such row.
        Expression?[] more = [expressions.ReadIfAny(node, "offset_expr"), expressions.ReadIfAny(node, "default_expr")];
        if (node.Text("exclude_clause") != "NO_OTHER")
            throw ExpressionReader.NotAllowed("EXCLUDE in a window");
        return new Window(
            call with
            {
                Arguments = [.. call.Arguments, .. more.OfType<Expression>()],
                Orders = expressions.Orders(node, "arg_orders"),
                Filter = expressions.ReadIfAny(node, "filter_expr"),
            },
            node.Flag("ignore_nulls"), expressions.ReadAll(node, "partitions"), expressions.Orders(node, "orders"),
            Frame(node, expressions));
    }

    private static Frame? Frame(ParsedNode node, ExpressionReader expressions)
    {
        var (start, end) = (node.Text("start"), node.Text("end"));
        var (from, to) = (expressions.ReadIfAny(node, "start_expr"), expressions.ReadIfAny(node, "end_expr"));
        if ((start, end) == ("UNBOUNDED_PRECEDING", "CURRENT_ROW_RANGE"))
            return null;
        var unit = Unit(start) ?? Unit(end) ?? "ROWS";
        return new Frame(unit, Bound(start, from), Bound(end, to));
    }

    private static string? Unit(string bound) =>
        Array.Find(_units, u => bound.EndsWith($"_{u}", StringComparison.Ordinal));

    private static FrameBound Bound(string bound, Expression? by) => (bound.Split('_'), by) switch
    {
        (["UNBOUNDED", "PRECEDING"], null) => new(null, "UNBOUNDED PRECEDING"),
        (["UNBOUNDED", "FOLLOWING"], null) => new(null, "UNBOUNDED FOLLOWING"),
        (["CURRENT", "ROW", _], null) => new(null, "CURRENT ROW"),
        (["EXPR", "PRECEDING", _], { } some) => new(some, "PRECEDING"),
        (["EXPR", "FOLLOWING", _], { } some) => new(some, "FOLLOWING"),
        _ => throw ExpressionReader.NotAllowed($"the window frame {bound}"),
    };
}
