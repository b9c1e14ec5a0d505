namespace Millrace.Protocol.Policies;

/// <summary>Turns the plan constraints of a permission into an access plan, or says all that is wrong.</summary>
internal sealed class PlanBuilder
{
    private readonly TableSchema _schema;
    private readonly List<Refusal> _refusals = [];
    private readonly HashSet<string> _hidden = [];
    private readonly Dictionary<string, HashSet<Mask>> _masks = [];

    private PlanBuilder(TableSchema schema) => _schema = schema;

    internal static (AccessPlan? Plan, IReadOnlyList<Refusal> Refusals) Build(
        Rule permission, TableSchema schema, DefaultPlan holder, string path)
    {
        var builder = new PlanBuilder(schema);
        if (schema.Columns.Select(column => column.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count()
            != schema.Columns.Count)
            builder.Refuse("bad-schema", "Two columns of the schema have one name.", path);
        PolicyShape.Permission(permission, path, builder._refusals);
        if (builder._refusals.Count > 0) return (null, builder._refusals);
        builder.Narrow(holder, path);
        var rows = builder.All(permission.Constraints, PolicyShape.Join(path, "constraint"));
        var columns = builder.Columns();
        if (builder._refusals.Count == 0 && columns.Count == 0)
            builder.Refuse("no-columns", "No column is left to be seen.", path);
        return builder._refusals.Count > 0
            ? (null, builder._refusals)
            : (new AccessPlan(schema, columns, rows), []);
    }

    private List<PlanColumn> Columns() =>
    [
        .. from column in _schema.Columns
           where !_hidden.Contains(column.Name)
           select new PlanColumn(column.Name, column.Type, Mask.Combine(_masks.GetValueOrDefault(column.Name, []))),
    ];

    private void Narrow(DefaultPlan holder, string path)
    {
        foreach (var name in holder.HiddenColumns)
            if (Known(name, path)) _hidden.Add(name);
        foreach (var (name, mask) in holder.Masks) AddMask(name, mask, path);
    }

    private RowPredicate? All(IReadOnlyList<Constraint> constraints, string path) =>
        RowPredicate.All(
            constraints.Select((constraint, i) => Visit(constraint, PolicyShape.At(path, i))).OfType<RowPredicate>());

    /// <summary>The rows that a constraint leaves; null where it does not speak of rows.</summary>
    private RowPredicate? Visit(Constraint constraint, string path)
    {
        if (constraint is AtomicConstraint atomic) return Visit(Facts.Read(atomic), path);
        var logical = (LogicalConstraint)constraint;
        var inner = $"{path}.{PolicyWords.Of(logical.Connective)}";
        if (logical.Connective == Connective.And) return All(logical.Constraints, inner);
        // An or is all about rows or not at all: PolicyShape refused the others, and every xone over rows.
        var parts = logical.Constraints
            .Select((part, i) => Visit(part, PolicyShape.At(inner, i))).OfType<RowPredicate>().ToList();
        return parts.Count == 0 ? null : RowPredicate.Any(parts);
    }

    private RowComparison? Visit(Condition condition, string path)
    {
        switch (condition)
        {
            case ColumnCondition c:
                var named = c.Names.Where(name => Known(name, path)).ToHashSet();
                _hidden.UnionWith(_schema.Columns.Select(x => x.Name).Where(name => named.Contains(name) != c.Allowed));
                return null;
            case MaskCondition c:
                AddMask(c.Column, c.Mask, path);
                return null;
            case RowCondition c:
                return Comparison(c, path);
            default:
                return null;
        }
    }

    private RowComparison? Comparison(RowCondition condition, string path)
    {
        if (!Known(condition.Column, path)) return null;
        var type = _schema.Find(condition.Column)!.Type;
        var values = condition.Values.Select(value => RowValue.Read(value, type)).Distinct().ToList();
        if (!RowValue.Compares(type, condition.Operator))
            Refuse("unknown-operator", $"Cells of type {type} cannot be compared so.", path);
        else if (values.Contains(null))
            Refuse("bad-value", $"A value is not of the column's type, {type}.", path);
        // Written in one way, a set of one is an equality.
        var op = (condition.Operator, values.Count) switch
        {
            (Operator.IsAnyOf, 1) => Operator.Eq,
            (Operator.IsNoneOf, 1) => Operator.Neq,
            var (other, _) => other,
        };
        return new RowComparison(
            condition.Column, type, op, [.. values.OfType<string>().Order(StringComparer.Ordinal)]);
    }

    private void AddMask(string name, Mask mask, string path)
    {
        if (!Known(name, path)) return;
        if (!mask.Fits(_schema.Find(name)!.Type))
            Refuse("bad-value", $"The mask {mask} does not fit the type of column {name}.", path);
        if (!_masks.TryGetValue(name, out var masks)) _masks[name] = masks = [];
        masks.Add(mask);
    }

    private bool Known(string name, string path)
    {
        if (_schema.Find(name) is not null) return true;
        Refuse("unknown-column", $"The schema has no column {name}.", path);
        return false;
    }

    private void Refuse(string code, string reason, string path) => _refusals.Add(new Refusal(code, reason, path));
}
