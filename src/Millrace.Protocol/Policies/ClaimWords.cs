namespace Millrace.Protocol.Policies;

/// <summary>In words: conditions on who asks, and on what rooms release.</summary>
internal static class ClaimWords
{
    internal static Words Of(PlaceCondition c)
    {
        var codes = Words.List(c.Codes);
        var (english, chinese) = c.Kind == PlaceKind.Seat
            ? ("for organisations seated", "使用方注册地")
            : ("where the data are used", "数据使用地");
        return c.Operator switch
        {
            Operator.IsNoneOf => new Words($"{english} outside {codes.English}", $"{chinese}不在{codes.Chinese}境内"),
            Operator.IsPartOf => new Words(
                $"{english} in {codes.English} or a part of it", $"{chinese}为{codes.Chinese}（含其下属区域）"),
            _ => new Words($"{english} in {Either(c.Codes)}", $"{chinese}为{codes.Chinese}"),
        };
    }

    internal static Words Of(IndustryCondition c)
    {
        var codes = Words.List(c.Codes);
        return c.Operator == Operator.IsNoneOf
            ? new Words($"for organisations of any field but {codes.English}", $"使用方所属行业不为{codes.Chinese}")
            : new Words($"for organisations of the field {Either(c.Codes)}", $"使用方所属行业为{codes.Chinese}");
    }

    internal static Words Of(MembershipCondition c)
    {
        var (type, issuer) = (Words.Shown(c.Membership.Type), Words.Shown(c.Membership.Issuer));
        return new Words(
            $"for those who hold {type} from {issuer} at that time", $"使用方届时持有{issuer}签发的{type}");
    }

    /// <summary>Said with what is missing: until there are rooms, nobody sees to it.</summary>
    internal static Words Of(AnalysisCondition c) => c.Units is { } units
        ? new Words(
            $"with at least {units} units behind each released number, which this node cannot check",
            $"每个输出数值背后至少有{units}个单位（本节点无法核查）")
        : new Words(
            FormattableString.Invariant($"with a privacy budget of at most {c.Epsilon}, which this node cannot check"),
            FormattableString.Invariant($"隐私预算不超过{c.Epsilon}（本节点无法核查）"));

    private static string Either(IEnumerable<string> codes) => string.Join(" or ", codes.Select(Words.Shown));
}
