using System.CommandLine;
using System.Text.Json;
using Millrace.Node.Api;
using Millrace.Node.Commands.Nodes;

namespace Millrace.Node.Commands;

/// <summary><c>millrace negotiate</c>: from an offer to an agreement.</summary>
internal static class NegotiateCommand
{
    // A day, in seconds.
    private const int WaitMax = 86_400;

    public static Command Create(Shell shell)
    {
        var offer = new Argument<string>("OFFER")
        {
            Description = "The id of an offer, or of a product that has just one offer.",
        };
        var at = new Option<string?>("--at")
        {
            Description = "Who offers it; may be left out where a known peer does.",
            HelpName = "DID|URL",
        };
        var wait = new Option<int>("--wait")
        {
            Description = "How long to wait for the other side.",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => 60,
        }.Within(0, WaitMax);
        var counter = new Option<string?>("--counter")
        {
            Description = "Ask for other terms than the offer's: an ODRL offer (JSON).",
            HelpName = "FILE",
        };
        var manual = new Option<bool>("--manual")
        {
            Description = "Only open it: your further steps wait for you under millrace negotiations.",
        };
        var command = new ExampleCommand(
            "negotiate",
            "Finds an offer in the catalogues and negotiates until both sides have an agreement.",
            "millrace negotiate weather-offer --as analyst",
            "millrace negotiate weather --as analyst --at did:web:data.example.org:noaa",
            "millrace negotiate weather-offer --as analyst --counter terms.json --manual")
        {
            offer, at, wait, counter, manual,
        };
        var acceptance = new AcceptanceOptions(command);
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var other = run.Value(counter) is { } file ? InputFiles.ReadJson(file) : (JsonElement?)null;
            var me = await run.ParticipantAsync(cancel);
            var provider = run.Value(at) is { } address ? await IntroduceAsync(me, address, cancel) : null;
            var hits = await CatalogueCommands.AskAsync(
                run, me, cancel, ("id", run.Value(offer)), ("provider", provider));
            var draft = Choose(run.Value(offer), hits.Value) with
            {
                Policy = other, Manual = run.Value(manual), Acceptance = acceptance.Of(run),
            };
            var opened = await me.PostAsync(
                "negotiations", draft, ApiJson.Wire.NegotiationDraft, ApiJson.Wire.Negotiation, cancel);
            if (draft.Manual)
                return run.Show(opened, n => NegotiationCommands.Render(run.Screen, n));
            var within = TimeSpan.FromSeconds(run.Value(wait));
            var ended = await run.Screen.WaitAsync(
                "Negotiating",
                () => me.WaitAsync(
                    $"negotiations/{Uri.EscapeDataString(opened.Value.Id)}",
                    ApiJson.Wire.Negotiation, n => n.State is "FINALIZED" or "TERMINATED", within, cancel));
            Require(ended.Value);
            var agreement = run.Json ? null : await AgreementsCommand.GetAsync(me, ended.Value.Agreement!, cancel);
            return run.Show(ended, _ => AgreementsCommand.Render(run.Screen, agreement!.Value));
        });
    }

    /// <summary>Picks the offer; where there are several, the answer is a question back.</summary>
    internal static NegotiationDraft Choose(string wanted, CatalogueHits hits)
    {
        var all = hits.Datasets.SelectMany(d => d.Offers.Select(o => new NegotiationDraft(d.Provider, d.Id, o.Id)));
        var exact = all.Where(o => o.Offer == wanted).Distinct().ToList();
        var found = exact.Count > 0 ? exact : [.. all.Where(o => o.Dataset == wanted).Distinct()];
        if (found.Count == 0)
            throw CommandFailedException.Refused(
                "unknown-offer", $"No known peer offers \"{wanted}\"; see: millrace catalogue search");
        return found.Count == 1
            ? found[0]
            : throw CommandFailedException.BadInput(found.DistinctBy(o => o.Provider).Count() > 1
                ? $"Several peers offer \"{wanted}\"; add --at with one of: {Names(found.Select(o => o.Provider))}."
                : $"\"{wanted}\" has several offers; name one of: {Names(found.Select(o => o.Offer))}.");
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Distinct());

    private static async Task<string> IntroduceAsync(ParticipantClient me, string address, CancellationToken cancel)
    {
        var peer = await me.PostAsync(
            "peers", new PeerDraft(address), ApiJson.Wire.PeerDraft, ApiJson.Wire.Peer, cancel);
        return peer.Value.Did;
    }

    private static void Require(Negotiation negotiation)
    {
        if (negotiation is { State: "TERMINATED", Refusal: { } refusal })
            throw CommandFailedException.Refused(refusal.Code, refusal.Reason, refusal.Rule);
        if (negotiation.State is "TERMINATED")
            throw CommandFailedException.Refused("terminated", $"{negotiation.Peer} ended the negotiation.");
        if (negotiation is not { State: "FINALIZED", Agreement: not null })
            throw CommandFailedException.Refused(
                "not-settled",
                $"The negotiation is still in state {negotiation.State}; it goes on while the node runs. "
                + $"See: millrace negotiations show {negotiation.Id}");
    }
}
