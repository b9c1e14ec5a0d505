using System.Globalization;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Portal;

/// <summary>Figures as the portal writes them, alike in both languages.</summary>
public static class Figures
{
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Decimal units: 1 kB is 1 000 bytes.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1_000 => $"{bytes} B",
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.#} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.##} GB"),
    };

    /// <summary>In UTC, to the second.</summary>
    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Day(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Number(decimal number) => number.ToString("#,0.############", CultureInfo.InvariantCulture);

    /// <summary>Six digits are enough to see by.</summary>
    public static string Number(double number) => number == Math.Truncate(number) && Math.Abs(number) < 1e15
        ? number.ToString("N0", CultureInfo.InvariantCulture)
        : number.ToString("G6", CultureInfo.InvariantCulture);

    /// <param name="share">Between 0 and 1; what is neither nothing nor all is never rounded to it.</param>
    public static string Percent(double share) => share switch
    {
        > 0 and < 0.0001 => "< 0.01 %",
        > 0.9999 and < 1 => "> 99.99 %",
        _ => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.##} %"),
    };

    /// <summary>A small share to two digits, rounded up: it is a bound.</summary>
    public static string Share(double share)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(100 * share)) - 1);
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(100 * share / unit) * unit:0.##########} %");
    }

    /// <summary>Two places, with its sign.</summary>
    public static string Correlation(double value) => value.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);

    /// <param name="score">0 to 100; null where nothing could be measured.</param>
    public static string Score(double? score) => score?.ToString("0.#", CultureInfo.InvariantCulture) ?? "–";

    /// <summary>A length or a place in a drawing.</summary>
    public static string Place(double units) => units.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>A value of a column as the profile gives it, shortened where it is a long fraction.</summary>
    public static string Value(string value, ColumnType type) =>
        type is ColumnType.Number or ColumnType.Decimal or ColumnType.Integer && AsNumber(value) is { } number
            ? Number(number)
            : value.EndsWith(" 00:00:00", StringComparison.Ordinal) ? value[..^9] : value;

    /// <summary>A value of the profile as a number, or null.</summary>
    public static double? AsNumber(string value) =>
        double.TryParse(value, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
