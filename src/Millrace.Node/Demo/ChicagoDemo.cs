using System.Globalization;
using Millrace.Engine.Analysis;
using Millrace.Node.Api;
using Millrace.Node.Commands;

namespace Millrace.Node.Demo;

/// <summary>
/// The main job, done for real over two nodes: a need, three raw tables, three contracts, one answer; what must be
/// refused, what was logged, what it costs. Each step is checked; one that does not hold ends the demo.
/// </summary>
internal sealed class ChicagoDemo(ChicagoSpace space, LocalQuery query, string folder, TimeProvider time, Screen screen)
{
    private const string Purpose = "operations-planning";
    private const string Project = "o-hare-link";

    private readonly Dictionary<string, Product> _published = [];
    private readonly Dictionary<string, string> _agreements = [];
    private readonly Dictionary<string, string> _views = [];
    private int _step;

    public async Task RunAsync(CancellationToken cancel)
    {
        await JoinAsync(cancel);
        var need = await RecordNeedAsync(cancel);
        await PublishAsync(cancel);
        await AgreeAsync(cancel);
        await ReadAsync(cancel);
        var (before, after) = await AnswerAsync(cancel);
        await CloseNeedAsync(need, before, after, cancel);
        await TryForbiddenAsync(cancel);
        await ShowRulesAsync(cancel);
        await VerifyAsync(cancel);
        await ShowUseAsync(cancel);
    }

    private async Task JoinAsync(CancellationToken cancel)
    {
        Heading("Six organisations join, each with keys and a log of its own");
        foreach (var (person, title, isOperator) in space.Members)
        {
            string[] command = ["participant", "add", person.Participant, "--title", title];
            var added = await person.RunAsync(
                ApiJson.Wire.Participant, cancel, isOperator ? [.. command, "--operator"] : command);
            Require(added.Did == person.Did, $"{title} has the DID of its address");
        }
    }

    private async Task<Scenario> RecordNeedAsync(CancellationToken cancel)
    {
        Heading("A need is recorded: what for, and how success is measured");
        var need = await space.Analyst.RunAsync(
            ApiJson.Wire.Scenario, cancel, "scenario", "add", "Staff the O'Hare train link by the weather",
            "--purpose", Purpose,
            "--measure", "Error of the guessed arrival delay of a day, weighted by rides",
            "--unit", "minutes");
        Fact("scenario", need.Id);
        return need;
    }

    private async Task PublishAsync(CancellationToken cancel)
    {
        Heading("Three holders turn raw files into data products");
        foreach (var product in ChicagoSpace.Products)
        {
            var published = await space.Holder(product).RunAsync(
                ApiJson.Wire.Product, cancel, "publish", product.Path, "--id", product.Id, "--title", product.Title,
                "--description", product.Description, "--offer", product.Offer);
            _published[product.Id] = published;
            var version = published.Latest;
            Fact("rows", $"{Wording.Count(version.Rows)}, {version.Columns.Count} columns");
            Fact("quality", Wording.Quality(version.Quality));
            Fact("sha256", $"{version.Files[0].Sha256} ({Wording.Size(version.Bytes)} Parquet)");
            Require(version.Files.Count > 0 && published.Offers.Count == 1, "a version has a manifest and an offer");
        }
    }

    private async Task AgreeAsync(CancellationToken cancel)
    {
        Heading("The travel desk finds them and negotiates, over the Dataspace Protocol between the nodes");
        await space.Analyst.RunAsync(ApiJson.Wire.Peer, cancel, "peer", "add", space.Operator.Did);
        var hits = await space.Analyst.RunAsync(ApiJson.Wire.CatalogueHits, cancel, "catalogue", "search", "2001");
        Require(
            hits.Datasets.Select(d => d.Id).Order().SequenceEqual(ChicagoSpace.Products.Select(p => p.Id).Order()),
            "the search finds the three products");
        foreach (var hit in hits.Datasets)
            Fact(hit.Id, $"{hit.ProviderTitle}, {Wording.Count(hit.Rows)} rows, quality {Wording.Score(hit.Quality)}");
        foreach (var hit in hits.Datasets)
        {
            var began = time.GetTimestamp();
            var negotiation = await space.Analyst.RunAsync(
                ApiJson.Wire.Negotiation, cancel, "negotiate", hit.Offers[0].Id, "--at", hit.Provider);
            Require(negotiation is { State: "FINALIZED", Agreement: not null }, "the negotiation ends in an agreement");
            _agreements[hit.Id] = negotiation.Agreement!;
            Fact("agreement", $"{negotiation.Agreement} ({time.GetElapsedTime(began).TotalMilliseconds:0} ms)");
        }
    }

