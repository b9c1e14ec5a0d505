namespace Millrace.Engine.Queries;

/// <summary>Reads a parsed SELECT into our own tree. Its tables are the view and its own WITH, nothing else.</summary>
internal sealed class QueryReader
{
    private readonly ExpressionReader _expressions;
    private readonly HashSet<string> _tables;
    private readonly IReadOnlyDictionary<string, Parameter> _parameters;

    /// <param name="tables">The names of tables that there are; not case-sensitive.</param>
    /// <param name="parameters">The parameters that there are; case-sensitive.</param>
    public QueryReader(IEnumerable<string> tables, IReadOnlyDictionary<string, Parameter> parameters)
    {
        _tables = new HashSet<string>(tables, StringComparer.OrdinalIgnoreCase);
        _parameters = parameters;
        _expressions = new ExpressionReader(Read, parameters);
    }

    /// <exception cref="QueryException">It uses what is not allowed.</exception>
    public Query Read(ParsedNode node)
    {
        var with = node.Needed("cte_map").Whole(map => map.Nodes("map"));
        var (reader, tables) = (this, new List<CommonTable>());
        foreach (var entry in with)
        {
            var table = entry.Whole(reader.CommonTable);
            tables.Add(table);
            reader = new QueryReader([.. reader._tables, table.Name], _parameters);
        }
        return reader.Body(node, tables);
    }

    private Query Body(ParsedNode node, IReadOnlyList<CommonTable> with) => node.Text("type") switch
    {
        "SELECT_NODE" => new Selection(
            with, Ending(node), _expressions.ReadAll(node, "select_list"), Source(node.Needed("from_table")),
            _expressions.ReadIfAny(node, "where_clause"), Groups(node), _expressions.ReadIfAny(node, "having"),
            _expressions.ReadIfAny(node, "qualify")),
        "SET_OPERATION_NODE" when Ending(node) is { DistinctOn: null } ending => new Combination(
            with, ending, Operation(node), node.Needed("left").Whole(Read), node.Needed("right").Whole(Read)),
        var type => throw ExpressionReader.NotAllowed(ParserWords.Of(type) ?? type),
    };

    private CommonTable CommonTable(ParsedNode entry)
    {
        var name = entry.Text("key");
        if (_tables.Contains(name))
            throw ExpressionReader.NotAllowed($"the name {name} twice");
        return entry.Needed("value").Whole(value =>
        {
            _ = value.Text("materialized"); // How it is computed does not change what it holds.
            return new CommonTable(name, value.Texts("aliases"), Inner(value.Needed("query")));
        });
    }

    private Query Inner(ParsedNode statement) => statement.Whole(s => s.Needed("node").Whole(Read));

    private static string Operation(ParsedNode node)
    {
        var kind = node.Text("setop_type");
        if (kind is not ("UNION" or "EXCEPT" or "INTERSECT"))
            throw ExpressionReader.NotAllowed(kind);
        return node.Flag("setop_all") ? $"{kind} ALL" : kind;
    }

    private QueryEnding Ending(ParsedNode node)
    {
        var ending = new QueryEnding(null, [], null, null);
        foreach (var modifier in node.Nodes("modifiers"))
            ending = modifier.Whole(m => m.Text("type") switch
            {
                "DISTINCT_MODIFIER" => ending with { DistinctOn = _expressions.ReadAll(m, "distinct_on_targets") },
                "ORDER_MODIFIER" => ending with { Orders = _expressions.Orders(m, "orders") },
                "LIMIT_MODIFIER" => ending with
                {
                    Limit = _expressions.ReadIfAny(m, "limit"),
                    Offset = _expressions.ReadIfAny(m, "offset"),
                },
                var type => throw ExpressionReader.NotAllowed(ParserWords.Of(type) ?? type),
            });
        return ending;
    }

    private Grouping Groups(ParsedNode node)
    {
        var handling = node.Text("aggregate_handling");
        if (handling is not ("STANDARD_HANDLING" or "FORCE_AGGREGATES"))
            throw ExpressionReader.NotAllowed(handling);
        var by = _expressions.ReadAll(node, "group_expressions");
        var sets = node.Raw("group_sets").EnumerateArray()
            .Select(set => (IReadOnlyList<int>)[.. set.EnumerateArray().Select(i => i.GetInt32())]).ToList();
        return new Grouping(by, sets, handling == "FORCE_AGGREGATES");
    }

    private Source? Source(ParsedNode node) => node.Whole<Source?>(n => (n.Text("type"), n.TextOrNull("alias")) switch
    {
        ("EMPTY", null) => null,
        ("BASE_TABLE", var alias) => Table(n, alias),
        ("SUBQUERY", var alias) => new Subselect(
            Inner(n.Needed("subquery")), alias, n.Texts("column_name_alias")),
        ("JOIN", null) => Joined(n),
        ("TABLE_FUNCTION", _) => throw ExpressionReader.NotAllowed("functions that give tables"),
        var (type, _) => throw ExpressionReader.NotAllowed(ParserWords.Of(type) ?? $"{type} after FROM"),
    });

    private Table Table(ParsedNode node, string? alias)
    {
        var name = node.Text("table_name");
        return _tables.TryGetValue(name, out var known)
            ? new Table(known, alias, node.Texts("column_name_alias"))
            : throw new QueryException(
                "query-refused", $"There is no table {name} here: the only one is {GovernedQuery.Table}.");
    }

    private Join Joined(ParsedNode node)
    {
        var sort = node.Text("join_type");
        var kind = (node.Text("ref_type"), sort) switch
        {
            ("REGULAR", "INNER" or "LEFT" or "RIGHT" or "FULL" or "SEMI" or "ANTI") => $"{sort} JOIN",
            ("CROSS", "INNER") => "CROSS JOIN",
            ("NATURAL", "INNER") => "NATURAL JOIN",
            ("ASOF", "INNER" or "LEFT") => $"ASOF {sort} JOIN",
            var (reference, _) => throw ExpressionReader.NotAllowed($"a {reference} {sort} join"),
        };
        return new Join(
            kind,
            Side("left"), Side("right"), _expressions.ReadIfAny(node, "condition"), node.Texts("using_columns"));

        Source Side(string name) =>
            Source(node.Needed(name)) ?? throw ExpressionReader.NotAllowed("a join without a table");
    }
}
