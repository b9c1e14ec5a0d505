using System.Globalization;
using Millrace.Node.Api;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;

namespace Millrace.Node.Products;

/// <summary>When sources are read by the clock. Pure.</summary>
public static class Timetable
{
    private const string TimeForm = "HH:mm";
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>What somebody wrote; neither every nor at is for the caller, who turns it off.</summary>
    /// <param name="now">From when on it counts.</param>
    public static Decision<RefreshSchedule> Read(ScheduleDraft draft, DateTimeOffset now, Limits limits) => draft switch
    {
        { Every: { } every, At: null, Zone: null } => ReadEvery(every) is { } span
            && span >= limits.RefreshEveryMin && span <= limits.RefreshEveryMax
                ? new RefreshSchedule(now, Every: span)
                : new Refusal(
                    "bad-schedule",
                    $"{every} is no interval: write minutes, hours or days, such as 15m, 6h or 1d, from "
                    + $"{Text(limits.RefreshEveryMin)} to {Text(limits.RefreshEveryMax)}."),
        { Every: null, At: { } at, Zone: { } zone } =>
            !TimeOnly.TryParseExact(at, TimeForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
                ? new Refusal("bad-schedule", $"{at} is no time of day: write it such as 03:00.")
                : Find(zone) is null
                    ? new Refusal("bad-schedule", $"{zone} is no time zone of IANA: write it such as Europe/Berlin.")
                    : new RefreshSchedule(now, At: time, Zone: zone),
        { Every: null, At: not null } => new Refusal(
            "bad-schedule", "A time of day needs the time zone that it is of, such as Europe/Berlin or Etc/UTC."),
        _ => new Refusal("bad-schedule", "Say every, or at with zone: one of both."),
    };

    /// <summary>The first moment of the schedule that is later than another.</summary>
    public static DateTimeOffset Next(RefreshSchedule schedule, DateTimeOffset after)
    {
        if (schedule.Every is { } every)
        {
            var passed = Math.Max(0, (after - schedule.Since).Ticks);
            return schedule.Since + (every * ((passed / every.Ticks) + 1));
        }
        var zone = Check.NotNull(Find(Check.NotNull(schedule.Zone)));
        var time = schedule.At.GetValueOrDefault(); // There where every is not.
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(after, zone).DateTime).AddDays(-1);
        while (true)
        {
            if (Moment(day, time, zone) is var moment && moment > after)
                return moment;
            day = day.AddDays(1);
        }
    }

    /// <summary>When a source is read again that failed.</summary>
    /// <param name="failures">How often in a row, this time included.</param>
    /// <param name="mayHeal">Whether time alone may mend it; else it is not read before the next turn.</param>
    public static DateTimeOffset Again(
        RefreshSchedule schedule, int failures, bool mayHeal, DateTimeOffset now, Limits limits)
    {
        var pause = Pause * Math.Pow(2, Math.Min(failures - 1, 20));
        var again = now + (pause < limits.RefreshPauseMax ? pause : limits.RefreshPauseMax);
        return !mayHeal && Next(schedule, now) is var next && next > again ? next : again;
    }

    /// <summary>An interval in the largest unit that has it whole.</summary>
    public static string Text(TimeSpan every) =>
        every.Ticks % TimeSpan.TicksPerDay == 0 ? $"{every.Ticks / TimeSpan.TicksPerDay}d"
        : every.Ticks % TimeSpan.TicksPerHour == 0 ? $"{every.Ticks / TimeSpan.TicksPerHour}h"
        : $"{every.Ticks / TimeSpan.TicksPerMinute}m";

    public static string? Text(TimeOnly? at) => at?.ToString(TimeForm, CultureInfo.InvariantCulture);

    /// <summary>
    /// A time that the clocks of the place skip is the moment at which they do; of one that they show twice it is the
    /// first.
    /// </summary>
    private static DateTimeOffset Moment(DateOnly day, TimeOnly time, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(time);
        while (zone.IsInvalidTime(local))
            local = local.AddMinutes(1);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    private static TimeSpan? ReadEvery(string text) =>
        text.Length is > 1 and <= 6
        && int.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? text[^1] switch
            {
                'm' => TimeSpan.FromMinutes(count),
                'h' => TimeSpan.FromHours(count),
                'd' => TimeSpan.FromDays(count),
                _ => null,
            }
            : null;

    /// <summary>Only by their IANA names: they mean the same on each system.</summary>
    private static TimeZoneInfo? Find(string name) =>
        name.Length <= 64 && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.HasIanaId ? zone : null;
}
