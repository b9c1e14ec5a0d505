using System.CommandLine;
using Millrace.Node.Api;
using Millrace.Node.Commands.Nodes;

namespace Millrace.Node.Commands;

/// <summary><c>millrace refresh</c>: a new version out of a product's source, now or by the clock.</summary>
internal static class RefreshCommand
{
    public static Command Create(Shell shell)
    {
        var id = new Argument<string>("PRODUCT") { Description = "The id of a product that has a source." };
        var whole = new Option<bool>("--whole")
        {
            Description = "Reads all of it: of a source that only grows too, and where its server says that nothing "
                + "changed.",
        };
        var every = Text("--every", "TIME", "Reads it by the clock: minutes, hours or days, such as 15m, 6h or 1d.");
        var at = Text("--at", "HH:MM", "Reads it each day at that time of --zone.");
        var zone = Text("--zone", "ZONE", "A time zone of IANA, such as Europe/Berlin or Etc/UTC.");
        var off = new Option<bool>("--off") { Description = "Reads it by the clock no more." };
        var show = new Option<bool>("--show") { Description = "Shows when it is read next, and what came of it last." };
        var command = new ExampleCommand(
            "refresh",
            "Reads a product's source again, now or by the clock; a new version is made if it holds something else.",
            "millrace refresh orders --as factory",
            "millrace refresh orders --as factory --every 6h",
            "millrace refresh orders --as factory --at 03:00 --zone Europe/Berlin",
            "millrace refresh orders --as factory --show",
            "millrace refresh orders --as factory --off")
        {
            id, whole, every, at, zone, off, show,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var draft = new ScheduleDraft(run.Value(every), run.Value(at), run.Value(zone));
            var isSet = draft != new ScheduleDraft();
            var wishes = new[] { isSet, run.Value(off), run.Value(show), run.Value(whole) };
            if (wishes.Count(w => w) > 1)
                throw CommandFailedException.BadInput(
                    "Say one of them: --every, --at with --zone, --off, --show or --whole.");
            var me = await run.ParticipantAsync(cancel);
            var path = $"products/{Uri.EscapeDataString(run.Value(id))}";
            if (!isSet && !run.Value(off) && !run.Value(show))
                return await RefreshAsync(run, me, path, run.Value(whole), cancel);
            var schedule = run.Value(show)
                ? await me.GetAsync($"{path}/schedule", ApiJson.Wire.RefreshInfo, cancel)
                : await me.PostAsync(
                    $"{path}/schedule", draft, ApiJson.Wire.ScheduleDraft, ApiJson.Wire.RefreshInfo, cancel);
            return run.Show(schedule, s => Render(run.Screen, s));
        });
    }

    private static async Task<int> RefreshAsync(
        Run run, ParticipantClient me, string path, bool whole, CancellationToken cancel)
    {
        var before = await me.GetAsync(path, ApiJson.Wire.Product, cancel);
        var after = await me.PostAsync(
            $"{path}/refresh{(whole ? "?whole=true" : "")}", null, ApiJson.Wire.Product, cancel);
        return run.Show(after, product => run.Screen.Line(
            product.Latest.Number == before.Value.Latest.Number
                ? $"{product.Title} is unchanged: version {product.Latest.Number} has "
                  + (product.Source?.Incremental is null || whole
                      ? "what its source holds."
                      : "all rows that came; those that changed or went, --whole would show.")
                : $"{product.Title} has a new version, {product.Latest.Number}, of "
                  + $"{Wording.Count(product.Latest.Rows)} rows."));
    }

    private static void Render(Screen screen, RefreshInfo refresh)
    {
        var when = refresh switch
        {
            { Every: { } every } => $"every {every}",
            { At: { } at } => $"each day at {at}, {refresh.Zone}",
            _ => "never by the clock",
        };
        screen.Facts(
            ("refreshed", when),
            ("next", refresh.Running ? "running now" : refresh.Next is { } next ? Wording.Time(next) : null),
            ("last", refresh.Last is { } last ? $"{Wording.Time(last.At)}: {Told(last)}" : null),
            ("failures", refresh.Failures > 0 ? $"{refresh.Failures} in a row" : null));
    }

    private static string Told(RefreshResult last) => last.Result switch
    {
        "new-version" => $"version {last.Version}",
        "unchanged" => $"unchanged, version {last.Version}",
        _ => last.Reason ?? last.Result,
    };

    private static Option<string?> Text(string name, string kind, string description) =>
        new(name) { Description = description, HelpName = kind };
}
