using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Millrace.Node.Api;

namespace Millrace.Benchmarks;

/// <summary>
/// Products of few and of many files, published, made into a governed view and sent: what the holder's process holds at
/// the most. It is constant if four times the data take no more.
/// </summary>
internal static class LargeMeasure
{
    private const int RowsOfAFile = 1_000_000;
    private const double MebibytesMax = 300;

    private static readonly int[] _sizes = [4, 16];

    public static async Task<IReadOnlyList<Figure>> RunAsync(Bench bench, CancellationToken cancel)
    {
        var work = bench.NewFolder("work");
        var files = Write(work, _sizes.Max());
        var figures = new List<Figure>();
        foreach (var count in _sizes)
            figures.AddRange(await RunAsync(bench, [.. files.Take(count)], cancel));
        return figures;
    }

    private static async Task<IReadOnlyList<Figure>> RunAsync(
        Bench bench, IReadOnlyList<string> files, CancellationToken cancel)
    {
        await using var space = await Space.StartAsync(bench, null, cancel);
        var node = space.HolderNode;
        var gigabytes = files.Sum(f => new FileInfo(f).Length) / 1e9;
        var name = string.Create(CultureInfo.InvariantCulture, $"{files.Count} files, {gigabytes:0.0} GB");
        var offer = JsonElement.Parse(
            """
            {
              "profile": ["https://millrace.dev/odrl/"],
              "permission": [{
                "action": "odrl:use",
                "constraint": [{
                  "leftOperand": "https://millrace.dev/odrl/column", "operator": "isAnyOf",
                  "rightOperand": ["id", "reading", "note"]
                }]
              }]
            }
            """);
        var began = Stopwatch.GetTimestamp();
        var product = await space.Holder.PublishAsync(
            files, new ProductDraft("readings", "Readings", Offer: offer), cancel);
        var (published, publishing) = (Stopwatch.GetElapsedTime(began), Peak(node));
        var agreement = await space.AgreeAsync(product, product.Offers[0].Id, cancel);
        await space.Analyst.TransferAsync(agreement, cancel);
        var (endpoint, token) = await DeliveryMeasure.TokenAsync(space, cancel);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        Peak(node);
        began = Stopwatch.GetTimestamp();
        await SendAsync(HttpMethod.Head); // Builds the view, and sends nothing.
        var (built, building) = (Stopwatch.GetElapsedTime(began), Peak(node));
        began = Stopwatch.GetTimestamp();
        var bytes = await SendAsync(HttpMethod.Get);
        var (sent, sending) = (Stopwatch.GetElapsedTime(began), Peak(node));
        var goal = new Goal(Bound.ValueAtMost, MebibytesMax);
        return
        [
            new($"{name}: publishing, time", published.TotalSeconds, "s"),
            new($"{name}: publishing, peak memory, resident", publishing, "MiB"),
            new($"{name}: building the view, time", built.TotalSeconds, "s"),
            new($"{name}: building the view, peak memory, resident", building, "MiB", goal),
            new(
                $"{name}: sending it, throughput", bytes / 1e6 / sent.TotalSeconds, "MB/s",
                Note: "Parquet files of made-up rows, published as one product; the view leaves out a column. Memory "
                    + "is what the kernel counts for the holder's process at the most in each phase."),
            new($"{name}: sending it, peak memory, resident", sending, "MiB", goal),
        ];

        async Task<long> SendAsync(HttpMethod method)
        {
            using var request = new HttpRequestMessage(method, endpoint);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            answer.EnsureSuccessStatusCode();
            return await Bytes.DrainAsync(answer, null, cancel);
        }
    }

    private static double Peak(NodeProcess node)
    {
        var peak = node.PeakMebibytes();
        node.ForgetPeak();
        return peak;
    }

    /// <summary>Files whose texts no compression makes much smaller: about 200 MB each.</summary>
    private static List<string> Write(string folder, int count)
    {
        using var duck = new Duck();
        var files = new List<string>();
        var note = string.Join(", ", Enumerable.Range(0, 12).Select(n => $"md5((i * 12 + {n})::VARCHAR)"));
        for (var i = 0; i < count; i++)
        {
            files.Add(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"part-{i:00}.parquet")));
            duck.Execute(
                $"""
                 COPY (
                   SELECT i AS id, (hash(i) % 10000000) / 100000 AS reading,
                     ['heat', 'power', 'water', 'gas', 'cold'][1 + (hash(i + 3) % 5)::INTEGER] AS kind,
                     concat({note}) AS note
                   FROM range({(long)i * RowsOfAFile}, {(i + 1L) * RowsOfAFile}) t(i)
                 ) TO '{files[^1]}' (FORMAT parquet, COMPRESSION zstd)
                 """);
        }
        return files;
    }
}
