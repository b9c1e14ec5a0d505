using Millrace.Protocol;
using Millrace.Protocol.Policies;

namespace Millrace.Pure.Tests.Policies;

/// <summary>Short words to build policies with.</summary>
internal static class A
{
    internal static readonly DateTimeOffset Now = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);

    internal static readonly TableSchema Schema = new(
    [
        new Column("id", ColumnType.Integer), new Column("name", ColumnType.Text),
        new Column("born", ColumnType.Date), new Column("seen", ColumnType.Timestamp),
        new Column("salary", ColumnType.Decimal), new Column("weight", ColumnType.Number),
        new Column("active", ColumnType.Boolean), new Column("photo", ColumnType.Binary),
        new Column("wakes", ColumnType.Time), new Column("姓名", ColumnType.Text),
    ]);

    internal static Policy Policy(params IReadOnlyList<Rule> permissions) =>
        new() { Kind = PolicyKind.Agreement, Id = "urn:a", Permissions = permissions };

    internal static Rule Use(params IReadOnlyList<Constraint> constraints) => Rule(Terms.Use, constraints);

    internal static Rule Rule(string action, params IReadOnlyList<Constraint> constraints) =>
        new() { Action = action, Constraints = constraints };

    internal static AtomicConstraint If(string left, Operator op, string value, string? type = null) =>
        new(left, op, RightOperand.Of(value, type));

    internal static AtomicConstraint IfAny(string left, Operator op, params IEnumerable<string> values) =>
        new(left, op, RightOperand.List(values));

    internal static LogicalConstraint And(params IReadOnlyList<Constraint> parts) => new(Connective.And, parts);

    internal static LogicalConstraint Or(params IReadOnlyList<Constraint> parts) => new(Connective.Or, parts);

    internal static LogicalConstraint Xone(params IReadOnlyList<Constraint> parts) => new(Connective.Xone, parts);

    internal static AtomicConstraint Purpose(string name) => If(Terms.Purpose, Operator.Eq, Purposes.Namespace + name);

    internal static UseRequest Read(UseStage stage = UseStage.Read) => new()
    {
        Stage = stage,
        Now = Now,
        AgreedAt = stage == UseStage.Negotiation ? null : Now.AddDays(-10),
        Environment = stage == UseStage.Read ? Environments.Query : null,
    };

    /// <summary>The code of the refusal, or <c>ok</c>.</summary>
    internal static string Answer(Policy policy, UseRequest request) =>
        PolicyEvaluator.Evaluate(policy, request).Refused(out var refusal, out _) ? refusal.Code : "ok";

    internal static T Value<T>(Decision<T> decision)
        where T : class
    {
        Assert.False(decision.Refused(out var refusal, out var value), $"{refusal}");
        return value!;
    }

    internal static Refusal Refused<T>(Decision<T> decision)
        where T : class
    {
        Assert.True(decision.Refused(out var refusal, out _));
        return refusal!;
    }
}
