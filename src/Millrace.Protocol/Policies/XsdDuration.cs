using System.Globalization;
using System.Text.RegularExpressions;

namespace Millrace.Protocol.Policies;

/// <summary>An xsd:duration that is not negative: months of the calendar, and a span of time.</summary>
internal sealed partial record XsdDuration(int Months, TimeSpan Span)
{
    internal static XsdDuration? Parse(string text)
    {
        // A number has at most six digits, so that nothing below can overflow.
        var match = Pattern().Match(text);
        if (!match.Success || text.EndsWith('P') || text.EndsWith('T')) return null;
        int Part(string name) => match.Groups[name] is { Success: true } group
            ? int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)
            : 0;
        var span = new TimeSpan(Part("d"), Part("h"), Part("m"), Part("s"));
        return new XsdDuration((Part("Y") * 12) + Part("M"), span);
    }

    /// <summary>The moment this long after another, or the last one there is.</summary>
    internal DateTimeOffset After(DateTimeOffset start)
    {
        var monthsLeft = ((DateTime.MaxValue.Year - start.UtcDateTime.Year) * 12) - 12;
        if (Months > monthsLeft) return DateTimeOffset.MaxValue;
        var moment = start.ToUniversalTime().AddMonths(Months);
        return DateTimeOffset.MaxValue - moment < Span ? DateTimeOffset.MaxValue : moment + Span;
    }

    [GeneratedRegex(
        """
        \AP((?<Y>[0-9]{1,6})Y)?((?<M>[0-9]{1,6})M)?((?<d>[0-9]{1,6})D)?
        (T((?<h>[0-9]{1,6})H)?((?<m>[0-9]{1,6})M)?((?<s>[0-9]{1,6})S)?)?\z
        """,
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Pattern();
}
