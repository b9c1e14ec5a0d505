using System.CommandLine;
using System.Globalization;
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

    /// <summary>
    /// Asks for what the known peers offer, or the one given; those that did not answer are remarked.
    /// </summary>
    /// <param name="query">Parts of the query, each as it goes into the address; null is left out.</param>
    public static async Task<Answer<CatalogueHits>> AskAsync(
        Run run, ParticipantClient me, CancellationToken cancel, params (string Name, string? Value)[] query)
    {
        var parts = from part in query
            where part.Value is not null
            select $"{part.Name}={Uri.EscapeDataString(part.Value)}";
        var hits = await run.Screen.WaitAsync(
            "Asking the catalogues",
            () => me.GetAsync($"catalogue?{string.Join('&', parts)}", ApiJson.Wire.CatalogueHits, cancel));
        foreach (var peer in hits.Value.Unreachable)
        {
            var read = hits.Value.Catalogues?.FirstOrDefault(c => c.Provider == peer.Provider);
            var age = read is null ? "" : $" (shown as of {Wording.Time(read.ReadAt)})";
            run.Screen.Note($"{peer.Provider} did not answer: {peer.Reason}{age}");
        }
        foreach (var read in (hits.Value.Catalogues ?? []).Where(c => c.LeftOut > 0))
            run.Screen.Note(
                $"{Wording.Count(read.LeftOut)} data set(s) of {read.Provider} cannot be used here, the first because: "
                + read.LeftOutFor);
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
            (hit.HoldsFiles ? "files" : "rows", Wording.Count(hit.Rows)),
            ("quality", Wording.Score(hit.Quality)),
            ("formats", string.Join(", ", hit.Formats)));
        if (hit.Query is { } query)
            QueryTable.Render(screen, query);
        if (hit.Elements is { Count: > 0 } elements)
        {
            screen.Line();
            screen.Table(
                ["column", "holds", "term", "名称"],
                elements.Select(e => (string[])
                    [e.Column, e.Element.Element, e.Element.En?.Term ?? "", e.Element.Zh?.Term ?? ""]));
        }
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
        var fresh = new Option<bool>("--fresh") { Description = "Read the catalogues again before searching." };
        var limit = new Option<int?>("--limit") { Description = "How many to show.", HelpName = "COUNT" }
            .Within(1, Limits.Default.PageMax);
        var skip = new Option<int?>("--skip") { Description = "How many to leave out.", HelpName = "COUNT" }
            .Within(0, Limits.Default.FindingsMax);
        var command = new ExampleCommand(
            "search",
            "Searches the catalogues of the known peers for all of the words; the best hits come first.",
            "millrace catalogue search chicago weather --as analyst",
            "millrace catalogue search 天气 --fresh --as analyst")
        {
            words, provider, fresh, limit, skip,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var me = await run.ParticipantAsync(cancel);
            var hits = await AskAsync(
                run, me, cancel, ("q", string.Join(' ', run.Value(words))), ("provider", run.Value(provider)),
                ("fresh", run.Value(fresh) ? "true" : null), ("limit", Number(run.Value(limit))),
                ("skip", Number(run.Value(skip))));
            return run.Show(hits, found =>
            {
                Remark(run.Screen, found);
                if (found.Datasets.Count == 0)
                    run.Screen.Line("Nothing found.");
                else
                    run.Screen.Table(
                        ["id", "title", "provider", "#rows", "#quality", "offers"],
                        found.Datasets.Select(Row));
            });
        });
    }

    private static void Remark(Screen screen, CatalogueHits hits)
    {
        if (hits.Catalogues is { Count: > 0 } read)
            screen.Note($"As of {Wording.Time(read.Min(c => c.ReadAt))}; --fresh reads the catalogues again.");
        if (hits.More)
            screen.Note("There are more: add words, or show the next with --skip.");
    }

    private static string? Number(int? number) => number?.ToString(CultureInfo.InvariantCulture);

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
        var hits = await AskAsync(run, me, cancel, ("id", id));
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
