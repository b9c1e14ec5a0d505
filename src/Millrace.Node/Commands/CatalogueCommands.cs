using System.CommandLine;
using Millrace.Node.Api;
using Millrace.Node.Commands.Nodes;

namespace Millrace.Node.Commands;

/// <summary><c>millrace catalogue search|show</c>: what the known peers offer.</summary>
internal static class CatalogueCommands
{
    public static Command Create(Shell shell) => new ExampleCommand(
        "catalogue", "What other participants offer.", "millrace catalogue search weather --as analyst")
    {
        Search(shell), Show(shell),
    };

    /// <summary>Asks the known peers, or the one given; those that did not answer are named as remarks.</summary>
    public static async Task<Answer<CatalogueHits>> AskAsync(
        Run run, ParticipantClient me, string words, string? provider, CancellationToken cancel)
    {
        var query = $"catalogue?q={Uri.EscapeDataString(words)}"
            + (provider is null ? "" : $"&provider={Uri.EscapeDataString(provider)}");
        var hits = await run.Screen.WaitAsync(
            "Asking the catalogues", () => me.GetAsync(query, ApiJson.Wire.CatalogueHits, cancel));
        foreach (var peer in hits.Value.Unreachable)
            run.Screen.Note($"{peer.Provider} did not answer: {peer.Reason}");
        return hits;
    }

    public static void Render(Screen screen, CatalogueHit hit)
    {
        screen.Line(hit.Title);
        screen.Facts(
            ("id", hit.Id),
            ("provider", hit.ProviderTitle is { } title ? $"{title} ({hit.Provider})" : hit.Provider),
            ("about", hit.Description),
            ("keywords", string.Join(", ", hit.Keywords)),
            ("rows", Wording.Count(hit.Rows)),
            ("quality", Wording.Score(hit.Quality)),
            ("formats", string.Join(", ", hit.Formats)));
        foreach (var offer in hit.Offers)
        {
            screen.Line();
            screen.Line($"Offer {offer.Id}");
            screen.Terms(offer.Terms);
        }
    }

    private static Command Search(Shell shell)
    {
        var words = new Argument<string[]>("WORD")
        {
            Description = "Words to look for; without any, everything.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var provider = new Option<string?>("--provider") { Description = "Ask only this one.", HelpName = "DID" };
        var command = new ExampleCommand(
            "search",
            "Searches the catalogues of the known peers.",
            "millrace catalogue search chicago weather --as analyst")
        {
            words, provider,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var query = string.Join(' ', run.Value(words));
            var hits = await AskAsync(run, me, query, run.Value(provider), cancel);
            return run.Show(hits, found =>
            {
                if (found.Datasets.Count == 0)
                    run.Screen.Line("Nothing found.");
                else
                    run.Screen.Table(
                        ["id", "title", "provider", "#rows", "#quality", "offers"],
                        found.Datasets.Select(Row));
            });
        });
    }

    private static string[] Row(CatalogueHit hit) =>
    [
        hit.Id,
        hit.Title,
        hit.ProviderTitle ?? hit.Provider,
        Wording.Count(hit.Rows),
        Wording.Score(hit.Quality),
        string.Join(", ", hit.Offers.Select(o => o.Id)),
    ];

    private static Command Show(Shell shell)
    {
        var id = new Argument<string>("PRODUCT") { Description = "The id of a product." };
        var provider = new Option<string?>("--provider")
        {
            Description = "Whose product; may be left out where the id is clear.",
            HelpName = "DID",
        };
        var command = new ExampleCommand(
            "show",
            "Shows a product with the terms of its offers.",
            "millrace catalogue show weather --as analyst")
        {
            id, provider,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var whose = run.Value(provider) ?? await ProviderOfAsync(run, me, run.Value(id), cancel);
            var path = $"catalogue/{Uri.EscapeDataString(run.Value(id))}?provider={Uri.EscapeDataString(whose)}";
            var hit = await me.GetAsync(path, ApiJson.Wire.CatalogueHit, cancel);
            return run.Show(hit, h => Render(run.Screen, h));
        });
    }

    private static async Task<string> ProviderOfAsync(
        Run run, ParticipantClient me, string id, CancellationToken cancel)
    {
        var hits = await AskAsync(run, me, "", null, cancel);
        var providers = hits.Value.Datasets.Where(d => d.Id == id).Select(d => d.Provider).Distinct().ToList();
        return providers.Count switch
        {
            1 => providers[0],
            0 => throw CommandFailedException.Refused(
                "unknown-product", $"No known peer offers a product \"{id}\"; see: millrace catalogue search"),
            _ => throw CommandFailedException.BadInput(
                $"Several peers offer a product \"{id}\"; add --provider with one of: {string.Join(", ", providers)}."),
        };
    }
}
