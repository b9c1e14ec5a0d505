using System.Globalization;

namespace Millrace.Node.Sharing;

/// <summary>What a table holds: its version, its columns, its files, its changes.</summary>
public static class TableEndpoints
{
    public const string VersionHeader = "Delta-Table-Version";

    public static async Task<IResult> VersionAsync(
        string participant, string share, string schema, string table, HttpContext http, Shares shares, Clock clock,
        CancellationToken cancel)
    {
        if ((await shares.FindAsync(participant, share, schema, table, http, cancel)).Failed(
                out var error, out var found) ||
            TableAsk.OfQuery(http.Request.Query, clock.Limits).Failed(out error, out var ask))
        {
            return error.Result();
        }
        var version = found.History.Latest;
        if (ask.StartingTimestamp is { } time && found.History.From(time).Failed(out error, out version))
            return error.Result();
        Name(http, version.Number);
        return TypedResults.StatusCode(StatusCodes.Status200OK);
    }

    public static async Task<IResult> MetadataAsync(
        string participant, string share, string schema, string table, HttpContext http, Shares shares,
        TableReads reads, Clock clock, CancellationToken cancel) =>
        (await shares.FindAsync(participant, share, schema, table, http, cancel)).Failed(
            out var error, out var found) ||
        TableAsk.OfQuery(http.Request.Query, clock.Limits).Failed(out error, out var ask) ||
        Capabilities.Of(http).Failed(out error, out var able)
            ? error.Result()
            : Answer(http, able, await reads.MetadataAsync(new TableCall(found, ask, able), cancel));

    public static async Task<IResult> QueryAsync(
        string participant, string share, string schema, string table, HttpContext http, Shares shares,
        TableReads reads, TableChanges changes, Clock clock, CancellationToken cancel)
    {
        if ((await shares.FindAsync(participant, share, schema, table, http, cancel)).Failed(
                out var error, out var found) ||
            (await TableAsk.OfBodyAsync(http, clock.Limits, cancel)).Failed(out error, out var ask) ||
            Capabilities.Of(http).Failed(out error, out var able))
        {
            return error.Result();
        }
        if (ask.IsAmbiguous)
            return SharingError.Bad("Name one of version, timestamp, startingVersion and refreshToken.").Result();
        var call = new TableCall(found, ask, able);
        return Answer(http, able, ask.StartingVersion is null
            ? await reads.SnapshotAsync(call, cancel)
            : await changes.FilesAsync(call, cancel));
    }

    public static async Task<IResult> ChangesAsync(
        string participant, string share, string schema, string table, HttpContext http, Shares shares,
        TableChanges changes, Clock clock, CancellationToken cancel) =>
        (await shares.FindAsync(participant, share, schema, table, http, cancel)).Failed(
            out var error, out var found) ||
        TableAsk.OfQuery(http.Request.Query, clock.Limits).Failed(out error, out var ask) ||
        Capabilities.Of(http).Failed(out error, out var able)
            ? error.Result()
            : Answer(http, able, await changes.RowsAsync(new TableCall(found, ask, able), cancel));

    private static IResult Answer(HttpContext http, Capabilities able, Outcome<TableAnswer> outcome)
    {
        if (outcome.Failed(out var error, out var answer))
            return error.Result();
        able.Confirm(http.Response);
        Name(http, answer.Version);
        if (answer.Next is { } next)
        {
            // For clients that follow links and do not read the last line.
            var kept = http.Request.Query.Where(q => q.Key != "pageToken")
                .SelectMany(q => q.Value.Select(v => $"{q.Key}={Uri.EscapeDataString(v ?? "")}&"));
            http.Response.Headers.Link =
                $"<{http.Request.Path.ToUriComponent()}?{string.Concat(kept)}pageToken={next}>; rel=\"next\"";
        }
        return SharingJson.Lines(answer.Lines);
    }

    private static void Name(HttpContext http, long version) =>
        http.Response.Headers[VersionHeader] = version.ToString(CultureInfo.InvariantCulture);
}
