using System.Collections.Frozen;

namespace Millrace.Engine.Queries;

/// <summary>Reads the expressions of a parsed SELECT.</summary>
/// <param name="subquery">Reads a SELECT within an expression.</param>
/// <param name="parameters">What stands for a name after the sign $.</param>
internal sealed class ExpressionReader(
    Func<ParsedNode, Query> subquery, IReadOnlyDictionary<string, Parameter> parameters)
{
    private static readonly FrozenDictionary<string, string> _comparisons = new Dictionary<string, string>
    {
        ["COMPARE_EQUAL"] = "=", ["COMPARE_NOTEQUAL"] = "<>", ["COMPARE_LESSTHAN"] = "<", ["COMPARE_GREATERTHAN"] = ">",
        ["COMPARE_LESSTHANOREQUALTO"] = "<=", ["COMPARE_GREATERTHANOREQUALTO"] = ">=",
        ["COMPARE_DISTINCT_FROM"] = "IS DISTINCT FROM", ["COMPARE_NOT_DISTINCT_FROM"] = "IS NOT DISTINCT FROM",
    }.ToFrozenDictionary();

    public Expression Read(ParsedNode node) => node.Whole(n => Read(n.Text("type"), n) with
    {
        Alias = n.TextOrNull("alias"),
    });

    public IReadOnlyList<Expression> ReadAll(ParsedNode node, string name) => [.. node.Nodes(name).Select(Read)];

    public Expression? ReadIfAny(ParsedNode node, string name) => node.Node(name) is { } some ? Read(some) : null;

    public IReadOnlyList<Order> Orders(ParsedNode node, string name) => node.Each(name, n => new Order(
        Read(n.Needed("expression")),
        (Direction(n.Text("type")) + Nulls(n.Text("null_order"))).Trim()));

    /// <summary>A function that may be called, with its arguments.</summary>
    public Call Call(ParsedNode node, FrozenSet<string> allowed)
    {
        var name = node.Text("function_name");
        // The parser itself names the schema of functions that have a syntax of their own.
        if (node.TextOrNull("schema") is not (null or "main") || !allowed.Contains(name))
            throw NotAllowed($"the function {name}");
        return new Call(name.ToLowerInvariant(), ReadAll(node, "children"), node.Flag("distinct"), [], null);
    }

    public static QueryException NotAllowed(string what) =>
        new("query-refused", $"A query may not use {what}; see docs/guide/queries.md for what it may.");

    private Expression Read(string type, ParsedNode node) => type switch
    {
        "VALUE_CONSTANT" => new Literal(node.Needed("value").Whole(LiteralReader.Read)),
        "VALUE_PARAMETER" => Bound(node.Text("identifier")),
        "COLUMN_REF" => Column(node.Texts("column_names")),
        "STAR" => new Star(node.TextOrNull("relation_name"), node.Texts("exclude_list")),
        "FUNCTION" => Function(node),
        "CONJUNCTION_AND" => new Operation("AND", ReadAll(node, "children")),
        "CONJUNCTION_OR" => new Operation("OR", ReadAll(node, "children")),
        "OPERATOR_NOT" => new Operation("NOT", ReadAll(node, "children")),
        "OPERATOR_IS_NULL" => new NullTest(ReadAll(node, "children").Single(), "IS NULL"),
        "OPERATOR_IS_NOT_NULL" => new NullTest(ReadAll(node, "children").Single(), "IS NOT NULL"),
        "OPERATOR_COALESCE" => new Call("coalesce", ReadAll(node, "children"), false, [], null),
        "COMPARE_IN" => Membership(node, "IN"),
        "COMPARE_NOT_IN" => Membership(node, "NOT IN"),
        "COMPARE_BETWEEN" => new Between(
            Read(node.Needed("input")), Read(node.Needed("lower")), Read(node.Needed("upper"))),
        "CASE_EXPR" => new Case(
            node.Each("case_checks", c => (Read(c.Needed("when_expr")), Read(c.Needed("then_expr")))),
            Read(node.Needed("else_expr"))),
        "OPERATOR_CAST" => new Cast(
            Read(node.Needed("child")), node.Needed("cast_type").Whole(LiteralReader.Type), node.Flag("try_cast")),
        "SUBQUERY" => Subquery(node),
        _ when _comparisons.TryGetValue(type, out var sign) => new Operation(
            sign, [Read(node.Needed("left")), Read(node.Needed("right"))]),
        _ when type.StartsWith("WINDOW_", StringComparison.Ordinal) => WindowReader.Read(node, this),
        _ => throw NotAllowed(ParserWords.Of(type) ?? $"the expression {type}"),
    };

    private Expression Function(ParsedNode node)
    {
        var name = node.Text("function_name");
        var orders = node.Needed("order_bys").Whole(n => n.Text("type") == "ORDER_MODIFIER" ? Orders(n, "orders") : []);
        if (node.Flag("is_operator") && orders.Count == 0 && QueryFunctions.Operators.TryGetValue(name, out var sign))
            return new Operation(sign, ReadAll(node, "children"));
        var isAggregate = QueryFunctions.Aggregates.Contains(name);
        return Call(node, isAggregate ? QueryFunctions.Aggregates : QueryFunctions.Scalars) with
        {
            Orders = orders,
            Filter = ReadIfAny(node, "filter"),
        };
    }

    private Parameter Bound(string name) =>
        parameters.TryGetValue(name, out var bound) ? bound : throw NotAllowed($"the parameter ${name}");

    private static ColumnName Column(IReadOnlyList<string> path) => path.Count is 1 or 2
        ? new ColumnName(path)
        : throw NotAllowed($"the name {string.Join('.', path)}");

    private Membership Membership(ParsedNode node, string words)
    {
        var children = ReadAll(node, "children");
        return children.Count > 1
            ? new Membership(children[0], words, [.. children.Skip(1)])
            : throw NotAllowed($"{words} without values");
    }

    private Subquery Subquery(ParsedNode node)
    {
        var query = node.Needed("subquery").Whole(n => n.Needed("node").Whole(subquery));
        var comparison = node.Text("comparison_type");
        return (node.Text("subquery_type"), ReadIfAny(node, "child")) switch
        {
            ("SCALAR", null) => new Subquery(query, null, ""),
            ("EXISTS", null) => new Subquery(query, null, "EXISTS"),
            ("NOT_EXISTS", null) => new Subquery(query, null, "NOT EXISTS"),
            ("ANY", { } operand) when _comparisons.TryGetValue(comparison, out var sign) && sign.Length <= 2 =>
                new Subquery(query, operand, $"{sign} ANY"),
            _ => throw NotAllowed("this kind of subquery"),
        };
    }

    private static string Direction(string type) => type switch
    {
        "ORDER_DEFAULT" => "",
        "ASCENDING" => "ASC",
        "DESCENDING" => "DESC",
        _ => throw NotAllowed($"the order {type}"),
    };

    private static string Nulls(string order) => order switch
    {
        "ORDER_DEFAULT" => "",
        "NULLS FIRST" or "NULLS LAST" => $" {order}",
        _ => throw NotAllowed($"the order {order}"),
    };
}
