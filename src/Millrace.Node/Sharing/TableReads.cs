using System.Globalization;
using System.Text.Json.Nodes;
using Millrace.Node.Delivery;
using Millrace.Node.Storage;

namespace Millrace.Node.Sharing;

/// <summary>The state of a table at one version: what it is, and the file that holds it.</summary>
public sealed class TableReads(TableFiles files, SignedUrls urls, PageTokens tokens, Shares shares, Ids ids)
{
    /// <summary>The two lines that stand before all others: <c>protocol</c> and <c>metaData</c>.</summary>
    public async Task<Outcome<TableAnswer>> MetadataAsync(TableCall call, CancellationToken cancel)
    {
        if (call.Ask.IsAmbiguous)
            return SharingError.Bad("Name one of version and timestamp.");
        if (Version(call).Failed(out var error, out var version))
            return error;
        using var whole = await files.WholeAsync(call.Table, version, cancel);
        return new TableAnswer(version.Number, await HeadAsync(call, whole, cancel));
    }

    /// <summary>The file of a version, or the part of it that the hints leave; none where no row is left.</summary>
    public async Task<Outcome<TableAnswer>> SnapshotAsync(TableCall call, CancellationToken cancel)
    {
        var (table, ask) = (call.Table, call.Ask);
        var refreshed = ask.RefreshToken is { } token
            ? await tokens.OpenAsync(table.Share.Participant, RefreshScope(table), token, cancel)
            : null;
        if (ask.RefreshToken is not null && refreshed is null)
            return SharingError.Bad("This refreshToken does not belong to this table, or its time is over.");
        var found = refreshed is null ? Version(call) : table.History.Find(refreshed.From);
        if (found.Failed(out var error, out var version))
            return error;
        using var whole = await files.WholeAsync(table, version, cancel);
        using var part = await files.PartAsync(table, whole, ask, cancel);
        var lines = await HeadAsync(call, whole, cancel);
        var read = refreshed?.More;
        // What could not be read is not offered. What is renewed was counted, if it was read.
        if (refreshed is null)
        {
            // The answer itself tells how many rows a condition holds for: that is to be had by reading alone.
            var counted = ask.HasHint && TableFiles.IsDerived(part)
                ? await shares.CountAsync(table, part, read = ids.New(), cancel)
                : await shares.AllowAsync(table, part.Rows > 0 ? [part] : [], cancel);
            if (counted is { } refused)
                return refused;
        }
        SignedUrl? url = null;
        if (part.Rows > 0)
        {
            url = await urls.SealAsync(table, part, read, cancel);
            lines.Add(new TableLines(call.Able.IsDelta, table).File("file", url, version.Number, version.CreatedAt));
        }
        var refresh = ask.WantsRefresh
            ? await tokens.SealAsync(
                table.Share.Participant, RefreshScope(table), version.Number, url?.Read ?? "", cancel)
            : null;
        if (call.Able.EndsStream || refresh is not null)
            lines.Add(TableLines.End(refresh, null, url?.Until));
        return new TableAnswer(version.Number, lines);
    }

    /// <summary>The lines at the head of an answer about these files.</summary>
    public async Task<List<JsonObject>> HeadAsync(TableCall call, GovernedFile whole, CancellationToken cancel)
    {
        var lines = new TableLines(call.Able.IsDelta, call.Table);
        var schema = SparkSchema.Of(await files.ColumnsAsync(whole, cancel));
        return [lines.Protocol(), lines.Metadata(whole, schema)];
    }

    private static Outcome<VersionTime> Version(TableCall call) => call.Ask switch
    {
        { Version: { } number } => call.Table.History.Find(number),
        { Timestamp: { } time } => call.Table.History.At(time),
        _ => call.Table.History.Latest,
    };

    private static string RefreshScope(SharedTable table) =>
        string.Create(CultureInfo.InvariantCulture, $"{table.Scope} refresh");
}
