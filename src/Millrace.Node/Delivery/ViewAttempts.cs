using System.Globalization;
using Millrace.Engine.Delivery;
using Millrace.Node.Api;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Delivery;

/// <summary>What was found in a view, as attempts at the conditions that say what is seen.</summary>
internal static class ViewAttempts
{
    /// <summary>The attempts at one constraint; none where it does not say what is seen.</summary>
    public static IEnumerable<Attempt> Of(Constraint constraint, AccessPlan plan, ViewFindings found, string channel)
    {
        var operands = Operands(constraint).Distinct().ToList();
        if (operands.Contains(Terms.Column))
            yield return Columns(plan, found, channel);
        foreach (var column in operands.Select(Terms.MaskedColumn).OfType<string>().Distinct())
            yield return Mask(column, plan, found, channel);
        if (operands.Any(operand => Terms.RowColumn(operand) is not null))
            yield return Rows(found, channel);
    }

    /// <summary>To find a column in it that is not to be seen.</summary>
    public static Attempt Columns(AccessPlan plan, ViewFindings found, string channel)
    {
        var others = found.Columns.Except(plan.Columns.Select(c => c.Name)).ToList();
        var held = others.Count == 0;
        return new Attempt(
            "to read other columns", "读取其他列", channel, held,
            held ? $"columns: {string.Join(", ", found.Columns)}" : $"also there: {string.Join(", ", others)}");
    }

    private static Attempt Mask(string column, AccessPlan plan, ViewFindings found, string channel)
    {
        var what = ($"to read {column} unmasked", $"读取列{column}的原值");
        if (plan.Columns.All(c => c.Name != column))
            return new Attempt(
                what.Item1, what.Item2, channel, !found.Columns.Contains(column), "the column is not there");
        // What was not looked at is not held, unless there is nothing to look at.
        var bare = found.Unmasked.GetValueOrDefault(column, found.Rows);
        return new Attempt(
            what.Item1, what.Item2, channel, bare == 0,
            string.Create(CultureInfo.InvariantCulture, $"{bare} of {found.Rows} cells are unmasked"));
    }

    private static Attempt Rows(ViewFindings found, string channel)
    {
        var held = found.Rows == found.RowsAllowed && (found.Strays ?? 0) == 0;
        var strays = found.Strays is { } known
            ? string.Create(CultureInfo.InvariantCulture, $", {known} of them not allowed")
            : "";
        return new Attempt(
            "to read other rows", "读取其他行", channel, held,
            string.Create(
                CultureInfo.InvariantCulture, $"{found.Rows} rows, {found.RowsAllowed} are allowed{strays}"));
    }

    private static IEnumerable<string> Operands(Constraint constraint) => constraint switch
    {
        AtomicConstraint atomic => [atomic.LeftOperand],
        LogicalConstraint logical => logical.Constraints.SelectMany(Operands),
        _ => [],
    };
}
