using System.Globalization;
using System.Text.Json.Nodes;

namespace Millrace.Node.Sharing;

/// <summary>What there is: shares, schemas, tables.</summary>
public static class ShareEndpoints
{
    public static async Task<IResult> SharesAsync(
        string participant, HttpContext http, Shares shares, PageTokens pages, CancellationToken cancel) =>
        (await shares.OpenAsync(participant, http, cancel)).Failed(out var error, out var share)
            ? error.Result()
            : await PageAsync(http, share, "shares", [Shown(share)], pages, cancel);

    public static async Task<IResult> ShareAsync(
        string participant, string share, HttpContext http, Shares shares, CancellationToken cancel) =>
        (await shares.FindAsync(participant, share, http, cancel)).Failed(out var error, out var found)
            ? error.Result()
            : SharingJson.Result(new JsonObject { ["share"] = Shown(found) });

    public static async Task<IResult> SchemasAsync(
        string participant, string share, HttpContext http, Shares shares, PageTokens pages, CancellationToken cancel)
    {
        if ((await shares.FindAsync(participant, share, http, cancel)).Failed(out var error, out var found))
            return error.Result();
        var schemas = found.Schemas.Select(s => new JsonObject { ["name"] = s.Name, ["share"] = found.Name });
        return await PageAsync(http, found, "schemas", [.. schemas], pages, cancel);
    }

    public static async Task<IResult> TablesAsync(
        string participant, string share, string schema, HttpContext http, Shares shares, PageTokens pages,
        CancellationToken cancel)
    {
        if ((await shares.FindAsync(participant, share, http, cancel)).Failed(out var error, out var found))
            return error.Result();
        return found.Schemas.FirstOrDefault(s => Shares.Same(s.Name, schema)) is { } inside
            ? await PageAsync(http, found, $"tables {inside.Name}", [Shown(found, inside)], pages, cancel)
            : SharingError.NotFound("schema").Result();
    }

    public static async Task<IResult> AllTablesAsync(
        string participant, string share, HttpContext http, Shares shares, PageTokens pages, CancellationToken cancel)
    {
        if ((await shares.FindAsync(participant, share, http, cancel)).Failed(out var error, out var found))
            return error.Result();
        return await PageAsync(
            http, found, "all-tables", [.. found.Schemas.Select(s => Shown(found, s))], pages, cancel);
    }

    public static async Task<IResult> TableAsync(
        string participant, string share, string schema, string table, HttpContext http, Shares shares,
        CancellationToken cancel) =>
        (await shares.FindAsync(participant, share, schema, table, http, cancel)).Failed(out var error, out var found)
            ? error.Result()
            : SharingJson.Result(new JsonObject { ["table"] = Shown(found.Share, found.Schema) });

    private static JsonObject Shown(Share share) => new()
    {
        ["name"] = share.Name,
        ["id"] = share.Id(),
        ["displayName"] = share.Agreement.Title,
        ["properties"] = new JsonObject { ["agreement"] = share.Agreement.Id },
    };

    private static JsonObject Shown(Share share, ShareSchema schema) => new()
    {
        ["name"] = share.Table,
        ["schema"] = schema.Name,
        ["share"] = share.Name,
        ["shareId"] = share.Id(),
        ["id"] = share.Id(schema.Name, share.Agreement.Product),
        ["accessModes"] = new JsonArray("url"),
    };

    /// <summary>
    /// A page of a list. <c>nextPageToken</c> is left out on the last one: some clients go on for ever where it is
    /// there, even empty.
    /// </summary>
    private static async Task<IResult> PageAsync(
        HttpContext http, Share share, string list, IReadOnlyList<JsonObject> items, PageTokens pages,
        CancellationToken cancel)
    {
        var (asked, token) = (http.Request.Query["maxResults"].ToString(), http.Request.Query["pageToken"].ToString());
        var most = Limits.Default.PageMax;
        if (asked.Length > 0 &&
            (!int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out most) ||
             most > Limits.Default.PageMax))
        {
            return SharingError.Bad($"maxResults must be a number from 0 to {Limits.Default.PageMax}.").Result();
        }
        var scope = $"{share.Access.Transfer.Id} {list}";
        var start = token.Length == 0
            ? new PageStart(0, "")
            : await pages.OpenAsync(share.Participant, scope, token, cancel);
        if (start is null)
            return SharingError.Bad("This pageToken does not belong to this list, or its time is over.").Result();
        var shown = items.Skip(start.From).Take(most).ToList();
        var body = new JsonObject { ["items"] = new JsonArray([.. shown]) };
        if (start.From + shown.Count < items.Count)
            body["nextPageToken"] = await pages.SealAsync(
                share.Participant, scope, start.From + shown.Count, "", cancel);
        return SharingJson.Result(body);
    }
}
