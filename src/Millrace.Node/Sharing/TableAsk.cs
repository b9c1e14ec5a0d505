using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Millrace.Engine.Delivery;

namespace Millrace.Node.Sharing;

/// <summary>What is asked of a table, in the body of a query or the parameters of a GET. Unknown fields and nulls
/// are nothing.</summary>
/// <param name="Hint">What is understood of the hints; null: nothing.</param>
/// <param name="HasHint">There are hints, understood or not: then the client drops rows itself.</param>
public sealed record TableAsk(
    long? Version, DateTimeOffset? Timestamp, long? StartingVersion, DateTimeOffset? StartingTimestamp,
    long? EndingVersion, DateTimeOffset? EndingTimestamp, long? LimitHint, int? MaxFiles, string? PageToken,
    bool WantsRefresh, string? RefreshToken, Hint? Hint, bool HasHint)
{
    private static readonly string[] _times =
        ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ssK"];

    /// <summary>Whether more than one field says which state of the table is meant.</summary>
    public bool IsAmbiguous => new object?[] { Version, Timestamp, StartingVersion, RefreshToken }
        .Count(f => f is not null) > 1;

    /// <exception cref="JsonException">The body is no JSON object.</exception>
    /// <exception cref="BadHttpRequestException">It is larger than allowed.</exception>
    public static async Task<Outcome<TableAsk>> OfBodyAsync(HttpContext http, Limits limits, CancellationToken cancel)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = limits.RequestBytesMax;
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, cancel);
        using var document = JsonDocument.Parse(body.Length == 0 ? "{}"u8.ToArray() : body.ToArray());
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new JsonException("The body is not an object.");
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in document.RootElement.EnumerateObject())
        {
            if (field.Value.ValueKind != JsonValueKind.Null)
                fields[field.Name] = field.Value.ValueKind == JsonValueKind.String
                    ? field.Value.GetString()! : field.Value.GetRawText();
        }
        if (http.Request.Query["pageToken"].ToString() is { Length: > 0 } page)
            fields.TryAdd("pageToken", page); // Of a Link header: the same body is posted there.
        return new Reader(fields, limits).Read();
    }

    public static Outcome<TableAsk> OfQuery(IQueryCollection query, Limits limits) => new Reader(
        query.ToDictionary(q => q.Key, q => q.Value.ToString(), StringComparer.Ordinal), limits).Read();

    private sealed class Reader(Dictionary<string, string> fields, Limits limits)
    {
        private string? _wrong;

        public Outcome<TableAsk> Read()
        {
            var hints = Hints();
            var ask = new TableAsk(
                Number("version"), Time("timestamp"), Number("startingVersion"), Time("startingTimestamp"),
                Number("endingVersion"), Time("endingTimestamp"), Number("limitHint"),
                Number("maxFiles") is { } most ? (int)Math.Clamp(most, 1, int.MaxValue) : null, Text("pageToken"),
                Text("includeRefreshToken") == "true", Text("refreshToken"),
                hints.Count > 0 ? new HintAll(hints) : null, hints.Count > 0);
            return _wrong is null ? ask : SharingError.Bad($"{_wrong} cannot be read: see the form of the protocol.");
        }

        private string? Text(string name) => fields.GetValueOrDefault(name) is { Length: > 0 } text ? text : null;

        private long? Number(string name)
        {
            if (Text(name) is not { } text)
                return null;
            if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return number;
            _wrong = name;
            return null;
        }

        private DateTimeOffset? Time(string name)
        {
            if (Text(name) is not { } text)
                return null;
            if (DateTimeOffset.TryParseExact(
                text, _times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            {
                return time;
            }
            _wrong = name;
            return null;
        }

        /// <summary>Hints never make an error: what cannot be read is a hint that leaves nothing out.</summary>
        private List<Hint> Hints()
        {
            var hints = new List<Hint>();
            if (Text("jsonPredicateHints") is { } json)
                hints.Add(json.Length <= limits.HintLengthMax ? JsonHints.Read(json) : new HintUnknown());
            if (Text("predicateHints") is { } list && list != "[]")
                hints.AddRange(list.Length <= limits.HintLengthMax ? SqlHints.ReadAll(list) : [new HintUnknown()]);
            return hints;
        }
    }
}
