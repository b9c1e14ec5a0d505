using System.CommandLine;

namespace Millrace.Node.Commands;

/// <summary>A list that the node gives page by page, the newest first.</summary>
internal sealed class PagedList
{
    private readonly Option<string> _before = new("--before")
    {
        Description = "Goes on behind the one of this id.", HelpName = "ID",
    };

    /// <param name="list">The command: it gets the option.</param>
    public PagedList(Command list) => list.Options.Add(_before);

    /// <summary>The address of the page that is asked for.</summary>
    public string Of(Run run, string path) =>
        run.Value(_before) is { } before ? $"{path}?before={Uri.EscapeDataString(before)}" : path;

    /// <summary>What to say where a page is empty.</summary>
    /// <param name="none">If that is the whole list.</param>
    public string None(Run run, string none) => run.Value(_before) is null
        ? none
        : "Nothing older than that one, or it is not in this list; leave out --before to begin with the newest.";

    /// <summary>Says how to go on where a page is full.</summary>
    /// <param name="ids">In the order of the node's answer.</param>
    public static void Note(Screen screen, string command, IReadOnlyList<string> ids)
    {
        if (ids.Count >= Limits.Default.PageMax)
            screen.Note($"There are more: {command} --before {ids[^1]}");
    }
}
