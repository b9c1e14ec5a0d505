using Millrace.Engine.Supply;
using Millrace.Node.Api;
using Millrace.Node.Hosting;

namespace Millrace.Node.Transfers;

/// <summary>
/// The consumer's way to the data of a transfer: its node holds the token, asks the provider, passes the stream on, and
/// logs what it received.
/// </summary>
public static class TransferData
{
    private static readonly string[] Asked =
    [
        "Range", "If-Range", "If-None-Match", "Accept", "Accept-Encoding", "Prefer", Announcement.ReadHeader,
    ];

    public static void Map(IEndpointRouteBuilder participant)
    {
        participant.MapGet("/transfers/{pid}/data", FetchAsync);
        participant.MapGet("/transfers/{pid}/files/{**path}", FetchFileAsync);
        participant.MapPost("/transfers/{pid}/query", QueryAsync);
        participant.MapPost("/transfers/{pid}/call", CallAsync);
    }

    /// <summary>Streams the data; the provider's refusal comes back with its own status, code and rule.</summary>
    public static Task<IResult> FetchAsync(
        string participant, string pid, string? format, HttpContext http, DataRelay relay, CancellationToken cancel) =>
        relay.PassAsync(http, participant, pid, endpoint => Get(At(endpoint, "", format), http), cancel);

    /// <summary>Streams a file of a collection.</summary>
    public static Task<IResult> FetchFileAsync(
        string participant, string pid, string path, HttpContext http, DataRelay relay, CancellationToken cancel) =>
        relay.PassAsync(
            http, participant, pid,
            endpoint => Get(At(endpoint, $"/files/{CollectionPath.Escaped(path)}", null), http), cancel);

    /// <summary>Asks the provider a SELECT over the data, a <see cref="QueryDraft"/>, and streams its answer.</summary>
    public static async Task<IResult> QueryAsync(
        string participant, string pid, string? format, HttpContext http, DataRelay relay, CancellationToken cancel)
    {
        var draft = await Body.ReadAsync(http.Request, ApiJson.Wire.QueryDraft, cancel);
        return await relay.PassAsync(
            http, participant, pid,
            endpoint => new HttpRequestMessage(HttpMethod.Post, At(endpoint, "/query", format))
            {
                Content = JsonContent.Create(draft, ApiJson.Wire.QueryDraft),
            },
            cancel);
    }

    /// <summary>Calls the provider's query with values, a <see cref="CallDraft"/>, and streams its answer.</summary>
    public static async Task<IResult> CallAsync(
        string participant, string pid, string? format, HttpContext http, DataRelay relay, CancellationToken cancel)
    {
        var draft = await Body.ReadAsync(http.Request, ApiJson.Wire.CallDraft, cancel);
        return await relay.PassAsync(
            http, participant, pid, endpoint => Call(endpoint, draft, format), cancel);
    }

    internal static HttpRequestMessage Call(Uri endpoint, CallDraft draft, string? format) =>
        new(HttpMethod.Post, At(endpoint, "/call", format))
        {
            Content = JsonContent.Create(draft, ApiJson.Wire.CallDraft),
        };

    private static HttpRequestMessage Get(Uri place, HttpContext http)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, place);
        foreach (var name in Asked)
            request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)http.Request.Headers[name]);
        return request;
    }

    /// <summary>The endpoint, or what lies below it, with the format asked for.</summary>
    private static Uri At(Uri endpoint, string below, string? format)
    {
        var place = new UriBuilder(endpoint);
        place.Path += below;
        if (format is not null)
            place.Query = $"{place.Query}{(place.Query.Length > 0 ? '&' : '?')}format={Uri.EscapeDataString(format)}";
        return place.Uri;
    }
}
