using Millrace.Protocol.Policies;

namespace Millrace.Pure.Tests.Policies;

public sealed class EvaluatorTests
{
    private const string Past = "2026-06-15T11:00:00Z";
    private const string Present = "2026-06-15T14:00:00+02:00";
    private const string Future = "2026-06-15T13:00:00Z";

    [Theory]
    [InlineData(Operator.Lt, Past, "expired", "expired")]
    [InlineData(Operator.Lt, Present, "expired", "expired")]
    [InlineData(Operator.Lt, Future, "ok", "ok")]
    [InlineData(Operator.Lteq, Past, "expired", "expired")]
    [InlineData(Operator.Lteq, Present, "ok", "ok")]
    [InlineData(Operator.Lteq, Future, "ok", "ok")]
    [InlineData(Operator.Gt, Past, "ok", "ok")]
    [InlineData(Operator.Gt, Present, "not-yet", "ok")]
    [InlineData(Operator.Gt, Future, "not-yet", "ok")]
    [InlineData(Operator.Gteq, Past, "ok", "ok")]
    [InlineData(Operator.Gteq, Present, "ok", "ok")]
    [InlineData(Operator.Gteq, Future, "not-yet", "ok")]
    public void A_time_is_never_or_not_yet_or_now_and_only_never_refuses_a_negotiation(
        Operator op, string moment, string atRead, string atNegotiation)
    {
        var policy = A.Policy(A.Use(A.If(Terms.DateTime, op, moment, "xsd:dateTime")));
        Assert.Equal(atRead, A.Answer(policy, A.Read()));
        Assert.Equal(atRead, A.Answer(policy, A.Read(UseStage.Transfer)));
        Assert.Equal(atNegotiation, A.Answer(policy, A.Read(UseStage.Negotiation)));
    }

    [Fact]
    public void Times_that_never_come_together_refuse_a_negotiation()
    {
        var begins = A.If(Terms.DateTime, Operator.Gteq, "2026-08-01T00:00:00Z");
        var ends = A.If(Terms.DateTime, Operator.Lt, "2026-07-01T00:00:00Z");
        Assert.Equal("expired", A.Answer(A.Policy(A.Use(begins, ends)), A.Read(UseStage.Negotiation)));
        Assert.Equal("ok", A.Answer(A.Policy(A.Use(A.Or(begins, ends))), A.Read(UseStage.Negotiation)));
        Assert.Equal("not-yet", A.Answer(A.Policy(A.Use(begins)), A.Read()));
    }

    [Theory]
    [InlineData(Operator.Lteq, "P10D", "ok")]
    [InlineData(Operator.Lt, "P10D", "expired")]
    [InlineData(Operator.Lt, "P10DT1S", "ok")]
    [InlineData(Operator.Lteq, "P9DT23H59M59S", "expired")]
    [InlineData(Operator.Lteq, "P1M", "ok")]
    [InlineData(Operator.Lteq, "P999999Y", "ok")]
    [InlineData(Operator.Lteq, "PT0S", "expired")]
    public void Time_since_the_agreement_counts_from_it(Operator op, string duration, string answer)
    {
        var policy = A.Policy(A.Use(A.If(Terms.SinceAgreement, op, duration, "xsd:duration")));
        Assert.Equal(answer, A.Answer(policy, A.Read()));
    }

    [Theory]
    [InlineData(Operator.Lteq, 5, 4, 1, "ok")]
    [InlineData(Operator.Lteq, 5, 5, 1, "count-used-up")]
    [InlineData(Operator.Lteq, 5, 5, 0, "ok")]
    [InlineData(Operator.Lt, 5, 3, 1, "ok")]
    [InlineData(Operator.Lt, 5, 4, 1, "count-used-up")]
    [InlineData(Operator.Lt, 0, 0, 1, "count-used-up")]
    [InlineData(Operator.Lteq, 5, long.MaxValue, long.MaxValue, "count-used-up")]
    [InlineData(Operator.Lteq, long.MaxValue, 0, long.MaxValue, "ok")]
    public void A_count_is_never_exceeded(Operator op, long max, long soFar, long asked, string answer)
    {
        var policy = A.Policy(A.Use(A.If(Terms.Count, op, $"{max}", "xsd:integer")));
        Assert.Equal(answer, A.Answer(policy, A.Read() with { ReadsSoFar = soFar, ReadsAsked = asked }));
    }

