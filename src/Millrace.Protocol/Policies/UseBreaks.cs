namespace Millrace.Protocol.Policies;

/// <summary>Uses that keep one condition, that break it, or that meet it inside a prohibition.</summary>
internal static class UseBreaks
{
    /// <summary>Places that no offer means: one of them is outside whatever a rule names.</summary>
    private static readonly string[] _farPlaces = ["AQ", "BV", "HM", "TF", "GS"];

    private static readonly string[] _farFields = ["0", "Z-0", "X.0"];

    /// <summary>The use changed so that a constraint holds; of alternatives the first.</summary>
    internal static UseRequest Keep(UseRequest use, Constraint constraint) => constraint switch
    {
        LogicalConstraint { Connective: Connective.And } c => c.Constraints.Aggregate(use, Keep),
        LogicalConstraint c => Keep(use, c.Constraints[0]),
        AtomicConstraint c => Keep(use, Facts.Read(c)),
        _ => use,
    };

    /// <summary>Uses that break it and change nothing else.</summary>
    internal static IEnumerable<ForbiddenUse> Breaking(AtomicConstraint atomic, string path, UseRequest use) =>
        Facts.Read(atomic) switch
        {
            TimeCondition c => Moments(c, path, use),
            SinceAgreementCondition c => After(
                c.Duration.After(use.AgreedAt!.Value), c.Operator == Operator.Lteq, path, use),
            PurposeCondition c => Purpose(c, path, use, inside: false)
                .Prepend(new ForbiddenUse(path, "without a purpose", "未签署目的", use with { Purpose = null })),
            EnvironmentCondition c => Environments.Served.Except(c.Allowed).Select(other => new ForbiddenUse(
                path, $"by {other}", $"以{other}方式", use with { Environment = other })),
            PlaceCondition c => Place(c, path, use, inside: false)
                .Append(Placed(c.Kind, null, path, use)),
            IndustryCondition c => Field(c, path, use, inside: false).Append(Fielded(null, path, use)),
            MembershipCondition c => Members(c.Membership, path, use),
            LimitCondition c => [Over(c, path, use)],
            _ => [],
        };

    /// <summary>Uses that a prohibition with this one condition is about.</summary>
    internal static IEnumerable<ForbiddenUse> Meeting(AtomicConstraint atomic, string path, UseRequest use) =>
        Facts.Read(atomic) switch
        {
            PurposeCondition c => Purpose(c, path, use, inside: true),
            PlaceCondition c => Place(c, path, use, inside: true),
            IndustryCondition c => Field(c, path, use, inside: true),
            _ => [],
        };

    private static UseRequest Keep(UseRequest use, Condition condition) => condition switch
    {
        TimeCondition { Operator: Operator.Gt } c when use.Now <= c.Moment => At(use, c.Moment.AddTicks(1)),
        TimeCondition { Operator: Operator.Gteq } c when use.Now < c.Moment => At(use, c.Moment),
        PurposeCondition c => use with { Purpose = Purposes.All.First(p => Names(c, p.Iri)).Iri },
        EnvironmentCondition c => use with { Environment = c.Allowed[0] },
        PlaceCondition c => Placed(c.Kind, Inside(c.Operator, c.Codes, _farPlaces, Places.IsIn), "", use).Request,
        IndustryCondition c => Fielded(Inside(c.Operator, c.Codes, _farFields, string.Equals), "", use).Request,
        MembershipCondition c => use with
        {
            Claims = use.Claims with { Memberships = [.. use.Claims.Memberships ?? [], c.Membership] },
        },
        _ => use,
    };

    private static UseRequest At(UseRequest use, DateTimeOffset moment) =>
        use with { Now = moment, AgreedAt = moment };

    private static string Inside(
        Operator op, IReadOnlyList<string> codes, IReadOnlyList<string> far, Func<string, string, bool> within) =>
        op == Operator.IsNoneOf ? far.First(code => !codes.Any(named => within(named, code))) : codes[0];

    private static IEnumerable<ForbiddenUse> Moments(TimeCondition c, string path, UseRequest use)
    {
        var first = c.Operator switch
        {
            Operator.Lteq => c.Moment.UtcTicks + 1,
            Operator.Gteq => c.Moment.UtcTicks - 1,
            _ => c.Moment.UtcTicks,
        };
        if (first < 0 || first > DateTimeOffset.MaxValue.UtcTicks) yield break;
        var moment = new DateTimeOffset(first, TimeSpan.Zero);
        var time = PolicyJson.Time(moment);
        yield return c.Operator is Operator.Lt or Operator.Lteq
            ? new ForbiddenUse(path, $"after its end, at {time}", $"到期后（{time}）", use with { Now = moment })
            : new ForbiddenUse(path, $"before its begin, at {time}", $"开始前（{time}）", use with { Now = moment });
    }

