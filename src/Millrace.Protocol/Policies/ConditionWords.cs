namespace Millrace.Protocol.Policies;

/// <summary>Conditions in words.</summary>
internal static class ConditionWords
{
    internal static (Words Words, Reach Reach) Of(Constraint constraint)
    {
        if (constraint is AtomicConstraint atomic)
            return ConditionReader.Read(atomic, "").Refused(out _, out var condition)
                ? (Unknown(atomic), Reach.LegalOnly)
                : (Of(condition), ReachOf(condition));
        var logical = (LogicalConstraint)constraint;
        var parts = logical.Constraints.Select(Of).ToList();
        var words = parts.Select(part => part.Words);
        var joined = logical.Connective switch
        {
            Connective.And => Bracketed(Words.Joined(words, " and ", "，并且")),
            Connective.Or => Bracketed(Words.Joined(words, " or ", "，或者")),
            Connective.Xone => Bracketed(Words.Joined(words, " or else ", "，或者")) switch
            {
                var one => new Words("exactly one holds: " + one.English, "以下恰有一项成立：" + one.Chinese),
            },
            _ => Bracketed(Words.Joined(words, " and then ", "，然后")),
        };
        var sequence = logical.Connective == Connective.AndSequence;
        // A chain is as strong as its weakest link; the last value of Reach is the weakest.
        return (joined, sequence ? Reach.LegalOnly : parts.Max(part => part.Reach));
    }

    /// <summary>Purpose and place of use are what someone signed; the register is asked for the rest.</summary>
    private static Reach ReachOf(Condition condition) => condition switch
    {
        _ when ConditionReader.NotYet(condition, "") is not null => Reach.LegalOnly,
        PurposeCondition or PlaceCondition { Kind: PlaceKind.Use } => Reach.Attested,
        _ => Reach.EnforcedByProvider,
    };

    internal static Words Of(XsdDuration duration)
    {
        var (months, span) = (duration.Months, duration.Span);
        (int Count, string English, string Chinese)[] parts =
        [
            (months / 12, "year", "年"), (months % 12, "month", "个月"), (span.Days, "day", "天"),
            (span.Hours, "hour", "小时"), (span.Minutes, "minute", "分钟"), (span.Seconds, "second", "秒"),
        ];
        var some = parts.Where(part => part.Count > 0).ToList();
        if (some.Count == 0) some.Add((0, "second", "秒"));
        return new Words(
            string.Join(' ', some.Select(part => $"{part.Count} {part.English}{(part.Count == 1 ? "" : "s")}")),
            string.Concat(some.Select(part => $"{part.Count}{part.Chinese}")));
    }

    internal static Words Of(Condition condition) => condition switch
    {
        TimeCondition c => Time(c),
        SinceAgreementCondition c => Of(c.Duration) switch
        {
            var d => new Words($"within {d.English} of the agreement", $"自协议达成起{d.Chinese}内"),
        },
        LimitCondition { Counted: Counted.Reads } c => new Words($"at most {c.Max} reads", $"最多读取{c.Max}次"),
        LimitCondition { Counted: Counted.Rows } c => new Words($"at most {c.Max} rows in all", $"累计最多{c.Max}行"),
        LimitCondition c => new Words($"at most {c.Max} bytes in all", $"累计最多{c.Max}字节"),
        PurposeCondition c => Purpose(c),
        PlaceCondition c => ClaimWords.Of(c),
        IndustryCondition c => ClaimWords.Of(c),
        MembershipCondition c => ClaimWords.Of(c),
        AnalysisCondition c => ClaimWords.Of(c),
        EnvironmentCondition c => new Words(
            $"by {string.Join(" or ", c.Allowed)}", $"以{string.Join("或", c.Allowed.Select(EnvironmentZh))}方式"),
        ColumnCondition c => Words.List(c.Names) switch
        {
            var names => c.Allowed
                ? new Words($"only the columns {names.English}", $"仅限列：{names.Chinese}")
                : new Words($"without the columns {names.English}", $"不含列：{names.Chinese}"),
        },
        MaskCondition c => Masked(Words.Shown(c.Column), c.Mask),
        RowCondition c => Rows(c),
        _ => throw new InvalidOperationException($"{condition.GetType().Name} has no words."),
    };

