using System.Globalization;
using Millrace.Node.Sources;

namespace Millrace.Node.Storage.Records;

/// <summary>
/// When a product's source is read by the clock: every so often, or each day at a time of some place.
/// </summary>
/// <param name="Since">From when on it is counted.</param>
/// <param name="Zone">The name of a time zone of IANA.</param>
public sealed record RefreshSchedule(
    DateTimeOffset Since, TimeSpan? Every = null, TimeOnly? At = null, string? Zone = null);

/// <summary>The refreshes of a product by the clock.</summary>
/// <param name="Schedule">Null: it was turned off.</param>
/// <param name="Next">When it is to be run; null: never.</param>
/// <param name="Failures">How often it failed since it last succeeded.</param>
/// <param name="Claim">Whose turn it is: an id of the run. Null: nobody runs it.</param>
/// <param name="ClaimedUntil">When the claim is void unless it is renewed.</param>
public sealed record RefreshRecord(
    RefreshSchedule? Schedule, DateTimeOffset? Next, RefreshOutcome? Last = null, int Failures = 0,
    string? Claim = null, DateTimeOffset? ClaimedUntil = null)
{
    /// <summary>When it is to be looked at next.</summary>
    public DateTimeOffset? Due => Claim is null ? Next : ClaimedUntil;

    /// <summary>A moment as a text that sorts.</summary>
    public static string Key(DateTimeOffset moment) =>
        moment.ToUnixTimeMilliseconds().ToString("D15", CultureInfo.InvariantCulture);
}

/// <summary>What came of a refresh.</summary>
/// <param name="Version">The newest version after it.</param>
/// <param name="Code">Why it failed; null: it did not.</param>
/// <param name="Reason">The same in one sentence.</param>
public sealed record RefreshOutcome(
    DateTimeOffset At, int? Version = null, bool IsNew = false, string? Code = null, string? Reason = null);

/// <summary>How far a source is read.</summary>
/// <param name="Version">The version that reached it: if another is the newest, it says nothing.</param>
/// <param name="Reached">Of a source that only grows; null: it is read whole.</param>
/// <param name="Tag">Of a source that was read whole: what it had then, and the version has; null: not known.</param>
/// <param name="Reader">The build of the program that read what has the tag: another may make more of it.</param>
public sealed record WatermarkRecord(
    int Version, Watermark? Reached = null, string? Tag = null, Guid? Reader = null);