    private static IEnumerable<ForbiddenUse> After(DateTimeOffset end, bool included, string path, UseRequest use)
    {
        if (end == DateTimeOffset.MaxValue) yield break;
        var moment = included ? end.AddTicks(1) : end;
        yield return new ForbiddenUse(
            path, $"after its end, at {PolicyJson.Time(moment)}", $"到期后（{PolicyJson.Time(moment)}）",
            use with { Now = moment });
    }

    /// <summary>Told by the taxonomy itself, not by the evaluator.</summary>
    private static bool Names(PurposeCondition c, string iri)
    {
        var broader = new List<string> { iri };
        while (Purposes.Find(broader[^1])?.Broader is { } next) broader.Add(Purposes.Namespace + next);
        return c.Operator switch
        {
            Operator.IsA => broader.Any(c.Iris.Contains),
            Operator.IsNoneOf => !broader.Any(c.Iris.Contains),
            _ => c.Iris.Contains(iri),
        };
    }

    private static IEnumerable<ForbiddenUse> Purpose(PurposeCondition c, string path, UseRequest use, bool inside) =>
        Purposes.All.Where(purpose => Names(c, purpose.Iri) == inside).Select(purpose => new ForbiddenUse(
            path, $"for {purpose.English}", $"用于{purpose.Chinese}", use with { Purpose = purpose.Iri }));

    private static IEnumerable<ForbiddenUse> Place(PlaceCondition c, string path, UseRequest use, bool inside) =>
        Codes(c.Operator, c.Codes, _farPlaces, inside, Places.IsIn).Select(code => Placed(c.Kind, code, path, use));

    private static IEnumerable<ForbiddenUse> Field(IndustryCondition c, string path, UseRequest use, bool inside) =>
        Codes(c.Operator, c.Codes, _farFields, inside, string.Equals).Select(code => Fielded(code, path, use));

    /// <summary>Codes that a condition takes in, or keeps out.</summary>
    private static IEnumerable<string> Codes(
        Operator op, IReadOnlyList<string> codes, IReadOnlyList<string> far, bool inside,
        Func<string, string, bool> within) =>
        op == Operator.IsNoneOf == inside ? [far.First(code => !codes.Any(named => within(named, code)))] : codes;

    private static ForbiddenUse Placed(PlaceKind kind, string? code, string path, UseRequest use) =>
        kind == PlaceKind.Seat
            ? new ForbiddenUse(
                path, $"by someone seated {In(code)}", $"注册地{Zh(code)}",
                use with { Claims = use.Claims with { Seat = code } })
            : new ForbiddenUse(
                path, $"from a place of use {In(code)}", $"使用地{Zh(code)}",
                use with { Claims = use.Claims with { Place = code } });

    private static ForbiddenUse Fielded(string? code, string path, UseRequest use) => new(
        path, $"by someone of {(code is null ? "no known field" : $"the field {code}")}", $"所属行业{Zh(code)}",
        use with { Claims = use.Claims with { Industry = code } });

    private static string In(string? code) => code is null ? "nobody knows where" : $"in {code}";

    private static string Zh(string? code) => code is null ? "未登记" : $"为{code}";

    private static IEnumerable<ForbiddenUse> Members(Membership named, string path, UseRequest use)
    {
        ForbiddenUse With(string what, string chinese, IReadOnlyList<Membership>? known) =>
            new(path, what, chinese, use with { Claims = use.Claims with { Memberships = known } });
        yield return With("by someone of whom no membership is known", "成员资格未登记", null);
        yield return With("by someone who is no member", "非成员", []);
        yield return With(
            "by a member whose membership has ended", "成员资格已终止", [named with { Until = use.Now }]);
        yield return With(
            "by someone who only says so", "自称成员", [named with { Issuer = named.Issuer + ":self" }]);
    }

    private static ForbiddenUse Over(LimitCondition c, string path, UseRequest use) => c.Counted switch
    {
        Counted.Reads => new ForbiddenUse(
            path, $"after {c.Max} reads, once more", $"已读取{c.Max}次后再次读取",
            use with { ReadsSoFar = Math.Max(0, c.Max), ReadsAsked = 1 }),
        Counted.Rows => new ForbiddenUse(
            path, $"after {c.Max} rows, one more", $"已读取{c.Max}行后再读一行",
            use with { RowsSoFar = c.Max, RowsAsked = 1 }),
        _ => new ForbiddenUse(
            path, $"after {c.Max} bytes, one more", $"已读取{c.Max}字节后再读一字节",
            use with { BytesSoFar = c.Max, BytesAsked = 1 }),
    };
}
