using System.Globalization;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.Drift;

/// <summary>What changed, in sentences of two languages.</summary>
internal static class DriftSentences
{
    public static DriftSentence OfRows(long before, long after, bool newRowsOnly)
    {
        var change = before == 0 ? "" : Invariant($" ({100.0 * (after - before) / before:+0.##;-0.##;0} %)");
        var (en, zh) = newRowsOnly
            ? (Invariant($"; the {after - before} new ones are compared with the others"),
                Invariant($"；将新增的 {after - before} 行与原有各行比较"))
            : ("", "");
        return new(
            Invariant($"Rows: {before} → {after}{change}{en}."), Invariant($"行数：{before} → {after}{change}{zh}。"));
    }

    public static SchemaChange Added(Column column, bool isBreaking) => new(
        "added", column.Name, isBreaking,
        isBreaking
            ? new($"{column.Name} was added before other columns.", $"{column.Name}：新增列，且不在末尾。")
            : new($"{column.Name} was added.", $"{column.Name}：新增列。"));

    public static SchemaChange Removed(Column column) => new(
        "removed", column.Name, true, new($"{column.Name} is gone.", $"{column.Name}：列已删除。"));

    public static SchemaChange Retyped(Column then, Column now) => new(
        "retyped", then.Name, true,
        new(
            $"{then.Name} was {Name(then.Type)} and is {Name(now.Type)}.",
            $"{then.Name}：类型由 {Name(then.Type)} 变为 {Name(now.Type)}。"));

    public static DriftSentence Of(ColumnDrift drift, Pair<long> rows)
    {
        List<DriftSentence> parts = [.. Parts(drift, rows)];
        return new(
            $"{drift.Column}: {string.Join(", ", parts.Select(p => p.Text))}.",
            $"{drift.Column}：{string.Join("，", parts.Select(p => p.TextZh))}。");
    }

    private static IEnumerable<DriftSentence> Parts(ColumnDrift drift, Pair<long> rows)
    {
        if (drift.Median is { } median)
        {
            var change = Change(Short(median.Before), Short(median.After));
            yield return new($"median {change}", $"中位数 {change}");
        }
        if (drift.Moved is { } moved && moved.Before != moved.After)
        {
            var change = Change(Percent(moved.Before), Percent(moved.After));
            yield return new($"“{moved.Value}” {change}", $"“{moved.Value}”{change}");
        }
        if (rows is { Before: > 0, After: > 0 } && drift.Nulls is not { Before: 0, After: 0 })
        {
            var change = Change(
                Percent((double)drift.Nulls.Before / rows.Before), Percent((double)drift.Nulls.After / rows.After));
            yield return new($"without a value {change}", $"缺失 {change}");
        }
        if (drift is { NewValues: > 0 and var fresh, NotCompared: null } && drift.Type == ColumnType.Text)
        {
            var share = Percent((double)fresh / rows.After);
            yield return IsIdentifying(drift, rows)
                ? new(
                    $"{share} of the rows hold values that were not there, as in columns of identifiers",
                    $"{share} 的行含新出现的值（标识类的列通常如此）")
                : new($"{share} of the rows hold values that were not there", $"{share} 的行含新出现的值");
            if (drift.IsRenewed(rows.After))
                yield break; // The index is of the commonest values, which are few of them.
        }
        if (drift.NotCompared is { } reason)
        {
            yield return new($"not compared ({reason.TrimEnd('.')})", $"未比较（{ReasonZh(reason)}）");
            yield break;
        }
        var (en, zh) = drift.Extent switch
        {
            DriftExtent.Large => ("large", "大"),
            DriftExtent.Moderate => ("moderate", "中等"),
            _ when drift.Psi >= PopulationStability.Moderate => ("no more than chance", "不超过随机波动"),
            _ => ("small", "小"),
        };
        var psi = Invariant($"{drift.Psi:0.##}");
        yield return new($"PSI {psi} ({en})", $"PSI {psi}（{zh}）");
        if (drift is { Ks: { } ks, Extent: not DriftExtent.Small })
            yield return new(Invariant($"KS {ks:0.##}"), Invariant($"KS {ks:0.##}"));
    }

    /// <summary>Nearly no value stands there twice, before or after.</summary>
    private static bool IsIdentifying(ColumnDrift drift, Pair<long> rows) =>
        drift.Distinct.Before >= 0.9 * (rows.Before - drift.Nulls.Before)
            && drift.Distinct.After >= 0.9 * (rows.After - drift.Nulls.After);

    private static string ReasonZh(string reason) => reason switch
    {
        "Bytes are not compared." => "二进制内容不比较",
        "One of both has no rows." => "其中一方没有行",
        _ => "没有重复的数值，视为键",
    };

    private static string Change(string before, string after) => before == after ? before : $"{before} → {after}";

    /// <summary>A moment at midnight is a day; a long fraction is cut to six digits.</summary>
    private static string Short(string value) =>
        value.EndsWith(" 00:00:00", StringComparison.Ordinal) ? value[..^9]
        : value.Contains('.') && double.TryParse(value, CultureInfo.InvariantCulture, out var number)
            ? number.ToString("G6", CultureInfo.InvariantCulture)
        : value;

    private static string Percent(double share) => share switch
    {
        > 0 and < 0.0001 => "< 0.01 %",
        > 0.9999 and < 1 => "> 99.99 %",
        _ => Invariant($"{100 * share:0.##} %"),
    };

    private static string Name(ColumnType type) => type.ToString().ToLowerInvariant();

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
