using System.CommandLine;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Millrace.Engine.Supply.Classification;
using Millrace.Engine.Supply.Conversions;
using Millrace.Node.Api;
using Millrace.Node.Commands.Nodes;

namespace Millrace.Node.Commands;

/// <summary><c>millrace publish</c>: from files to a data product.</summary>
internal static class PublishCommand
{
    private const string FirstParticipant = "me";

    public static Command Create(Shell shell)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "CSV, Excel, JSON, Parquet or Arrow files of one table; gzip, zstd and ZIP are unpacked. "
                + "A folder stands for the files in it. With --files, files and folders of any kind.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var from = Text("--from", "SOURCE", "A source (JSON) that the node reads the table from, instead of files.");
        var offer = Text("--offer", "FILE", "An ODRL offer (JSON) under which the product may be had.");
        var query = Text("--query", "FILE", "A query (JSON) that can be called, instead of a table that can be read.");
        var title = Text("--title", "TEXT", "The title; else the file's name.");
        var description = Text("--description", "TEXT", "What the data are.");
        var id = Text("--id", "ID", "The product's id; an existing one gets a new version.");
        var keywords = new Option<string[]>("--keyword")
        {
            Description = "A keyword; may be repeated.",
            HelpName = "WORD",
        };
        var ask = new Option<bool>("--ask")
        {
            Description = "A person decides on each request for the offer, not its terms alone.",
        };
        var rule = Text("--rule", "FILE", "A written rule (JSON) decides on each request for the offer.");
        var visible = Text("--visible", "FILE", "Who sees the offer (JSON); else everybody does.");
        var collection = new Option<bool>("--files")
        {
            Description = "The files themselves are the product: an index of them is its table.",
        };
        var index = Text("--index", "FILE", "With --files: a table with a column path that says more of each file.");
        var contract = Text("--contract", "FILE", "A data contract (YAML): this version and later ones must keep it.");
        var about = Text(
            "--about", "FILE",
            "A description written elsewhere (DCAT, Croissant, data contract, provenance): title, text, keywords and "
                + "what is stated of the data's origin come from it.");
        var convert = new Option<string[]>("--convert")
        {
            Description = "A column to publish in another unit, or by the codes of a list; later versions too. "
                + "May be repeated; none takes the columns as they are.",
            HelpName = Conversion.Form,
        };
        var append = new Option<bool>("--append")
        {
            Description = "The rows follow those of the product's newest version, instead of replacing them.",
        };
        var command = new ExampleCommand(
            "publish",
            "Turns files into a data product: stored unchangeably, profiled, scored and described.",
            "millrace publish my.csv",
            "millrace publish rides.csv --as cta --title \"Daily rides\" --offer offer.json --ask",
            "millrace publish rides.csv --as cta --offer offer.json --rule rule.json",
            "millrace publish today.csv --as cta --id rides --append",
            "millrace publish rides.csv --as cta --id rides --contract rides.yaml",
            "millrace publish rides.csv --as cta --id rides --about provenance.json",
            "millrace publish rides --as cta",
            "millrace publish trips.csv --as cta --convert distance_mi=km --convert \"temp=[degF]:Cel\"",
            "millrace publish --from orders.json --as factory --id orders",
            "millrace publish photos --files --index labels.csv --as museum --title \"Photos\"",
            "millrace publish rides.csv --as cta --id rides-by-station --query query.json --offer offer.json")
        {
            files, from, offer, ask, rule, visible, query, title, description, id, keywords, collection, index, append,
            contract, about, convert,
        };
        return shell.DoesAs(command, async (run, cancel) =>
        {
            var isCollection = run.Value(collection);
            var source = run.Value(from) is { } document ? SourceInput.Read(document) : null;
            if (source is null == run.Value(files) is [] || (source is not null && isCollection))
                throw CommandFailedException.BadInput("Name files, or a source with --from, one of both.");
            var inputs = isCollection ? InputFiles.Collect(run.Value(files))
                : source is null ? InputFiles.OfTable(run.Value(files)) : [];
            var labels = run.Value(index) is { } said ? InputFiles.Check([said]) : [];
            if (labels.Count > 0 && !isCollection)
                throw CommandFailedException.BadInput("An index says more of files: give --files with it.");
            var draft = new ProductDraft(
                run.Value(id),
                run.Value(title) ?? (run.Value(id) is null && run.Value(files) is [var first, ..]
                    && (isCollection || Directory.Exists(first)) ? FolderName(first) : null),
                run.Value(description),
                run.Value(keywords) is { Length: > 0 } words ? words : null,
                run.Value(offer) is { } path ? InputFiles.ReadJson(path) : null,
                run.Value(ask) ? "ask" : null,
                Rule: run.Value(rule) is { } written ? InputFiles.ReadJson(written) : null,
                Visible: run.Value(visible) is { } shown ? InputFiles.ReadJson(shown) : null,
                Query: run.Value(query) is { } asked ? InputFiles.ReadJson(asked) : null,
                Append: run.Value(append),
                Kind: isCollection ? "files" : null,
                Contract: run.Value(contract) is { } promised ? ContractFile.Read(promised) : null,
                Source: source,
                About: run.Value(about) is { } elsewhere ? ContractFile.Read(elsewhere) : null,
                Convert: Conversions(run.Value(convert)));
            var me = await HolderAsync(run, cancel);
            var product = source is null
                ? await UploadAsync(run.Screen, me, draft, inputs, labels, cancel)
                : await me.PostAsync(
                    "products", draft, ApiJson.Wire.ProductDraft, ApiJson.Wire.Product, cancel);
            return run.Show(product, p => Render(run.Screen, me.Participant, p));
        });
    }

    /// <summary>On a node without participants the first one is made, so that one command publishes a file.</summary>
    private static async Task<ParticipantClient> HolderAsync(Run run, CancellationToken cancel)
    {
        var node = await run.NodeAsync(cancel, isFirst: true);
        var all = await node.GetAsync("participants", ApiJson.Wire.IReadOnlyListParticipant, cancel);
        if (all.Value.Count > 0)
            return new ParticipantClient(node, ParticipantChoice.Choose(run.As, all.Value), run.World.Time);
        var name = run.As ?? FirstParticipant;
        var added = await node.PostAsync(
            "participants",
            new ParticipantDraft(name, name),
            ApiJson.Wire.ParticipantDraft,
            ApiJson.Wire.Participant,
            cancel);
        run.Screen.Note($"This node had no participant yet: created \"{added.Value.Id}\" ({added.Value.Did}).");
        return new ParticipantClient(node, added.Value, run.World.Time);
    }

    private static Task<Answer<Product>> UploadAsync(
        Screen screen,
        ParticipantClient me,
        ProductDraft draft,
        IReadOnlyList<InputFile> files,
        IReadOnlyList<InputFile> index,
        CancellationToken cancel)
    {
        var (done, total) = (0L, files.Sum(f => f.Bytes) + index.Sum(f => f.Bytes));
        return screen.ProgressAsync($"Publishing {files[0].Name}", async progress =>
        {
            using var form = new MultipartFormDataContent();
            form.Add(
                new StringContent(
                    JsonSerializer.Serialize(draft, ApiJson.Wire.ProductDraft), Encoding.UTF8, "application/json"),
                "product");
            foreach (var (part, file) in files.Select(f => ("files", f)).Concat(index.Select(f => ("index", f))))
            {
                var body = new FileUpload(file.Path, file.Bytes, sent => progress.Report((done += sent, total)));
                body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
                // Only the encoded form (RFC 5987) carries every name, quotes and Chinese among them.
                body.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data")
                {
                    Name = part,
                    FileNameStar = file.Name,
                };
                form.Add(body);
            }
            return await me.PostAsync("products", form, ApiJson.Wire.Product, cancel);
        });
    }

    private static IReadOnlyList<Conversion>? Conversions(string[]? written) => written switch
    {
        null or [] => null,
        ["none"] => [],
        _ =>
        [
            .. written.Select(w => Conversion.Read(w) ?? throw CommandFailedException.BadInput(
                $"{w} is no conversion: write {Conversion.Form}, such as distance_mi=km.")),
        ],
    };

    private static void Render(Screen screen, Participant holder, Product product)
    {
        var version = product.Latest;
        screen.Line($"Published {product.Title} as {holder.Id}, version {version.Number}.");
        screen.Facts(
            ("id", product.Id),
            ("rows", Wording.Count(version.Rows)),
            ("size", Wording.Size(version.Bytes)),
            ("quality", Wording.Quality(version.Quality)),
            ("level", product.Classification is { } found ? $"{found.Level} of {LevelRule.Highest}" : null),
            ("read as", ReadAs(version.Source)),
            ("renamed", version.Source.Renamed is { } renamed
                ? string.Join(", ", renamed.Select(r => $"{r.Column} is {r.Member}")) : null),
            ("converted", version.Source.Conversions is { } converted ? string.Join(", ", converted) : null),
            ("catalogue", holder.Catalogue.AbsoluteUri));
        screen.Line();
        screen.Table(["column", "type"], version.Columns.Select(c => (string[])[c.Name, c.Type]));
        var guarded = product.Classification?.Columns.Where(c => c.Level >= LevelRule.Sensitive).ToList() ?? [];
        if (guarded.Count > 0)
        {
            screen.Line();
            screen.Line(
                "Sensitive, and so guarded whatever an offer says: "
                + string.Join(", ", guarded.Select(c => $"{c.Column} ({c.Guard})"))
                + $". See millrace classify {product.Id}.");
        }
        if (Wording.Breaches(version.Quality) is { Count: > 0 } breaches)
        {
            screen.Line();
            screen.Line("Published although it breaks its contract, which lets that be shown (millrace.gate):");
            breaches.ForEach(breach => screen.Line($"  {breach}"));
        }
        if (product.Query is { } query)
            QueryTable.Render(screen, query);
        screen.Line();
        if (product.Offers.Count == 0)
            screen.Line("No offer yet: nobody else can have it. Publish it again with --id and --offer to make one.");
        foreach (var offer in product.Offers)
        {
            screen.Line($"Offer {offer.Id}" + offer.Handling switch
            {
                "ask" or "manual" => ", on request",
                "rule" => ", by your written rule",
                _ => "",
            });
            screen.Terms(offer.Terms);
            foreach (var line in offer.RuleLines ?? [])
                screen.Line($"  {line.Text}");
            if (offer.VisibleLine is { } who)
                screen.Line($"  {who.Text}");
        }
    }

    private static string FolderName(string path) =>
        Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));

    private static string ReadAs(SourceInfo source) => string.Join(", ", new[]
    {
        source.Format.ToUpperInvariant(),
        source.Sheet is { } sheet ? $"sheet {sheet.Name} alone of {sheet.Sheets}" : null,
        source.Encoding,
        source.Delimiter switch { null => null, "\t" => "delimiter tab", var d => $"delimiter '{d}'" },
        source.Header switch { null => null, true => "with header", false => "without header" },
    }.Where(part => part is not null));

    private static Option<string?> Text(string name, string kind, string description) =>
        new(name) { Description = description, HelpName = kind };
}
