using System.Globalization;
using Millrace.Node.Api;
using Spectre.Console;

namespace Millrace.Node.Commands;

/// <summary>Prints for people: results on the output, remarks and progress on the error output.</summary>
internal sealed class Screen(Surroundings world)
{
    // Wide enough that nothing is ever cut or folded where a program reads on.
    private const int WidthUnlimited = 100_000;

    /// <summary>Text that is already for programs.</summary>
    public void Raw(string text) => world.Output.WriteLine(text.TrimEnd('\n'));

    public void Line(string text = "") => world.Output.WriteLine(Clean(text));

    /// <summary>A remark beside the result.</summary>
    public void Note(string text) => world.Error.WriteLine(Clean(text));

    /// <summary>Names and values below each other; what has no value is left out.</summary>
    public void Facts(params (string Name, string? Value)[] facts)
    {
        var known = facts.Where(f => !string.IsNullOrEmpty(f.Value)).ToList();
        var width = known.Count == 0 ? 0 : known.Max(f => f.Name.Length);
        foreach (var (name, value) in known)
            Line($"  {name.PadRight(width)}  {value}");
    }

    /// <summary>An aligned table.</summary>
    /// <param name="headings">A heading that begins with <c>#</c> is a column of figures.</param>
    public void Table(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table { Border = TableBorder.None };
        foreach (var heading in headings)
        {
            var figures = heading.StartsWith('#');
            table.AddColumn(new TableColumn(new Text(heading.TrimStart('#'), new Style(decoration: Decoration.Dim)))
            {
                NoWrap = figures || heading is "id" or "agreement",
                Alignment = figures ? Justify.Right : Justify.Left,
                Padding = new Padding(0, 0, 2, 0),
            });
        }
        foreach (var row in rows)
            table.AddRow(row.Select(cell => new Text(Clean(cell))));
        using var drawn = new StringWriter();
        Open(drawn, world.Colour, world.Width ?? WidthUnlimited).Write(table);
        foreach (var line in drawn.ToString().TrimEnd().Split('\n'))
            world.Output.WriteLine(line.TrimEnd());
    }

    /// <summary>The sentences of a policy, each with how far it reaches.</summary>
    public void Terms(IReadOnlyList<Term> terms) =>
        Table(["term", "reach"], terms.Select(t => (string[])[t.Text, Wording.Reach(t.Reach)]));

    /// <summary>As <see cref="Terms"/>, in Chinese.</summary>
    public void TermsZh(IReadOnlyList<Term> terms) =>
        Table(["条款", "效力"], terms.Select(t => (string[])[t.TextZh, Wording.ReachZh(t.Reach)]));

    /// <summary>Shows that something is waited for.</summary>
    public Task<T> WaitAsync<T>(string what, Func<Task<T>> work) => world.Motion
        ? Open(world.Error, world.Motion, Math.Min(world.Width ?? 80, 200))
            .Status().StartAsync(Markup.Escape(Clean(what)), _ => work())
        : work();

    /// <summary>Shows how far something is.</summary>
    /// <param name="work">Gets a reporter.</param>
    public Task<T> ProgressAsync<T>(string what, Func<IProgress<Headway>, Task<T>> work) =>
        world.Motion
            ? Open(world.Error, world.Motion, Math.Min(world.Width ?? 80, 200))
                .Progress()
                .Columns(
                    new TaskDescriptionColumn(),
                    new ProgressBarColumn(),
                    new DownloadedColumn { Base = FileSizeBase.Decimal },
                    new TransferSpeedColumn { Base = FileSizeBase.Decimal },
                    new RemainingTimeColumn())
                .StartAsync(context => work(new Bar(context.AddTask(Markup.Escape(Clean(what))), what)))
            : work(new Unseen());

    /// <summary>Strangers write titles and reasons: no control character of theirs may reach the terminal.</summary>
    internal static string Clean(string text) => string.Create(text.Length, text, static (clean, source) =>
    {
        for (var i = 0; i < source.Length; i++)
            clean[i] = char.IsControl(source[i]) || TurnsText(source[i]) ? '\uFFFD' : source[i];
    });

    // Marks that turn the direction of text make a sentence look like another.
    private static bool TurnsText(char c) => c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    private static IAnsiConsole Open(TextWriter writer, bool lively, int width)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = lively ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = lively ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = lively ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = width;
        return console;
    }

    private sealed class Bar(ProgressTask task, string what) : IProgress<Headway>
    {
        public void Report(Headway value)
        {
            task.Description = Markup.Escape(Clean(value.Built is { } share
                ? string.Create(CultureInfo.InvariantCulture, $"{what}: being built, {share:P0}")
                : what));
            task.IsIndeterminate = value.Total is null;
            task.MaxValue = Math.Max(1, value.Total ?? value.Done);
            task.Value = value.Done;
        }
    }

    private sealed class Unseen : IProgress<Headway>
    {
        public void Report(Headway value)
        {
        }
    }
}
