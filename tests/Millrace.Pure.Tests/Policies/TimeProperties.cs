using CsCheck;
using Millrace.Protocol.Policies;

namespace Millrace.Pure.Tests.Policies;

public sealed class TimeProperties
{
    private static readonly Gen<Constraint> _time = Gen.Select(
        Gen.Int[0, 3], Gen.Int[0, 9], (op, day) => (Constraint)A.If(
            Terms.DateTime, (Operator)(op + (int)Operator.Lt), $"{Day(day):yyyy-MM-dd'T'HH:mm:ss'Z'}"));

    private static readonly Gen<Constraint> _joined = Joined(Gen.OneOf(_time, Joined(_time)));

    [Fact]
    public void Sets_of_moments_agree_with_asking_at_each_moment() =>
        Gen.Select(_joined, Gen.Int[0, 9]).Sample((constraint, day) =>
        {
            var policy = A.Policy(A.Use(constraint));
            var now = A.Answer(policy, A.Read() with { Now = Day(day) }) == "ok";
            // Between two midnights nothing changes, so that noon stands for what lies between.
            var ever = Enumerable.Range(2 * day, 25).Any(half => Holds(constraint, Day(0).AddHours(12 * half)));
            var negotiable = A.Answer(policy, A.Read(UseStage.Negotiation) with { Now = Day(day) }) == "ok";
            return now == Holds(constraint, Day(day)) && negotiable == ever;
        });

    [Fact]
    public void An_agreement_is_over_where_no_later_moment_holds() =>
        Gen.Select(_joined, Gen.Int[0, 9]).Sample((constraint, day) =>
        {
            var end = PolicyEnd.Of(A.Policy(A.Use(constraint)), A.Now);
            bool Ever(int from) =>
                Enumerable.Range(from, 26 - from).Any(half => Holds(constraint, Day(0).AddHours(12 * half)));
            return Ever(-2) ? end <= Day(day) == !Ever(2 * day) : end is null;
        });

    private static Gen<Constraint> Joined(Gen<Constraint> part) => Gen.Select(
        Gen.Int[0, 2], part.Array[1, 4],
        (connective, parts) => (Constraint)new LogicalConstraint((Connective)connective, parts));

    private static DateTimeOffset Day(int day) => new(2026, 6, 1 + day, 0, 0, 0, TimeSpan.Zero);

    private static bool Holds(Constraint constraint, DateTimeOffset now)
    {
        if (constraint is LogicalConstraint c)
        {
            var holding = c.Constraints.Count(part => Holds(part, now));
            return c.Connective switch
            {
                Connective.And => holding == c.Constraints.Count,
                Connective.Or => holding > 0,
                _ => holding == 1,
            };
        }

        var atomic = (AtomicConstraint)constraint;
        var moment = DateTimeOffset.Parse(atomic.RightOperand.Values[0].Text, null);
        return atomic.Operator switch
        {
            Operator.Lt => now < moment,
            Operator.Lteq => now <= moment,
            Operator.Gt => now > moment,
            _ => now >= moment,
        };
    }
}
