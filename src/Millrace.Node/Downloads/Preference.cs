using System.Globalization;

namespace Millrace.Node.Downloads;

/// <summary>What a request would rather have (RFC 7240).</summary>
internal static class Preference
{
    private static readonly TimeSpan _usual = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long it waits before it would rather be told how far the answer is: <c>Prefer: respond-async, wait=10</c>.
    /// Null: to the end.
    /// </summary>
    public static TimeSpan? Patience(HttpRequest request, Limits limits)
    {
        var wishes = request.Headers["Prefer"].SelectMany(line => (line ?? "").Split(','))
            .Select(wish => wish.Split(';')[0].Trim()).ToList();
        if (!wishes.Contains("respond-async", StringComparer.OrdinalIgnoreCase))
            return null;
        var wait = wishes.Find(w => w.StartsWith("wait=", StringComparison.OrdinalIgnoreCase));
        return int.TryParse(wait?[5..], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? limits.Wait(seconds)
            : _usual;
    }
}
