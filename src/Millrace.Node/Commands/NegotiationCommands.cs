using System.CommandLine;
using System.Text.Json;
using Millrace.Node.Api;
using Millrace.Node.Commands.Nodes;
using Millrace.Protocol.Handling;

namespace Millrace.Node.Commands;

/// <summary><c>millrace negotiations …</c>: what is being negotiated, and the steps that a person takes.</summary>
internal static class NegotiationCommands
{
    public static Command Create(Shell shell) => new ExampleCommand(
        "negotiations",
        "Negotiations: what waits for you, what each round changed, and your next step.",
        "millrace negotiations list --as analyst")
    {
        List(shell),
        Show(shell),
        Step(shell, "accept", "Accepts, as consumer, the offer that the provider laid on the table."),
        StepWithTerms(
            shell, "counter", "Answers an offer, as consumer, with other terms.",
            "The terms wanted instead: an ODRL offer (JSON)."),
        StepWithTerms(
            shell, "offer", "Answers a request, as provider, with other terms.",
            "The terms offered instead: an ODRL offer (JSON)."),
        Propose(shell),
        Step(shell, "agree", "Agrees, as provider, to the terms on the table."),
        Step(shell, "verify", "Confirms, as consumer, the agreement that the provider sent."),
        Step(shell, "finalize", "Ends the negotiation, as provider, with the agreement in force."),
        Terminate(shell),
    };

    public static void Render(Screen screen, Negotiation negotiation)
    {
        screen.Line($"Negotiation {negotiation.Id}");
        screen.Facts(
            ("product", negotiation.Title is { } title ? $"{title} ({negotiation.Dataset})" : negotiation.Dataset),
            (negotiation.Role is "consumer" ? "provider" : "consumer", negotiation.Peer),
            ("offer", negotiation.Offer),
            ("state", negotiation.State),
            ("since", Wording.Time(negotiation.UpdatedAt)),
            ("agreement", negotiation.Agreement),
            ("ended", Wording.Why(negotiation.Refusal)),
            ("to do", negotiation.Waits ? ToDo(negotiation) : null));
    }

