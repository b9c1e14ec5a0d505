using System.Globalization;
using Millrace.Protocol.Policies;

namespace Millrace.Protocol.Handling;

/// <summary>One line of a written rule in words.</summary>
/// <param name="Path"><c>lines[0]</c> and so on, the last one <c>otherwise</c>.</param>
public sealed record RuleSentence(string Path, string Text, string TextZh);

/// <summary>Says a written rule in plain sentences, English and Chinese.</summary>
public static class RuleSentences
{
    /// <summary>One sentence for each line, in order, and one for what no line names.</summary>
    public static IReadOnlyList<RuleSentence> Describe(WrittenRule rule) =>
    [
        .. rule.Lines.Select((line, i) => Sentence(WrittenRule.PathOf(i), line)),
        Sentence(WrittenRule.OtherwisePath, new Words("Otherwise", "其他情况"), rule.Otherwise),
    ];

    /// <summary>Who sees an offer, as one sentence.</summary>
    public static RuleSentence Describe(Visibility visible) => All(visible.When) switch
    {
        var who => new RuleSentence("when", $"Seen only if {who.English}.", $"仅在以下情况可见：{who.Chinese}。"),
    };

    private static Words All(IEnumerable<Constraint> constraints) =>
        Words.Joined(constraints.Select(Of), ", and ", "，并且");

    private static RuleSentence Sentence(string path, RuleLine line)
    {
        var when = All(line.When);
        return Sentence(path, new Words($"If {when.English}", $"如果{when.Chinese}"), line.Then);
    }

    private static RuleSentence Sentence(string path, Words when, RuleAnswer answer)
    {
        var then = answer.Act switch
        {
            RuleAct.Accept => new Words("agree at once", "立即同意"),
            RuleAct.Ask => new Words("ask a person", "由人工决定"),
            _ => Words.Shown(answer.Reason ?? "") switch
            {
                var said => new Words($"refuse and say “{said}”", $"拒绝，并告知“{said}”"),
            },
        };
        return new RuleSentence(path, $"{when.English}: {then.English}.", $"{when.Chinese}：{then.Chinese}。");
    }

    private static Words Of(Constraint constraint)
    {
        if (constraint is AtomicConstraint atomic)
            return RuleConditionReader.Read(atomic, "").Refused(out _, out var condition)
                ? new Words("something that this version does not know", "本版本不认识的条件")
                : Of(condition);
        var logical = (LogicalConstraint)constraint;
        var parts = logical.Constraints.Select(Of);
        var joined = logical.Connective switch
        {
            Connective.And or Connective.AndSequence => Words.Joined(parts, " and ", "且"),
            Connective.Or => Words.Joined(parts, " or ", "或"),
            _ => Words.Joined(parts, " or else ", "或"),
        };
        var exactly = logical.Connective == Connective.Xone ? ("exactly one holds: ", "恰有一项成立：") : ("", "");
        return new Words($"({exactly.Item1}{joined.English})", $"（{exactly.Item2}{joined.Chinese}）");
    }

    private static Words Of(RuleCondition condition) => condition switch
    {
        AskerCondition c => Asker(c),
        DepartureCondition c => Words.Joined(c.Allowed.Select(Of), " or ", "或"),
        MomentCondition c => ConditionWords.Of(c.Time) switch
        {
            var time => new Words($"the request comes {time.English}", $"请求{time.Chinese}提出"),
        },
        OnlyForCondition c => ConditionWords.Of(c.Purpose) switch
        {
            var purpose => new Words($"the terms allow use only {purpose.English}", $"条款仅允许{purpose.Chinese}"),
        },
        ClaimCondition c => ConditionWords.Of(c.Claim) switch
        {
            var claim => new Words($"“{claim.English}” holds of who asks", $"请求方符合“{claim.Chinese}”"),
        },
        PriceCondition c => Price(c),
        _ => throw new InvalidOperationException($"{condition.GetType().Name} has no words."),
    };

    private static Words Asker(AskerCondition c)
    {
        var ids = c.Ids.Select(Words.Shown).ToList();
        var (english, chinese) = (string.Join(" or ", ids), string.Join("或", ids));
        return c.Among
            ? new Words($"{english} asks", $"请求方为{chinese}")
            : new Words($"anybody but {english} asks", $"请求方不是{chinese}");
    }

    private static Words Of(Departure departure) => departure switch
    {
        Departure.None => new Words("the terms are as offered", "条款与要约一致"),
        Departure.Price => new Words("nothing but the price differs from the offer", "仅价格与要约不同"),
        _ => new Words("the terms differ from the offer in more than the price", "条款与要约在价格以外有不同"),
    };

    private static Words Price(PriceCondition c)
    {
        var amount = c.Price.Amount.ToString(CultureInfo.InvariantCulture);
        var (english, chinese) = c.Operator switch
        {
            Operator.Lt => ("less than", "低于"),
            Operator.Lteq => ("at most", "不高于"),
            Operator.Gt => ("more than", "高于"),
            _ => ("at least", "不低于"),
        };
        var (per, unit) = c.Price.Per switch
        {
            PriceUnit.Read => ("read", "次读取"),
            PriceUnit.Row => ("row", "行"),
            _ => ("agreement", "份协议"),
        };
        return new Words(
            $"the price is {english} {amount} {c.Price.Currency} per {per}",
            $"价格{chinese}每{unit}{amount} {c.Price.Currency}");
    }
}
