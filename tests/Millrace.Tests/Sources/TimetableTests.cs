using System.Globalization;
using Millrace.Node;
using Millrace.Node.Api;
using Millrace.Node.Products;
using Millrace.Node.Storage.Records;

namespace Millrace.Tests.Sources;

/// <summary>When sources are read by the clock.</summary>
public sealed class TimetableTests
{
    private static readonly DateTimeOffset _start = Moment("2001-01-22T10:07:00Z");

    [Theory]
    [InlineData("15m", "2001-01-22T10:07:00Z", "2001-01-22T10:22:00Z")]
    [InlineData("15m", "2001-01-22T10:21:59Z", "2001-01-22T10:22:00Z")]
    [InlineData("15m", "2001-01-22T10:22:00Z", "2001-01-22T10:37:00Z")]
    [InlineData("6h", "2001-01-25T00:00:00Z", "2001-01-25T04:07:00Z")]
    [InlineData("1d", "2001-01-22T09:00:00Z", "2001-01-23T10:07:00Z")]
    public void An_interval_is_counted_from_when_it_was_set(string every, string after, string next) =>
        Assert.Equal(Moment(next), Timetable.Next(Read(new ScheduleDraft(Every: every)), Moment(after)));

    [Theory]
    [InlineData("Etc/UTC", "03:00", "2001-01-22T02:59:59Z", "2001-01-22T03:00:00Z")]
    [InlineData("Etc/UTC", "03:00", "2001-01-22T03:00:00Z", "2001-01-23T03:00:00Z")]
    [InlineData("Asia/Shanghai", "00:30", "2001-01-22T10:00:00Z", "2001-01-22T16:30:00Z")]
    [InlineData("America/Los_Angeles", "23:30", "2001-01-22T06:00:00Z", "2001-01-22T07:30:00Z")]
    // Winter and summer are one hour apart.
    [InlineData("Europe/Berlin", "03:00", "2026-01-10T12:00:00Z", "2026-01-11T02:00:00Z")]
    [InlineData("Europe/Berlin", "03:00", "2026-07-10T12:00:00Z", "2026-07-11T01:00:00Z")]
    // 02:00 to 03:00 of 2026-03-29 is not there: what falls into it is run as it ends.
    [InlineData("Europe/Berlin", "02:30", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("Europe/Berlin", "02:30", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z")]
    // 02:00 to 03:00 of 2026-10-25 is there twice: the first one counts, and only it.
    [InlineData("Europe/Berlin", "02:30", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z")]
    [InlineData("Europe/Berlin", "02:30", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")]
    // Half an hour, on Lord Howe Island.
    [InlineData("Australia/Lord_Howe", "02:15", "2026-10-03T00:00:00Z", "2026-10-03T15:30:00Z")]
    public void A_time_of_day_is_that_of_its_place(string zone, string at, string after, string next) =>
        Assert.Equal(Moment(next), Timetable.Next(Read(new ScheduleDraft(At: at, Zone: zone)), Moment(after)));

    [Theory]
    [InlineData("Europe/Berlin")]
    [InlineData("America/St_Johns")]
    [InlineData("Africa/Casablanca")]
    public void Each_day_has_one_turn_and_each_turn_is_later(string zone)
    {
        for (var minute = 0; minute < 24 * 60; minute += 30)
        {
            var at = TimeOnly.MinValue.AddMinutes(minute).ToString("HH:mm", CultureInfo.InvariantCulture);
            var schedule = Read(new ScheduleDraft(At: at, Zone: zone));
            var first = Timetable.Next(schedule, Moment("2026-01-01T00:00:00Z"));
            var turn = first;
            for (var day = 0; day < 365; day++)
            {
                var next = Timetable.Next(schedule, turn);
                Assert.InRange(next - turn, TimeSpan.FromHours(22), TimeSpan.FromHours(26));
                turn = next;
            }
            Assert.InRange(turn - first, TimeSpan.FromDays(365) - TimeSpan.FromHours(2), TimeSpan.FromDays(365.1));
        }
    }

    [Theory]
    [InlineData("0m", null, null, "interval")]
    [InlineData("-1m", null, null, "interval")]
    [InlineData("6", null, null, "interval")]
    [InlineData("h", null, null, "interval")]
    [InlineData("6 h", null, null, "interval")]
    [InlineData("6w", null, null, "interval")]
    [InlineData("367d", null, null, "interval")]
    [InlineData("99999999999d", null, null, "interval")]
    [InlineData("6h", "03:00", "Etc/UTC", "one of both")]
    [InlineData("6h", null, "Etc/UTC", "one of both")]
    [InlineData(null, null, "Etc/UTC", "one of both")]
    [InlineData(null, "03:00", null, "needs the time zone")]
    [InlineData(null, "3:00", "Etc/UTC", "time of day")]
    [InlineData(null, "24:00", "Etc/UTC", "time of day")]
    [InlineData(null, "03:00", "Europe/Nowhere", "no time zone")]
    [InlineData(null, "03:00", "../../etc/passwd", "no time zone")]
    [InlineData(null, "03:00", "W. Europe Standard Time", "no time zone")]
    public void What_is_no_schedule_is_refused(string? every, string? at, string? zone, string told)
    {
        Assert.True(Timetable.Read(new ScheduleDraft(every, at, zone), _start, Limits.Default)
            .Refused(out var refusal, out _));
        Assert.Equal("bad-schedule", refusal.Code);
        Assert.Contains(told, refusal.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(5, 16)]
    [InlineData(7, 60)]
    [InlineData(100_000, 60)]
    public void A_source_that_fails_is_asked_again_ever_more_seldom(int failures, int minutes)
    {
        var daily = Read(new ScheduleDraft(Every: "1d"));
        Assert.Equal(
            _start.AddMinutes(minutes), Timetable.Again(daily, failures, mayHeal: true, _start, Limits.Default));
        // What time does not mend waits for the next turn; a short interval does not shorten the pause.
        Assert.Equal(_start.AddDays(1), Timetable.Again(daily, failures, mayHeal: false, _start, Limits.Default));
        var often = Read(new ScheduleDraft(Every: "1m"));
        Assert.Equal(
            _start.AddMinutes(minutes), Timetable.Again(often, failures, mayHeal: false, _start, Limits.Default));
    }

    [Theory]
    [InlineData("90m", "90m")]
    [InlineData("120m", "2h")]
    [InlineData("48h", "2d")]
    public void An_interval_is_written_in_its_largest_unit(string every, string text) =>
        Assert.Equal(text, Timetable.Text(Read(new ScheduleDraft(Every: every)).Every!.Value));

    private static RefreshSchedule Read(ScheduleDraft draft) =>
        Timetable.Read(draft, _start, Limits.Default).Refused(out var refusal, out var schedule)
            ? throw new InvalidOperationException(refusal.Reason)
            : schedule;

    private static DateTimeOffset Moment(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