    private async Task ReadAsync(CancellationToken cancel)
    {
        Heading("It states its purpose under signature, and reads the governed views");
        foreach (var product in ChicagoSpace.Products)
        {
            var file = Path.Combine(folder, $"{product.Id}.{(product.Id == "weather" ? "csv" : "parquet")}");
            var report = await space.Analyst.RunAsync(
                CommandJson.Default.ReadReport, cancel, "read", _agreements[product.Id], "--purpose", Purpose,
                "--project", Project, "-o", file);
            _views[product.Id] = file;
            var whole = _published[product.Id].Latest;
            var columns = await query.ColumnsAsync(file, cancel);
            Require(report is { Verified: true, Rows: not null }, "the view arrived whole");
            Fact("rows", $"{Wording.Count(report.Rows)} of {Wording.Count(whole.Rows)}");
            Fact("columns", $"{columns.Count} of {whole.Columns.Count}: {string.Join(", ", columns)}");
        }
        Require(
            (await query.ColumnsAsync(_views["flights"], cancel)).SequenceEqual(["departure", "delay", "destination"]),
            "only the agreed columns of the flights arrived");
    }

    private async Task<(decimal Before, decimal After)> AnswerAsync(CancellationToken cancel)
    {
        Heading("It joins the three, and answers what no single holder could");
        var rows = await query.RunAsync(await File.ReadAllTextAsync(ChicagoProduct.Question, cancel), _views, cancel);
        Require(rows.Count >= 2, "the question gives a figure and an answer");
        var (figure, answer) = (rows[^2], rows[^1]);
        screen.Line("   From a day's weather, how late do flights arrive at O'Hare, and how many riders does it meet?");
        string Of(string name) => Convert.ToString(answer[name], CultureInfo.InvariantCulture) ?? "";
        screen.Line(
            $"   On {Of("days_marked_late")} of {figure["days"]} days the weather says: late. "
            + $"{Of("days_really_late")} of them were, by {Of("mean_delay_minutes")} minutes on average,");
        screen.Line(
            $"   and met {Of("rides_a_day")} riders a day at Jefferson Park, "
            + $"where {Of("usual_rides_a_day")} ride on the same weekdays otherwise.");
        var (before, after) = (Number(figure["before_minutes"]), Number(figure["after_minutes"]));
        Require(after < before, "the joined data make the guess better");
        return (before, after);
    }

    private async Task CloseNeedAsync(Scenario need, decimal before, decimal after, CancellationToken cancel)
    {
        Heading("The need is closed with its figure before and after");
        var closed = await space.Analyst.RunAsync(
            ApiJson.Wire.Scenario, cancel,
            [
                "scenario", "close", need.Id, "--before", Wording.Number(before), "--after", Wording.Number(after),
                .. _agreements.Values.SelectMany(a => (string[])["--agreement", a]),
            ]);
        Require(closed.Before == before && closed.After == after, "both figures are recorded");
        Fact("before", $"{Wording.Number(before)} {closed.Unit}");
        Fact("after", $"{Wording.Number(after)} {closed.Unit}");
    }