    [Theory]
    [InlineData(Terms.Rows, 90, 10, 0, 0, "ok")]
    [InlineData(Terms.Rows, 90, 11, 0, 0, "rows-used-up")]
    [InlineData(Terms.Bytes, 0, 0, 100, 0, "ok")]
    [InlineData(Terms.Bytes, 0, 0, 100, 1, "bytes-used-up")]
    public void Rows_and_bytes_count_over_the_agreement(
        string term, long rows, long rowsAsked, long bytes, long bytesAsked, string answer)
    {
        var request = A.Read() with
        {
            RowsSoFar = rows, RowsAsked = rowsAsked, BytesSoFar = bytes, BytesAsked = bytesAsked,
        };
        Assert.Equal(answer, A.Answer(A.Policy(A.Use(A.If(term, Operator.Lteq, "100", "xsd:integer"))), request));
    }

    [Theory]
    [InlineData(Operator.Eq, "research", "research", "ok")]
    [InlineData(Operator.Eq, "research", "academic-research", "wrong-purpose")]
    [InlineData(Operator.IsA, "research", "research", "ok")]
    [InlineData(Operator.IsA, "research", "academic-research", "ok")]
    [InlineData(Operator.IsA, "academic-research", "research", "wrong-purpose")]
    [InlineData(Operator.IsAnyOf, "research", "research", "ok")]
    [InlineData(Operator.IsAnyOf, "research", "academic-research", "wrong-purpose")]
    [InlineData(Operator.IsAnyOf, "research", "marketing", "wrong-purpose")]
    [InlineData(Operator.IsNoneOf, "research", "research", "wrong-purpose")]
    [InlineData(Operator.IsNoneOf, "research", "academic-research", "wrong-purpose")]
    [InlineData(Operator.IsNoneOf, "research", "marketing", "ok")]
    [InlineData(Operator.Eq, "research", null, "no-purpose")]
    [InlineData(Operator.IsA, "research", null, "no-purpose")]
    [InlineData(Operator.IsAnyOf, "research", null, "no-purpose")]
    [InlineData(Operator.IsNoneOf, "research", null, "no-purpose")]
    public void A_purpose_is_compared_within_the_taxonomy(Operator op, string agreed, string? declared, string answer)
    {
        var policy = A.Policy(A.Use(A.If(Terms.Purpose, op, Purposes.Namespace + agreed)));
        var purpose = declared is null ? null : Purposes.Namespace + declared;
        Assert.Equal(answer, A.Answer(policy, A.Read() with { Purpose = purpose }));
        Assert.Equal(answer, A.Answer(policy, A.Read(UseStage.Transfer) with { Purpose = purpose }));
        if (purpose is null) Assert.Equal("ok", A.Answer(policy, A.Read(UseStage.Negotiation)));
    }

    [Theory]
    [InlineData(Operator.Eq, "query", "query", "ok")]
    [InlineData(Operator.Eq, "query", "download", "wrong-environment")]
    [InlineData(Operator.IsAnyOf, "query", "download", "wrong-environment")]
    [InlineData(Operator.IsAnyOf, "download", "download", "ok")]
    public void An_environment_is_one_of_those_agreed(Operator op, string agreed, string actual, string answer)
    {
        var policy = A.Policy(A.Use(A.If(Terms.Environment, op, agreed)));
        Assert.Equal(answer, A.Answer(policy, A.Read() with { Environment = actual }));
        Assert.Equal("ok", A.Answer(policy, A.Read(UseStage.Transfer)));
        Assert.Equal("ok", A.Answer(policy, A.Read(UseStage.Negotiation)));
    }

    [Theory]
    [InlineData("research", "ok", "ok", "not-exactly-one")]
    [InlineData("marketing", "wrong-purpose", "ok", "ok")]
    public void And_or_and_xone_mean_what_they_say(string purpose, string and, string or, string xone)
    {
        Constraint[] parts = [A.Purpose("research"), A.If(Terms.Environment, Operator.Eq, "query")];
        var request = A.Read() with { Purpose = Purposes.Namespace + purpose };
        Assert.Equal(and, A.Answer(A.Policy(A.Use(A.And(parts))), request));
        Assert.Equal(or, A.Answer(A.Policy(A.Use(A.Or(parts))), request));
        Assert.Equal(xone, A.Answer(A.Policy(A.Use(A.Xone(parts))), request));
    }

    [Fact]
    public void What_is_not_named_is_not_allowed()
    {
        foreach (var action in new[] { Terms.Derive, Terms.Distribute, Terms.Train, Terms.Evaluate, Terms.Retrieve })
        {
            Assert.Equal("action-not-allowed", A.Answer(A.Policy(A.Use()), A.Read() with { Action = action }));
            Assert.Equal("ok", A.Answer(A.Policy(A.Rule(action)), A.Read() with { Action = action }));
            Assert.Equal("action-not-allowed", A.Answer(A.Policy(A.Rule(action)), A.Read()));
        }
    }

