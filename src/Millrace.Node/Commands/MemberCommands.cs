using System.CommandLine;
using System.Globalization;
using Millrace.Node.Api;

namespace Millrace.Node.Commands;

/// <summary><c>millrace member record|list</c>: what rules about who asks are held against.</summary>
internal static class MemberCommands
{
    public static Command Create(Shell shell) => new ExampleCommand(
        "member",
        "What is recorded of other participants: seat, place of use, field of business, memberships.",
        "millrace member list --as operator")
    {
        Record(shell), List(shell),
    };

    private static Command Record(Shell shell)
    {
        var did = new Argument<string>("DID") { Description = "Whom it is about." };
        var seat = Text("--seat", "CODE", "Where it is registered: ISO 3166, like CN or CN-SH.");
        var place = Text("--place", "CODE", "Where it uses data: ISO 3166, like CN or CN-SH.");
        var industry = Text("--industry", "CODE", "Its field of business, by the space's classification.");
        var memberships = new Option<string[]>("--membership")
        {
            Description = "TYPE@ISSUER, the issuer a DID; with an end as TYPE@ISSUER=2027-01-01. May be repeated.",
            HelpName = "MEMBERSHIP",
        };
        var command = new ExampleCommand(
            "record",
            "Records what is known of another participant, in place of what was recorded before; it is logged.",
            "millrace member record did:web:data.example.org:analyst --seat CN-SH --place CN-SH --industry G5412 "
                + "--membership Member@did:web:space.example --as operator")
        {
            did, seat, place, industry, memberships,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var draft = new Member(
                run.Value(did), run.Value(seat), run.Value(place), run.Value(industry),
                [.. (run.Value(memberships) ?? []).Select(Membership)]);
            var me = await run.ParticipantAsync(cancel);
            var recorded = await me.PostAsync(
                "members", draft, ApiJson.Wire.Member, ApiJson.Wire.Member, cancel);
            return run.Show(recorded, member =>
            {
                run.Screen.Line($"{me.Participant.Id} recorded of {member.Did}:");
                run.Screen.Facts(
                    ("seat", member.Seat), ("place", member.Place), ("industry", member.Industry),
                    ("memberships", Memberships(member)));
            });
        });
    }

    private static Command List(Shell shell) => shell.DoesAs(
        new ExampleCommand("list", "Lists what is recorded of others.", "millrace member list --as operator"),
        async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var all = await me.GetAsync("members", ApiJson.Wire.IReadOnlyListMember, cancel);
            return run.Show(all, members =>
            {
                if (members.Count == 0)
                    run.Screen.Line("Nothing is recorded yet; record something with: millrace member record DID");
                else
                    run.Screen.Table(
                        ["DID", "seat", "place", "industry", "memberships"],
                        members.Select(m => (string[])
                            [m.Did, m.Seat ?? "", m.Place ?? "", m.Industry ?? "", Memberships(m)]));
            });
        });

    private static string Memberships(Member member) => string.Join(", ", (member.Memberships ?? []).Select(m =>
        $"{m.Type}@{m.Issuer}" + (m.Until is { } until ? $" until {Wording.Time(until)}" : "")));

    private static MembershipInfo Membership(string text)
    {
        var (name, until) = text.Split('=', 2) switch { [var n, var u] => (n, u), _ => (text, null) };
        DateTimeOffset? end = null;
        if (until is not null)
            end = DateTimeOffset.TryParse(
                until, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
                ? moment
                : throw CommandFailedException.BadInput($"{until} is no date like 2027-01-01.");
        return name.LastIndexOf("@did:", StringComparison.Ordinal) is > 0 and var at
            ? new MembershipInfo(name[..at], name[(at + 1)..], end)
            : throw CommandFailedException.BadInput(
                $"{name} must be TYPE@ISSUER, like Member@did:web:space.example.");
    }

    private static Option<string?> Text(string name, string kind, string description) =>
        new(name) { Description = description, HelpName = kind };
}
