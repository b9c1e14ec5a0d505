using System.Globalization;
using System.Text.Json;
using Millrace.Node.Api;

namespace Millrace.Node.Commands;

/// <summary>Figures and words as people read them.</summary>
internal static class Wording
{
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string Count(long? count) => count is { } known ? Count(known) : "–";

    /// <summary>Decimal units: 1 kB is 1 000 bytes.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1_000 => $"{bytes} B",
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.#} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.##} GB"),
    };

    /// <summary>Who ended or holds something, and why; null where nobody did.</summary>
    public static string? Why(RefusalInfo? why)
    {
        if (why is null)
            return null;
        var said = why.Reason.Length == 0 ? why.Code : $"{why.Reason} ({why.Code})";
        return why.By is null ? said : $"by the {why.By}: {said}";
    }

    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    public static string Number(decimal number) => number.ToString("0.############", CultureInfo.InvariantCulture);

    /// <param name="score">0 to 100; null where nothing could be measured.</param>
    public static string Score(double? score) =>
        score is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known:0.#} of 100") : "–";

    /// <summary>
    /// The overall score of a quality report: its member <c>total</c>, 0 to 100; and how many indicators it rests on.
    /// </summary>
    public static string Quality(JsonElement report)
    {
        if (report.ValueKind is not JsonValueKind.Object)
            return Score(null);
        var score = Score(
            report.TryGetProperty("total", out var total) && total.ValueKind is JsonValueKind.Number
                ? total.GetDouble()
                : null);
        return report.TryGetProperty("indicators", out var all) && all.ValueKind is JsonValueKind.Array
            ? score + Indicators(
                all.EnumerateArray().Count(i => i.GetProperty("measures").GetArrayLength() > 0), all.GetArrayLength())
            : score;
    }

    /// <summary>What a quality report says is below what the contract promises, a sentence each.</summary>
    public static List<string> Breaches(JsonElement report) =>
        report.ValueKind is JsonValueKind.Object
        && report.TryGetProperty("contract", out var contract) && contract.ValueKind is JsonValueKind.Object
            ? [.. contract.GetProperty("breaches").EnumerateArray().Select(b => b.GetString()!)]
            : [];

    /// <summary>What a score rests on.</summary>
    public static string Indicators(int evaluated, int all) =>
        string.Create(CultureInfo.InvariantCulture, $", by {evaluated} of {all} indicators of GB/T 36344-2018");

    /// <summary>As <see cref="Reach"/>, in Chinese.</summary>
    public static string ReachZh(string reach) => reach switch
    {
        "provider" => "由提供方强制执行",
        "consumer" => "由使用方节点强制执行",
        "attested" => "签名承诺",
        "legal" => "仅法律约束",
        _ => reach,
    };

    /// <summary>How far a term reaches; a word this version does not know is shown as it is.</summary>
    public static string Reach(string reach) => reach switch
    {
        "provider" => "enforced by the provider",
        "consumer" => "enforced by the consumer's node",
        "attested" => "attested",
        "legal" => "legal only",
        _ => reach,
    };

    public static string Likelihood(string likelihood) => likelihood switch
    {
        "VeryLikely" => "very likely",
        "Likely" => "likely",
        _ => "possible",
    };

    /// <summary>On what a finding rests.</summary>
    public static string Evidence(FindingInfo finding) => string.Join(", ", new[]
    {
        finding.Cells > 0 ? $"{Count(finding.Cells)} of {Count(finding.Values)} cells" : null,
        finding.Within > 0 ? $"inside of {Count(finding.Within)} cells" : null,
        finding.IsNamed ? "the column's name" : null,
    }.Where(part => part is not null));
}