    [Theory]
    [InlineData(Terms.Use, Terms.Use, "prohibited")]
    [InlineData(Terms.Derive, Terms.Use, "ok")]
    [InlineData(Terms.Use, Terms.Derive, "prohibited")]
    public void A_prohibition_wins_and_one_of_use_covers_what_goes_beyond(
        string prohibited, string asked, string answer)
    {
        var policy = A.Policy(A.Use(), A.Rule(Terms.Derive)) with { Prohibitions = [A.Rule(prohibited)] };
        var decision = PolicyEvaluator.Evaluate(policy, A.Read() with { Action = asked });
        Assert.Equal(answer, decision.Refused(out var refusal, out _) ? refusal.Code : "ok");
        if (refusal is not null) Assert.Equal("prohibition[0]", refusal.Rule);
    }

    [Fact]
    public void A_prohibition_for_a_purpose_also_stops_who_signed_none()
    {
        var policy = A.Policy(A.Use()) with { Prohibitions = [A.Use(A.Purpose("marketing"))] };
        Assert.Equal("prohibited", A.Answer(policy, A.Read()));
        Assert.Equal("prohibited", A.Answer(policy, A.Read() with { Purpose = Purposes.Namespace + "marketing" }));
        Assert.Equal("ok", A.Answer(policy, A.Read() with { Purpose = Purposes.Namespace + "research" }));
        Assert.Equal("ok", A.Answer(policy, A.Read(UseStage.Negotiation)));
    }

    [Fact]
    public void A_prohibition_that_ends_refuses_now_but_not_the_negotiation()
    {
        var policy = A.Policy(A.Use()) with { Prohibitions = [A.Use(A.If(Terms.DateTime, Operator.Lt, Future))] };
        Assert.Equal("prohibited", A.Answer(policy, A.Read()));
        Assert.Equal("ok", A.Answer(policy, A.Read(UseStage.Negotiation)));
    }

    [Fact]
    public void Of_several_permissions_the_reader_names_one()
    {
        var limited = A.Use(A.If(Terms.Count, Operator.Lteq, "5", "xsd:integer"));
        var policy = A.Policy(A.Use(), limited, A.Rule(Terms.Derive));
        var refusal = A.Refused(PolicyEvaluator.Evaluate(policy, A.Read()));
        Assert.Equal("choose-permission", refusal.Code);
        Assert.Contains("permission[0], permission[1]", refusal.Reason, StringComparison.Ordinal);
        var permit = A.Value(PolicyEvaluator.Evaluate(policy, A.Read() with { PermissionPath = "permission[1]" }));
        Assert.Same(limited, permit.Permission);
        Assert.Equal("no-such-permission", A.Answer(policy, A.Read() with { PermissionPath = "permission[2]" }));
        Assert.Equal("no-such-permission", A.Answer(policy, A.Read() with { PermissionPath = "permission[9]" }));
        Assert.Equal("ok", A.Answer(policy, A.Read(UseStage.Transfer)));
    }

    [Fact]
    public void A_permit_says_what_is_left()
    {
        var policy = A.Policy(A.Use(
            A.If(Terms.Count, Operator.Lteq, "5"), A.And(A.If(Terms.Count, Operator.Lt, "5")),
            A.If(Terms.Rows, Operator.Lteq, "100")));
        var permit = A.Value(PolicyEvaluator.Evaluate(policy, A.Read() with { ReadsSoFar = 1, RowsSoFar = 60 }));
        Assert.Equal("permission[0]", permit.PermissionPath);
        Assert.Equal((3L, 40L, null), (permit.ReadsLeft, permit.RowsLeft, permit.BytesLeft));
    }

    [Fact]
    public void A_refusal_names_the_constraint_that_was_nearest_to_holding()
    {
        var far = A.Use(A.Purpose("research"), A.If(Terms.DateTime, Operator.Lt, Past));
        var near = A.Use(A.If(Terms.Environment, Operator.Eq, "query"), A.If(Terms.Count, Operator.Lteq, "0"));
        var refusal = A.Refused(PolicyEvaluator.Evaluate(A.Policy(far, near), A.Read()));
        Assert.Equal(("count-used-up", "permission[1].constraint[1]"), (refusal.Code, refusal.Rule));
    }
}
