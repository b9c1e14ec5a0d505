namespace Millrace.Node.Api;

/// <summary>How a product's source is read by the clock. Neither every nor at: it is turned off.</summary>
/// <param name="Every">Such as <c>15m</c>, <c>6h</c> or <c>1d</c>.</param>
/// <param name="At">The time of each day, such as <c>03:00</c>, in <paramref name="Zone"/>.</param>
/// <param name="Next">When it is read next; null: never.</param>
/// <param name="Running">It is being read now.</param>
/// <param name="Failures">How often it failed since it last succeeded.</param>
public sealed record RefreshInfo(
    string? Every = null, string? At = null, string? Zone = null, DateTimeOffset? Next = null, bool Running = false,
    RefreshResult? Last = null, int Failures = 0);

/// <summary>What came of reading a source again.</summary>
/// <param name="Result"><c>new-version</c>, <c>unchanged</c> or <c>failed</c>.</param>
/// <param name="Version">The newest version after it.</param>
/// <param name="Code">Why it failed, as <paramref name="Reason"/> says in one sentence.</param>
public sealed record RefreshResult(
    DateTimeOffset At, string Result, int? Version = null, string? Code = null, string? Reason = null);

/// <summary>The body of <c>POST schedule</c>: every so often, or at a time of day; neither turns it off.</summary>
/// <param name="Every">Minutes, hours or days, such as <c>15m</c>, <c>6h</c> or <c>1d</c>.</param>
/// <param name="At">A time of day, such as <c>03:00</c>.</param>
/// <param name="Zone">The time zone of that time by its IANA name, such as <c>Europe/Berlin</c>.</param>
public sealed record ScheduleDraft(string? Every = null, string? At = null, string? Zone = null);