    private static Command List(Shell shell)
    {
        var command = new ExampleCommand(
            "list", "Lists the negotiations: first those that wait for you, then the latest.",
            "millrace negotiations list --as analyst");
        var pages = new PagedList(command);
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var all = await me.GetAsync(
                pages.Of(run, "negotiations"), ApiJson.Wire.IReadOnlyListNegotiation, cancel);
            var none = pages.None(run, "No negotiation yet; find an offer with: millrace catalogue search");
            return run.Show(all, negotiations => RenderAll(run.Screen, negotiations, none));
        });
    }

    private static void RenderAll(Screen screen, IReadOnlyList<Negotiation> negotiations, string none)
    {
        if (negotiations.Count == 0)
        {
            screen.Line(none);
            return;
        }
        screen.Table(
            ["id", "role", "product", "peer", "state", "since", "to do"],
            negotiations.OrderByDescending(n => n.Waits).ThenByDescending(n => n.UpdatedAt).Select(n => (string[])
            [
                n.Id, n.Role, n.Title ?? n.Dataset, n.Peer, n.State, Wording.Time(n.UpdatedAt),
                n.Waits ? ToDo(n) : "",
            ]));
        PagedList.Note(screen, "millrace negotiations list", [.. negotiations.Select(n => n.Id)]);
        if (negotiations.FirstOrDefault(n => n.Waits) is { } first)
            screen.Note($"The terms on the table: millrace negotiations show {first.Id}");
    }

    private static Command Show(Shell shell)
    {
        var id = Id();
        var command = new ExampleCommand(
            "show",
            "Shows a negotiation round by round, with what each round changed.",
            "millrace negotiations show urn:uuid:0198d5a0 --as analyst")
        {
            id,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var path = $"negotiations/{Uri.EscapeDataString(run.Value(id))}";
            var negotiation = await me.GetAsync(path, ApiJson.Wire.Negotiation, cancel);
            var rounds = await me.GetAsync($"{path}/rounds", ApiJson.Wire.IReadOnlyListNegotiationRound, cancel);
            // Two answers of the API as one, each as it came.
            var both = new Answer<Negotiation>(
                negotiation.Value, $$"""{"negotiation":{{negotiation.Json}},"rounds":{{rounds.Json}}}""");
            return run.Show(both, shown =>
            {
                Render(run.Screen, shown);
                RenderRounds(run.Screen, rounds.Value);
            });
        });
    }

    private static void RenderRounds(Screen screen, IReadOnlyList<NegotiationRound> rounds)
    {
        for (var i = 0; i < rounds.Count; i++)
        {
            var round = rounds[i];
            screen.Line();
            screen.Line($"Round {i + 1}, by the {round.By}");
            if (i == 0)
                screen.Terms(round.Terms);
            else if (round.Added.Count + round.Removed.Count == 0)
                screen.Line("  the same terms");
            foreach (var gone in round.Removed)
                screen.Line($"  no longer: {gone.Text} ({Wording.Reach(gone.Reach)})");
            foreach (var come in round.Added)
                screen.Line($"  new: {come.Text} ({Wording.Reach(come.Reach)})");
            if (round.Decision is { } decision)
                RenderDecision(screen, decision);
        }
    }

    private static void RenderDecision(Screen screen, RuleDecision decision)
    {
        screen.Line("  by your rule: " + decision.Outcome switch
        {
            "accept" => "agreed to",
            "refuse" => "refused",
            _ => "a person is asked",
        });
        if (decision.Text.Length > 0)
            screen.Line(decision.Line == WrittenRule.OtherwisePath
                ? $"    {decision.Text}"
                : $"    {decision.Line}: {decision.Text}");
        if (decision is { Outcome: "ask", Reason: { } why })
            screen.Line($"    {why}");
    }

    private static Command Step(Shell shell, string act, string description)
    {
        var id = Id();
        var command = new ExampleCommand(
            act, description, $"millrace negotiations {act} urn:uuid:0198d5a0 --as {As(act)}")
        {
            id,
        };
        var acceptance = act == "accept" ? new AcceptanceOptions(command) : null;
        return shell.DoesAs(
            command,
            (run, cancel) => TakeAsync(
                run, run.Value(id), new NegotiationAct(act, Acceptance: acceptance?.Of(run)), cancel));
    }

    private static Command StepWithTerms(Shell shell, string act, string description, string terms)
    {
        var id = Id();
        var file = new Argument<string>("FILE") { Description = terms };
        var command = new ExampleCommand(
            act, description, $"millrace negotiations {act} urn:uuid:0198d5a0 terms.json --as {As(act)}")
        {
            id, file,
        };
        var acceptance = act == "counter" ? new AcceptanceOptions(command) : null;
        return shell.DoesAs(command, (run, cancel) =>
        {
            var policy = InputFiles.ReadJson(run.Value(file));
            var step = new NegotiationAct(act, policy, Acceptance: acceptance?.Of(run));
            return TakeAsync(run, run.Value(id), step, cancel);
        });
    }

    /// <summary>Who takes that step, in an example.</summary>
    private static string As(string act) => act is "accept" or "counter" or "verify" ? "analyst" : "cta";

    private static Command Propose(Shell shell)
    {
        var product = new Argument<string>("PRODUCT") { Description = "The id of one of your products." };
        var offer = new Argument<string>("OFFER") { Description = "The id of one of its offers." };
        var to = new Option<string>("--to")
        {
            Description = "The DID of who gets it.", HelpName = "DID", Required = true,
        };
        var terms = new Option<string?>("--terms")
        {
            Description = "Other terms than the offer's, for them alone: an ODRL offer (JSON).", HelpName = "FILE",
        };
        var command = new ExampleCommand(
            "propose",
            "Makes somebody an offer, as provider, without being asked.",
            "millrace negotiations propose rides rides-offer --to did:web:data.example.org:lab --as cta")
        {
            product, offer, to, terms,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var policy = run.Value(terms) is { } file ? InputFiles.ReadJson(file) : (JsonElement?)null;
            var me = await run.ParticipantAsync(cancel);
            var opened = await me.PostAsync(
                "negotiations/offers",
                new OfferToDraft(run.Value(to)!, run.Value(product), run.Value(offer), policy),
                ApiJson.Wire.OfferToDraft, ApiJson.Wire.Negotiation, cancel);
            return run.Show(opened, n => Render(run.Screen, n));
        });
    }

    private static Command Terminate(Shell shell)
    {
        var id = Id();
        var (code, reason) = EndingOptions.Create();
        var command = new ExampleCommand(
            "terminate",
            "Ends a negotiation without an agreement, from either side.",
            "millrace negotiations terminate urn:uuid:0198d5a0 --reason \"We found another source.\" --as analyst")
        {
            id, code, reason,
        };
        return shell.DoesAs(command, (run, cancel) => TakeAsync(
            run, run.Value(id), new NegotiationAct("terminate", null, run.Value(code), run.Value(reason)), cancel));
    }

    private static async Task<int> TakeAsync(Run run, string id, NegotiationAct act, CancellationToken cancel)
    {
        var me = await run.ParticipantAsync(cancel);
        var path = $"negotiations/{Uri.EscapeDataString(id)}/acts";
        var taken = await me.PostAsync(path, act, ApiJson.Wire.NegotiationAct, ApiJson.Wire.Negotiation, cancel);
        return run.Show(taken, negotiation => Render(run.Screen, negotiation));
    }

    private static string ToDo(Negotiation negotiation) => string.Join(" or ", Steps(negotiation));

    private static IEnumerable<string> Steps(Negotiation negotiation) =>
        (negotiation.Acts ?? []).Where(a => a is not "terminate");

    private static Argument<string> Id() => new("NEGOTIATION") { Description = "The id of a negotiation." };
}
