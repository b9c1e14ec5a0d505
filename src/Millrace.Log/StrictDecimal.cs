using System.Globalization;

namespace Millrace.Log;

/// <summary>Counts in ASCII digits, of which every value has one form only.</summary>
internal static class StrictDecimal
{
    /// <exception cref="FormatException">Not only digits, leading zeros, or more than 63 bits.</exception>
    public static long Parse(string text, string what) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
        && value.ToString(CultureInfo.InvariantCulture) == text
            ? value
            : throw new FormatException($"The {what} is not a decimal number without leading zeros.");
}
