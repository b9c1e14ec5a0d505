using System.Globalization;
using Millrace.Node.Delivery;

namespace Millrace.Node.Sharing;

/// <summary>Where a list goes on. A token leads only to the list, and the reader, that it was given for.</summary>
public sealed class PageTokens(TextSeal seal, Clock clock)
{
    private const string Page = "sharing page";

    /// <param name="more">What must not change from page to page, such as the last version.</param>
    public Task<string> SealAsync(
        string participant, string scope, int from, string more, CancellationToken cancel) =>
        seal.SealAsync(
            participant, Page, [scope, Text(from), more, Text((clock.Now + clock.Limits.PageTokenLifetime)
                .ToUnixTimeSeconds())],
            cancel);

    /// <summary>What a token says; null where it is not for this list, or its time is over.</summary>
    public async Task<PageStart?> OpenAsync(string participant, string scope, string token, CancellationToken cancel) =>
        await seal.OpenAsync(participant, Page, token, 4, cancel) is [var of, var from, var more, var end] &&
        of == scope && clock.Now.ToUnixTimeSeconds() < long.Parse(end, CultureInfo.InvariantCulture)
            ? new PageStart(int.Parse(from, CultureInfo.InvariantCulture), more)
            : null;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Where a page begins, and what was kept for it.</summary>
public sealed record PageStart(int From, string More);
