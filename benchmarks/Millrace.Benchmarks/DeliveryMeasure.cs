using System.Net.Http.Headers;
using Millrace.Node;
using Millrace.Node.Identity;
using Millrace.Node.Storage;
using Millrace.Node.Transfers;

namespace Millrace.Benchmarks;

/// <summary>
/// A large view, read straight from the holder's node with the token of the transfer, in turns with the same bytes from
/// a plain file server; then many small requests, for what the gate costs, and what counting durably costs.
/// </summary>
internal static class DeliveryMeasure
{
    private const int Rounds = 9;
    private const int Requests = 2000;

    /// <summary>What is called often is compiled twice, beside its work: that is no cost of a request.</summary>
    private const int RequestsUnmeasured = 20_000;

    public static async Task<IReadOnlyList<Figure>> RunAsync(Bench bench, CancellationToken cancel)
    {
        var work = bench.NewFolder("work");
        await using var space = await Space.StartAsync(bench, null, cancel);
        using var duck = new Duck();
        var product = await Readings.PublishAsync(space, duck, work, 3_000_000, cancel);
        var agreement = await space.AgreeAsync(product, product.Offers[0].Id, cancel);
        await space.Analyst.TransferAsync(agreement, cancel);
        var (endpoint, token) = await TokenAsync(space, cancel);
        endpoint = new Uri($"{endpoint}?format=csv");

        var plain = Path.Combine(work, "view.csv");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        await GetAsync(endpoint, plain); // Builds the view; what was read is what the other server serves.
        await using var other = await StaticFiles.StartAsync(bench, plain, cancel);
        var (ours, theirs) = (new Samples(), new Samples());
        for (var round = 0; round <= Rounds; round++)
        {
            await (round > 0 ? ours : new Samples()).TimeAsync(() => GetAsync(endpoint, null));
            await (round > 0 ? theirs : new Samples()).TimeAsync(() => GetAsync(other.Address, null));
        }

        // None of them passes the gate; all pass it, and nothing is read; all pass it, and are read and counted.
        var health = new Uri(endpoint, "/healthz");
        var bare = await ManyAsync(_ => new HttpRequestMessage(HttpMethod.Get, health));
        var asked = await ManyAsync(_ => new HttpRequestMessage(HttpMethod.Head, endpoint));
        var read = await ManyAsync(i => new HttpRequestMessage(HttpMethod.Get, endpoint)
        {
            Headers = { Range = new RangeHeaderValue(i * 1024, (i * 1024) + 1023) },
        });
        var megabytes = new FileInfo(plain).Length / 1e6;
        var note = $"A view of {megabytes:0} MB, {Rounds} rounds in turns; then {Requests} requests of each kind one "
            + $"by one, after {RequestsUnmeasured} unmeasured. The gate alone is a HEAD of the view, less a request "
            + "that passes no gate: token, contract, permission, plan, and the view found. A part of 1 KiB has a "
            + "durable reservation and a durable settlement besides. All from the page cache over loopback. The "
            + "framework's SendFile runs in the process of the client, nginx and Millrace do not: with nginx missing, "
            + "the ratio flatters Millrace.";
        return
        [
            new(
                "large view, throughput", megabytes / ours.Median * 1000, "MB/s", new(Bound.RatioAtLeast, 0.9),
                new(other.Name, megabytes / theirs.Median * 1000), note),
            new("holder's memory after it, resident", space.HolderNode.ResidentMebibytes(), "MiB"),
            new(
                "gate, processor time of the holder", asked.Processor - bare.Processor, "ms",
                new(Bound.ValueAtMost, 0.2)),
            new("part of 1 KiB, p50", read.Times.Median, "ms"),
            new("part of 1 KiB, p95", read.Times.P95, "ms"),
            new("part of 1 KiB, processor time of the holder", read.Processor, "ms"),
            new("request without a gate, processor time of the holder", bare.Processor, "ms"),
        ];

        Task GetAsync(Uri address, string? file) => SendAsync(new HttpRequestMessage(HttpMethod.Get, address), file);

        async Task SendAsync(HttpRequestMessage made, string? file = null)
        {
            using var request = made;
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            answer.EnsureSuccessStatusCode();
            await Bytes.DrainAsync(answer, file, cancel);
        }

        // How long each took, and what one took of the holder's processor.
        async Task<(Samples Times, double Processor)> ManyAsync(Func<int, HttpRequestMessage> request)
        {
            for (var i = 0; i < RequestsUnmeasured; i++)
                await SendAsync(request(i % Requests));
            var (times, before) = (new Samples(), space.HolderNode.ProcessorTime());
            for (var i = 0; i < Requests; i++)
                await times.TimeAsync(() => SendAsync(request(i)));
            return (times, (space.HolderNode.ProcessorTime() - before).TotalMilliseconds / Requests);
        }
    }

    /// <summary>The token that the holder gave the analyst last: only the analyst's own node can open it.</summary>
    internal static async Task<(Uri Endpoint, string Token)> TokenAsync(Space space, CancellationToken cancel)
    {
        var folder = space.AnalystNode.Folder;
        await using var database = await Database.OpenAsync(
            new DatabaseOptions(null, Path.Combine(folder, "millrace.db")), Limits.Default, cancel);
        var transfers = await database.ReadAsync(
            s => Tables.Transfers.NewestAsync(s, space.Analyst.Participant.Id, null, 1, cancel), cancel);
        var transfer = transfers.Single().Value;
        var box = new SecretBox(MasterKey.OpenOrCreate(folder));
        return (
            transfer.Endpoint!,
            box.OpenText(transfer.SealedToken!, space.Analyst.Participant.Id, TransferSteps.TokenPurpose));
    }
}
