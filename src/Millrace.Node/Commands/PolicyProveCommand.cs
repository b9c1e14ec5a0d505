using System.CommandLine;
using Millrace.Node.Api;
using Millrace.Node.Hosting;

namespace Millrace.Node.Commands;

/// <summary><c>millrace policy prove</c>: tries what a draft contract forbids, before anybody signs.</summary>
internal static class PolicyProveCommand
{
    public static Command Create(Shell shell)
    {
        var product = new Argument<string>("PRODUCT") { Description = "The id of a product." };
        var draft = new Option<string?>("--draft")
        {
            Description = "The terms to prove, an ODRL offer (JSON); else those of an offer of the product.",
            HelpName = "FILE",
        };
        var offer = new Option<string?>("--offer")
        {
            Description = "The id of an offer; else the first one.",
            HelpName = "ID",
        };
        var output = new Option<string?>("-o", "--output")
        {
            Description = "Where the draft goes with all results attached (JSON).",
            HelpName = "FILE",
        };
        var command = new ExampleCommand(
            "prove",
            "Acts as the consumer before anything is signed: tries each read that the terms forbid on the real "
                + "product, by every channel. Ends with 1 where something was let through.",
            "millrace policy prove rides --draft offer.json -o proof.json --as cta")
        {
            product, draft, offer, output,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var terms = run.Value(draft) is { } file ? PolicyFile.Read(file) : null;
            var wish = new ProofDraft(terms is null ? null : Shown.Policy(terms), run.Value(offer));
            var me = await run.ParticipantAsync(cancel);
            var proof = await run.Screen.WaitAsync("Trying what is forbidden", () => me.PostAsync(
                $"products/{Uri.EscapeDataString(run.Value(product))}/proof", wish, ApiJson.Wire.ProofDraft,
                ApiJson.Wire.Proof, cancel));
            if (run.Value(output) is { } path)
                OutputFile.Write(path, proof.Json.TrimEnd('\n') + "\n");
            run.Show(proof, p => Render(run.Screen, p));
            return proof.Value.Held ? ExitCode.Done : ExitCode.Refused;
        });
    }

    private static void Render(Screen screen, Proof proof)
    {
        screen.Line(proof.Held ? "All that was tried was refused." : "SOMETHING FORBIDDEN WAS LET THROUGH.");
        screen.Facts(("product", $"{proof.Product}, version {proof.Version}"), ("terms", proof.Terms));
        screen.Line();
        screen.Table(
            ["term", "reach", "result", "#tried"],
            proof.Clauses.Select(c => (string[])
                [c.Term.Text, Wording.Reach(c.Term.Reach), Status(c.Status), Wording.Count(c.Attempts.Count)]));
        foreach (var clause in proof.Clauses)
            foreach (var attempt in clause.Attempts.Where(a => !a.Held))
                screen.Line($"{clause.Term.Path}: {attempt.What} by {attempt.Channel}: {attempt.Result}");
    }

    private static string Status(string status) => status switch
    {
        "held" => "held",
        "broken" => "BROKEN",
        "not-tried" => "not tried",
        _ => status,
    };
}
