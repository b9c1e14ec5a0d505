using System.Globalization;
using System.Text;

namespace Millrace.Benchmarks;

/// <summary>Figures as tables: for the terminal, and as Markdown for the document that keeps them.</summary>
internal static class Report
{
    private const string Begin = "<!-- figures: written by ./bench --write -->";

    private static readonly string[] Head = ["figure", "Millrace", "beside", "ratio", "goal", "holds"];

    public static string Machine(Machine machine) => string.Join(
        '\n',
        [
            $"- date: {machine.Date}, commit: {machine.Commit}",
            $"- machine: {machine.Processor}, {machine.Memory}",
            $"- system: {machine.System}",
            $"- load average (1, 5, 15 minutes) before the start: {machine.Load}; above 1 others worked beside it",
        ]);

    /// <summary>A table with aligned columns, which is Markdown too.</summary>
    public static string Table(Measure measure, IReadOnlyList<Figure> figures)
    {
        List<string[]> rows = [Head, .. figures.Select(Cells)];
        var widths = Head.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder($"### {measure.Title} (`./bench {measure.Name}`)\n\n");
        foreach (var row in rows)
        {
            text.Append(Line(row, widths));
            if (row == Head)
                text.Append('|').AppendJoin('|', widths.Select(w => new string('-', w + 2))).Append("|\n");
        }
        foreach (var note in figures.Where(f => f.Note is not null).DistinctBy(f => f.Note))
            text.Append(CultureInfo.InvariantCulture, $"\n{note.Note}\n");
        return text.ToString();
    }

    /// <summary>Puts the figures in place of those that the document holds; what stands above them is kept.</summary>
    public static async Task WriteAsync(string document, string figures, CancellationToken cancel)
    {
        var text = await File.ReadAllTextAsync(document, cancel);
        var place = text.IndexOf(Begin, StringComparison.Ordinal);
        if (place < 0)
            throw new InvalidDataException($"{document} has no line {Begin}");
        await File.WriteAllTextAsync(document, $"{text[..place]}{Begin}\n\n{figures.TrimEnd()}\n", cancel);
    }

    private static string Line(string[] row, int[] widths) =>
        $"| {string.Join(" | ", row.Select((cell, column) => cell.PadRight(widths[column])))} |\n";

    private static string[] Cells(Figure figure) =>
    [
        figure.What,
        $"{Number(figure.Value)} {figure.Unit}",
        figure.Beside is { } beside ? $"{Number(beside.Value)} {figure.Unit} ({beside.Who})" : "",
        figure.Ratio is { } ratio ? ratio.ToString("0.00", CultureInfo.InvariantCulture) : "",
        figure.Goal switch
        {
            { Bound: Bound.ValueAtMost } goal => $"≤ {Number(goal.Limit)} {figure.Unit}",
            { Bound: Bound.ValueAtLeast } goal => $"≥ {Number(goal.Limit)} {figure.Unit}",
            { Bound: Bound.RatioAtMost } goal => $"≤ {Number(goal.Limit)} ×",
            { Bound: Bound.RatioAtLeast } goal => $"≥ {Number(goal.Limit)} ×",
            _ => "",
        },
        figure.Holds switch { true => "yes", false => "no", null => "" },
    ];

    private static string Number(double value) => value.ToString(
        Math.Abs(value) < 10 ? "0.##" : Math.Abs(value) < 100 ? "0.#" : "0", CultureInfo.InvariantCulture);
}
