using System.CommandLine;
using Millrace.Node.Api;

namespace Millrace.Node.Commands;

/// <summary><c>millrace policy default</c>: what a holder hides of a product whatever is agreed.</summary>
internal static class PolicyDefaultCommand
{
    public static Command Create(Shell shell)
    {
        var product = new Argument<string>("PRODUCT") { Description = "The id of a product." };
        var hide = new Option<string[]>("--hide")
        {
            Description = "A column that is never released; may be repeated.",
            HelpName = "COLUMN",
        };
        var mask = new Option<string[]>("--mask")
        {
            Description = "A mask as COLUMN=MASK, such as name=first:1 or id=hash; may be repeated.",
            HelpName = "COLUMN=MASK",
        };
        var clear = new Option<bool>("--clear") { Description = "Hides nothing any more." };
        var command = new ExampleCommand(
            "default",
            "Shows or sets what is hidden of a product whatever is agreed. Agreements that run keep what they froze.",
            "millrace policy default rides --as cta",
            "millrace policy default rides --hide driver --mask card=last:4 --as cta")
        {
            product, hide, mask, clear,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var (hidden, masks) = (run.Value(hide) ?? [], run.Value(mask) ?? []);
            var draft = new DefaultPlanDraft(hidden, Masks(masks));
            var me = await run.ParticipantAsync(cancel);
            var path = $"products/{Uri.EscapeDataString(run.Value(product))}/default-plan";
            var plan = hidden.Length + masks.Length > 0 || run.Value(clear)
                ? await me.PostAsync(
                    path, draft, ApiJson.Wire.DefaultPlanDraft, ApiJson.Wire.DefaultPlanDraft, cancel)
                : await me.GetAsync(path, ApiJson.Wire.DefaultPlanDraft, cancel);
            return run.Show(plan, p => Render(run.Screen, p));
        });
    }

    private static void Render(Screen screen, DefaultPlanDraft plan)
    {
        if ((plan.Hidden ?? []).Count + (plan.Masks?.Count ?? 0) == 0)
            screen.Line("Nothing is hidden but what an agreement hides.");
        screen.Facts(
            ("hidden", string.Join(", ", plan.Hidden ?? [])),
            ("masked", string.Join(", ", (plan.Masks ?? new Dictionary<string, string>())
                .Select(m => $"{m.Key} ({m.Value})"))));
    }

    private static Dictionary<string, string> Masks(IReadOnlyList<string> texts)
    {
        var masks = new Dictionary<string, string>();
        foreach (var text in texts)
            if (text.LastIndexOf('=') is not (> 0 and var at) || !masks.TryAdd(text[..at], text[(at + 1)..]))
                throw CommandFailedException.BadInput($"{text} must be COLUMN=MASK, each column once.");
        return masks;
    }
}
