using System.Globalization;
using Millrace.Engine.Delivery;
using Millrace.Node.Delivery;
using Millrace.Node.Storage;

namespace Millrace.Node.Sharing;

/// <summary>
/// What changed from version to version, as the reader sees it: the difference of two governed views. A row that comes
/// into the reader's sight is an insert, one that leaves it a delete; what changes in a hidden cell changes nothing.
/// </summary>
public sealed class TableChanges(
    TableFiles files, TableReads reads, SignedUrls urls, PageTokens tokens, Shares shares)
{
    /// <summary>A file of an answer, before it has a URL. It is not held: only what is said of it is needed.</summary>
    private sealed record Step(string Action, GovernedFile File, VersionTime Version);

    /// <summary>The change data feed: rows with their kind, one file a version.</summary>
    public async Task<Outcome<TableAnswer>> RowsAsync(TableCall call, CancellationToken cancel)
    {
        var ask = call.Ask;
        if (ask.StartingVersion is null == ask.StartingTimestamp is null)
            return SharingError.Bad("Name one of startingVersion and startingTimestamp.");
        if (ask.EndingVersion is not null && ask.EndingTimestamp is not null)
            return SharingError.Bad("Name one of endingVersion and endingTimestamp.");
        if (call.Table.Schema.Plan.Columns.Any(c => Shares.Same(c.Name, ViewParts.ChangeColumn)))
            return SharingError.Unsupported($"The table has a column {ViewParts.ChangeColumn} of its own.");
        return await AnswerAsync(call, "changes", RowsOfAsync, cancel);
    }

    /// <summary>The files that came and went: what a reader needs that follows the table.</summary>
    public Task<Outcome<TableAnswer>> FilesAsync(TableCall call, CancellationToken cancel) =>
        AnswerAsync(call, "files", FilesOfAsync, cancel);

    private async Task<Outcome<TableAnswer>> AnswerAsync(
        TableCall call, string kind, Func<SharedTable, VersionTime, CancellationToken, Task<List<Step>>> of,
        CancellationToken cancel)
    {
        var (table, ask) = (call.Table, call.Ask);
        if (Start(call).Failed(out var error, out var first))
            return error;
        var scope = string.Create(CultureInfo.InvariantCulture, $"{table.Scope} {kind} {first.Number}");
        var page = ask.PageToken is { } token
            ? await tokens.OpenAsync(table.Share.Participant, scope, token, cancel)
            : new PageStart(0, "");
        if (page is null)
            return SharingError.Bad("This pageToken does not belong to this answer, or its time is over.");
        // What is published between two pages belongs to neither.
        var ending = page.More.Length > 0
            ? table.History.Find(long.Parse(page.More, CultureInfo.InvariantCulture))
            : End(call);
        if (ending.Failed(out error, out var last))
            return error;
        var range = table.History.Versions.Where(v => v.Number >= first.Number && v.Number <= last.Number).ToList();
        if (range.Count == 0)
            return SharingError.Bad("The end must not be before the start.");
        if (range.Count > Limits.Default.VersionsPerAnswerMax)
            return SharingError.Bad(
                $"Ask for at most {Limits.Default.VersionsPerAnswerMax} versions at a time, with an end.");
        var steps = new List<Step>();
        foreach (var version in range)
            steps.AddRange((await of(table, version, cancel)).Where(s => s.File.Rows > 0));
        return await PageAsync(call, first, last, scope, page.From, steps, cancel);
    }

    private async Task<Outcome<TableAnswer>> PageAsync(
        TableCall call, VersionTime first, VersionTime last, string scope, int from,
        List<Step> steps, CancellationToken cancel)
    {
        var table = call.Table;
        var shown = steps.Skip(from).Take(call.Ask.MaxFiles ?? int.MaxValue).ToList();
        if (shown.Count > 0 && await shares.AllowAsync(table, [.. shown.Select(s => s.File)], cancel) is { } refused)
            return refused;
        using var whole = await files.WholeAsync(table, last, cancel);
        var lines = await reads.HeadAsync(call, whole, cancel);
        var form = new TableLines(call.Able.IsDelta, table);
        DateTimeOffset? until = null;
        foreach (var step in shown)
        {
            var url = await urls.SealAsync(table, step.File, null, cancel);
            until ??= url.Until;
            lines.Add(form.File(step.Action, url, step.Version.Number, step.Version.CreatedAt));
        }
        var next = from + shown.Count < steps.Count
            ? await tokens.SealAsync(
                table.Share.Participant, scope, from + shown.Count,
                last.Number.ToString(CultureInfo.InvariantCulture), cancel)
            : null;
        if (call.Able.EndsStream || next is not null)
            lines.Add(TableLines.End(null, next, until));
        return new TableAnswer(first.Number, lines, next);
    }

    private async Task<List<Step>> RowsOfAsync(
        SharedTable table, VersionTime version, CancellationToken cancel)
    {
        using var now = await files.WholeAsync(table, version, cancel);
        if (table.History.Before(version) is not { } earlier)
            return [new Step("add", now, version)];
        using var before = await files.WholeAsync(table, earlier, cancel);
        if (before.Sha256 == now.Sha256)
            return [];
        using var changes = await files.ChangesAsync(table, before, now, false, cancel);
        return [new Step("cdf", changes, version)];
    }

    /// <summary>Where rows only came, their file is added; else the whole is replaced.</summary>
    private async Task<List<Step>> FilesOfAsync(
        SharedTable table, VersionTime version, CancellationToken cancel)
    {
        using var now = await files.WholeAsync(table, version, cancel);
        if (table.History.Before(version) is not { } earlier)
            return [new Step("add", now, version)];
        using var before = await files.WholeAsync(table, earlier, cancel);
        if (before.Sha256 == now.Sha256)
            return [];
        using var inserts = await files.ChangesAsync(table, before, now, true, cancel);
        return before.Rows + inserts.Rows == now.Rows
            ? [new Step("add", inserts, version)]
            : [new Step("remove", before, version), new Step("add", now, version)];
    }

    private static Outcome<VersionTime> Start(TableCall call) => call.Ask switch
    {
        { StartingVersion: { } number } => call.Table.History.Find(number),
        { StartingTimestamp: { } time } => call.Table.History.From(time),
        _ => SharingError.Bad("Name the startingVersion."),
    };

    /// <summary>The end is a hint where it lies after the newest version.</summary>
    private static Outcome<VersionTime> End(TableCall call)
    {
        var history = call.Table.History;
        return call.Ask switch
        {
            { EndingVersion: { } number } when number < history.Latest.Number => history.Find(number),
            { EndingTimestamp: { } time } => history.At(time),
            _ => history.Latest,
        };
    }
}