    private async Task TryForbiddenAsync(CancellationToken cancel)
    {
        Heading("Three attempts that must fail, do");
        var (flights, output) = (ChicagoSpace.Products[0], Path.Combine(folder, "refused.csv"));
        string[] read = ["read", _agreements[flights.Id], "--project", Project, "-o", output, "--purpose"];

        screen.Line("   a participant without the agreement:");
        var refusal = await space.Stranger.RefusedAsync(
            cancel, [.. read, Purpose, "--at", space.Holder(flights).Did]);
        Refused(refusal, "unknown-agreement");

        screen.Line("   another purpose than agreed:");
        refusal = await space.Analyst.RefusedAsync(cancel, [.. read, "marketing"]);
        Refused(refusal, "wrong-purpose");
        Require(refusal.Detail!.Contains("permission[0].constraint", StringComparison.Ordinal), "the rule is named");

        screen.Line("   a read after the holder withdrew:");
        await space.Holder(flights).RunAsync(
            ApiJson.Wire.Agreement, cancel, "withdraw", _agreements[flights.Id], "--ground", "lost-basis");
        refusal = await space.Analyst.RefusedAsync(cancel, [.. read, Purpose]);
        Refused(refusal, "withdrawn");
        Require(!File.Exists(output), "nothing was written");
    }

    private async Task ShowRulesAsync(CancellationToken cancel)
    {
        Heading("How far each rule of the contracts reaches");
        var agreements = await space.Analyst.RunAsync(ApiJson.Wire.IReadOnlyListAgreement, cancel, "agreements");
        screen.Table(
            ["product", "rule", "reach"],
            agreements.SelectMany(a => a.Terms.Select(t => (string[])[a.Product, t.Text, Wording.Reach(t.Reach)])));
    }

    private async Task VerifyAsync(CancellationToken cancel)
    {
        Heading("Every step is in the logs of both sides; they are verified");
        foreach (var person in space.Everybody)
        {
            var verdict = await person.RunAsync(ApiJson.Wire.EvidenceVerdict, cancel, "evidence", "verify");
            Require(verdict.Valid && verdict.Size > 0, $"the log of {person.Participant} is whole");
            Fact("tree head", $"{verdict.Size} entries, {verdict.Root}");
        }
    }

    private async Task ShowUseAsync(CancellationToken cancel)
    {
        Heading("What was used, and what it costs by the offers' prices");
        var owed = await space.Analyst.RunAsync(ApiJson.Wire.Usage, cancel, "usage");
        screen.Table(
            ["product", "#reads", "#rows", "price", "#due"],
            owed.Lines.Select(l => (string[])
            [
                l.Product, Wording.Count(l.Reads), Wording.Count(l.Rows),
                l.Price is { } p ? $"{Wording.Number(p.Amount)} {p.Currency} per {p.Per}" : "free",
                l.Currency is null ? "–" : $"{Wording.Number(l.Due)} {l.Currency}",
            ]));
        foreach (var product in ChicagoSpace.Products)
        {
            var earned = await space.Holder(product).RunAsync(ApiJson.Wire.Usage, cancel, "usage");
            var theirs = earned.Lines.Single();
            var ours = owed.Lines.Single(l => l.Agreement == _agreements[product.Id]);
            Require(theirs.Due == ours.Due && theirs.Reads == ours.Reads, $"both sides count {product.Id} alike");
        }
        Fact("to pay", string.Join(", ", owed.Totals.Select(t => $"{Wording.Number(t.Due)} {t.Currency}")));
    }

    private void Heading(string text)
    {
        screen.Line();
        screen.Line($"{++_step}. {text}");
    }

    private void Fact(string name, string value) => screen.Line($"     {name}: {value}");

    private void Refused(Problem refusal, string code)
    {
        Require(refusal.Code == code, $"the refusal is {code}, not {refusal.Code}");
        Fact($"refused ({refusal.Code})", refusal.Detail ?? "");
    }

    private static decimal Number(object? figure) => Convert.ToDecimal(figure, CultureInfo.InvariantCulture);

    private static void Require(bool holds, string what)
    {
        if (!holds)
            throw new DemoFailedException($"This does not hold: {what}.");
    }
}
