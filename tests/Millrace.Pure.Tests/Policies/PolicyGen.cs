using CsCheck;
using Millrace.Protocol.Policies;

namespace Millrace.Pure.Tests.Policies;

/// <summary>Random policies that may be published, and requests.</summary>
internal static class PolicyGen
{
    private static readonly Gen<string> _purpose = One(Purposes.All.Select(purpose => purpose.Iri).ToArray());

    private static readonly Gen<string> _place = One("CN", "CN-SH", "CN-BJ", "US");
    private static readonly Gen<string> _field = One("A01", "G5412");

    private static readonly Gen<Membership> _member = Gen.Select(
        One("Member", "Guest"), Gen.Int[-1, 2], (type, days) => new Membership(
            type, "did:web:space.example", days == 2 ? null : A.Now.AddDays(days)));

    private static readonly Gen<Claims> _claims = Gen.Select(
        _place, _place, _field, _member.Array[0, 2], Gen.Int[0, 15], (seat, place, field, members, known) => new Claims(
            (known & 1) > 0 ? seat : null, (known & 2) > 0 ? place : null, (known & 4) > 0 ? field : null,
            (known & 8) > 0 ? members : null));

    private static readonly Gen<Constraint> _request = Gen.OneOf(
        Gen.Select(
            One(Operator.Lt, Operator.Lteq, Operator.Gt, Operator.Gteq), Gen.Int[-3, 3],
            (op, days) => (Constraint)A.If(Terms.DateTime, op, $"{A.Now.AddDays(days):yyyy-MM-dd'T'HH:mm:ss'Z'}")),
        Gen.Select(
            One(Operator.Eq, Operator.IsA, Operator.IsNoneOf), _purpose,
            (op, purpose) => (Constraint)A.If(Terms.Purpose, op, purpose)),
        Gen.Int[8, 12].Select(days => (Constraint)A.If(Terms.SinceAgreement, Operator.Lteq, $"P{days}D")),
        One("query", "download").Select(x => (Constraint)A.If(Terms.Environment, Operator.Eq, x)),
        Gen.Select(
            One(Terms.Seat, Terms.Spatial),
            One(Operator.Eq, Operator.IsPartOf, Operator.IsAnyOf, Operator.IsNoneOf), _place,
            (operand, op, place) => (Constraint)A.If(operand, op, place)),
        Gen.Select(One(Operator.Eq, Operator.IsNoneOf), _field, (op, field) =>
            (Constraint)A.If(Terms.Industry, op, field)),
        _member.Select(member => (Constraint)A.If(Terms.Membership, Operator.Eq, $"{member}")));

    private static readonly Gen<Constraint> _row = Gen.Select(
        One(Operator.Eq, Operator.Neq, Operator.Lt, Operator.Gteq), Gen.Int[0, 9],
        (op, value) => (Constraint)A.If(Terms.Row("id"), op, $"{value}"));

    private static readonly Gen<Constraint> _plan = Gen.OneOf(
        One("name", "born", "salary").Array[1, 2].Select(
            names => (Constraint)A.IfAny(Terms.Column, Operator.IsNoneOf, names)),
        One("first:1", "first:2", "last:1", "hash", "null").Select(
            mask => (Constraint)A.If(Terms.Mask("姓名"), Operator.Eq, mask)),
        _row, _row.Array[1, 3].Select(rows => (Constraint)A.Or(rows)));

    private static readonly Gen<Constraint> _joined = Gen.Select(
        One(Connective.And, Connective.Or, Connective.Xone), _request.Array[1, 3],
        (connective, parts) => (Constraint)new LogicalConstraint(connective, parts));

    private static readonly Gen<Constraint> _limit =
        Gen.Int[0, 5].Select(max => (Constraint)A.If(Terms.Count, Operator.Lteq, $"{max}"));

    internal static readonly Gen<Constraint> Constraint =
        Gen.Frequency((4, _request), (3, _joined), (3, _plan), (1, _limit));

    internal static readonly Gen<Rule> Prohibition =
        Gen.OneOf(_request, _joined).Array[0, 2].Select(constraints => A.Use(constraints));

    internal static readonly Gen<Policy> Policy = Gen.Select(
        Constraint.Array[0, 4].Select(constraints => A.Use(constraints)).Array[1, 3], Prohibition.Array[0, 2],
        (permissions, prohibitions) => A.Policy(permissions) with { Prohibitions = prohibitions });

    internal static readonly Gen<UseRequest> Request = Gen.Select(
        One(Enum.GetValues<UseStage>()), _purpose, Gen.Bool, One("query", "download"), Gen.Int[0, 5], _claims,
        (stage, purpose, named, environment, reads, claims) => A.Read(stage) with
        {
            Claims = claims,
            Purpose = named ? purpose : null,
            Environment = environment,
            ReadsSoFar = reads,
        });

    private static Gen<T> One<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    /// <summary>The same policy with every array turned round.</summary>
    internal static Policy Reversed(Policy policy) => policy with
    {
        Permissions = [.. policy.Permissions.Select(Reversed).Reverse()],
        Prohibitions = [.. policy.Prohibitions.Select(Reversed).Reverse()],
    };

    internal static Rule Reversed(Rule rule) =>
        rule with { Constraints = [.. rule.Constraints.Select(Reversed).Reverse()] };

    private static Constraint Reversed(Constraint constraint) => constraint switch
    {
        LogicalConstraint c => c with { Constraints = [.. c.Constraints.Select(Reversed).Reverse()] },
        AtomicConstraint c => c with
        {
            RightOperand = c.RightOperand with { Values = [.. c.RightOperand.Values.Reverse()] },
        },
        _ => constraint,
    };
}