    private static Words Unknown(AtomicConstraint c)
    {
        var values = Words.List(c.RightOperand.Values.Select(value => value.Text));
        var (operand, op) = (Words.Shown(c.LeftOperand), PolicyWords.Of(c.Operator));
        return new Words(
            $"a condition this node does not know or cannot check: {operand} {op} {values.English}",
            $"本节点不认识或无法核查的条件：{operand} {op} {values.Chinese}");
    }

    private static Words Bracketed(Words words) => new($"({words.English})", $"（{words.Chinese}）");

    private static Words Time(TimeCondition c)
    {
        var moment = PolicyJson.Time(c.Moment);
        return c.Operator switch
        {
            Operator.Lt => new Words($"before {moment}", $"在{moment}之前"),
            Operator.Lteq => new Words($"until {moment}", $"截至{moment}"),
            Operator.Gt => new Words($"after {moment}", $"在{moment}之后"),
            _ => new Words($"from {moment} on", $"自{moment}起"),
        };
    }

    private static Words Purpose(PurposeCondition c)
    {
        var purposes = c.Iris.Select(iri => Purposes.Find(iri)!).ToList();
        var english = string.Join(" or ", purposes.Select(purpose => purpose.English));
        var chinese = string.Join("或", purposes.Select(purpose => purpose.Chinese));
        return c.Operator switch
        {
            Operator.IsNoneOf => new Words($"for any purpose but {english}", $"不得用于{chinese}"),
            Operator.IsA => new Words(
                $"for the purpose of {english}, or a narrower one", $"用于{chinese}（含其细分目的）"),
            _ => new Words($"for the purpose of {english}", $"用于{chinese}"),
        };
    }

    private static string EnvironmentZh(string name) => name switch
    {
        Environments.Download => "下载",
        Environments.Query => "查询",
        Environments.Room => "隐私计算",
        Environments.Sandbox => "沙箱",
        _ => "语料库",
    };

    private static Words Masked(string column, Mask mask) => mask.Kind switch
    {
        MaskKind.Null => new Words($"with column {column} emptied", $"列{column}置空"),
        MaskKind.Hash when mask.Scenario is { } scenario => new Words(
            $"with column {column} as pseudonyms shared in scenario {scenario}", $"列{column}替换为场景{scenario}内共用的假名"),
        MaskKind.Hash => new Words($"with column {column} as pseudonyms", $"列{column}替换为假名"),
        MaskKind.First => new Words(
            $"with only the first {Characters(mask)} of column {column}", $"列{column}仅保留前{mask.Chars}个字符"),
        MaskKind.Last => new Words(
            $"with only the last {Characters(mask)} of column {column}", $"列{column}仅保留后{mask.Chars}个字符"),
        MaskKind.Round => mask.ToString()["round:".Length..] switch
        {
            var step => new Words($"with column {column} rounded to multiples of {step}", $"列{column}取整到{step}的倍数"),
        },
        MaskKind.DateMonth => new Words($"with column {column} cut to the month", $"列{column}仅精确到月"),
        _ => new Words($"with column {column} cut to the year", $"列{column}仅精确到年"),
    };

    private static string Characters(Mask mask) => mask.Chars == 1 ? "character" : $"{mask.Chars} characters";

    private static Words Rows(RowCondition c)
    {
        var compared = Compared(c.Column, c.Operator, c.Values.Select(value => value.Text));
        return new Words($"only rows where {compared.English}", $"仅限{compared.Chinese}的行");
    }

    internal static Words Compared(string column, Operator op, IEnumerable<string> texts)
    {
        var (name, values) = (Words.Shown(column), Words.List(texts));
        var (english, chinese) = op switch
        {
            Operator.Eq => ("is", "等于"),
            Operator.Neq => ("is not", "不等于"),
            Operator.Lt => ("is less than", "小于"),
            Operator.Lteq => ("is at most", "不大于"),
            Operator.Gt => ("is more than", "大于"),
            Operator.Gteq => ("is at least", "不小于"),
            Operator.IsAnyOf => ("is one of", "属于"),
            _ => ("is none of", "不属于"),
        };
        return new Words($"{name} {english} {values.English}", $"{name}{chinese}{values.Chinese}");
    }
}
