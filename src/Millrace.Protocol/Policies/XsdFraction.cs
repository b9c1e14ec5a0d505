namespace Millrace.Protocol.Policies;

/// <summary>Fractions of a second: xsd:dateTime has any number of digits, a clock here has seven.</summary>
internal static class XsdFraction
{
    private const int DigitsMax = 7;

    /// <summary>The same time without the digits below 100 ns, which some peers send.</summary>
    public static string Cut(string dateTime)
    {
        var start = dateTime.IndexOf('.', StringComparison.Ordinal) + 1;
        if (start == 0) return dateTime;
        var end = start;
        while (end < dateTime.Length && char.IsAsciiDigit(dateTime[end])) end++;
        return end - start > DigitsMax
            ? string.Concat(dateTime.AsSpan(0, start + DigitsMax), dateTime.AsSpan(end))
            : dateTime;
    }
}
