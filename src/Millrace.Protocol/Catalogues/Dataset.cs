using System.Text.Json;
using Millrace.Protocol.Policies;
using Millrace.Protocol.Queries;

namespace Millrace.Protocol.Catalogues;

/// <summary>A data product as a catalogue shows it; also an answer of its own (DSP 2025-1, Dataset).</summary>
public sealed record Dataset : Message
{
    public required string Id { get; init; }

    public string? Title { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<string> Keywords { get; init; } = [];

    /// <summary>At least one, without target: this data set is the target.</summary>
    public required IReadOnlyList<Policy> Offers { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<Distribution> Distributions { get; init; }

    /// <summary>What else is said about it, by absolute IRI; see <see cref="DatasetTerms"/> for ours.</summary>
    public IReadOnlyDictionary<string, JsonElement> Metadata { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>The number of rows, if stated.</summary>
    public long? Rows => Number(DatasetTerms.Rows) is { } json && json.TryGetInt64(out var rows) ? rows : null;

    /// <summary>The quality score from 0 to 1, if stated.</summary>
    public double? Quality =>
        Number(DatasetTerms.Quality) is { } json && json.TryGetDouble(out var score) ? score : null;

    /// <summary>The name of the publisher for people, if stated.</summary>
    public string? Publisher =>
        Scalar(DatasetTerms.Publisher) is { ValueKind: JsonValueKind.String } json ? json.GetString() : null;

    /// <summary>What one must know to call it, if it is a query that can be called.</summary>
    public QuerySignature? Query =>
        Metadata.TryGetValue(DatasetTerms.Query, out var json)
            ? QueryJson.ReadSignature(WireObject.Scalar(json))
            : null;

    /// <summary>Whether its rows are an index of files, which can be had too.</summary>
    public bool HoldsFiles => Scalar(DatasetTerms.HoldsFiles) is { ValueKind: JsonValueKind.True };

    /// <summary>Which columns hold which elements, if stated.</summary>
    public IReadOnlyList<ColumnElement> Elements =>
        Metadata.TryGetValue(DatasetTerms.Elements, out var json) ? ColumnElement.Read(json) : [];

    /// <summary>The masks that its holder puts on columns whatever is agreed, if stated.</summary>
    public IReadOnlyDictionary<string, Mask> Masks => ColumnMasks.Read(
        Metadata.TryGetValue(DatasetTerms.Masks, out var json) ? json : default);

    private JsonElement? Scalar(string iri) =>
        Metadata.TryGetValue(iri, out var json) ? WireObject.Scalar(json) : null;

    private JsonElement? Number(string iri) => Scalar(iri) is { ValueKind: JsonValueKind.Number } json ? json : null;
}

/// <summary>The IRIs of Millrace's own statements about a data set.</summary>
public static class DatasetTerms
{
    /// <summary>A number: how many rows the latest version has.</summary>
    public const string Rows = Dspace.MillraceNamespace + "rows";

    /// <summary>A number from 0 to 1: the quality score of the latest version.</summary>
    public const string Quality = Dspace.MillraceNamespace + "quality";

    /// <summary>A string: the name of the publisher for people.</summary>
    public const string Publisher = Dspace.MillraceNamespace + "publisher";

    /// <summary>An object: the parameters of a query, and the smallest group that it shows.</summary>
    public const string Query = Dspace.MillraceNamespace + "query";

    /// <summary>True: the rows are an index of files, which can be had too.</summary>
    public const string HoldsFiles = Dspace.MillraceNamespace + "holdsFiles";

    /// <summary>A list of objects: the columns whose data element a person confirmed.</summary>
    public const string Elements = Dspace.MillraceNamespace + "elements";

    /// <summary>A list of objects: the columns that the holder masks whatever is agreed, and how.</summary>
    public const string Masks = Dspace.MillraceNamespace + "masks";
}

/// <summary>One way to get a data set: a format, from a service that is named or stands here in full.</summary>
public sealed record Distribution
{
    /// <summary>By a service that the catalogue lists.</summary>
    public Distribution(string format, string serviceId) => (Format, ServiceId) = (format, serviceId);

    /// <summary>By a service in full: needed in a data set outside a catalogue.</summary>
    public Distribution(string format, DataService service) =>
        (Format, ServiceId, Service) = (format, service.Id, service);

    public string Format { get; }

    public string ServiceId { get; }

    public DataService? Service { get; }

    /// <summary>Offers for this way only.</summary>
    public IReadOnlyList<Policy> Offers { get; init; } = [];
}

/// <summary>An endpoint at which data sets can be negotiated for.</summary>
/// <param name="EndpointUrl">The base URL below which the paths of the protocol hang.</param>
public sealed record DataService(string Id, Uri EndpointUrl);
