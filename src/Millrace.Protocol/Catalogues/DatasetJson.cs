using System.Text.Json;
using Millrace.Protocol.Policies;

namespace Millrace.Protocol.Catalogues;

/// <summary>The wire form of a data set and what it holds (DSP 2025-1, <c>dataset-schema.json</c>).</summary>
internal static class DatasetJson
{
    private static readonly string[] _ownTerms = ["dct:title", "dct:description", "dcat:keyword"];

    public static void Write(Utf8JsonWriter writer, Dataset dataset)
    {
        if (dataset.Offers.Count == 0 || dataset.Distributions.Count == 0)
            throw new ArgumentException($"Data set {dataset.Id} needs an offer and a distribution.");
        writer.WriteType("Dataset", dataset.Id);
        writer.WriteOptional("dct:title", dataset.Title);
        writer.WriteOptional("dct:description", dataset.Description);
        writer.WriteTexts("dcat:keyword", dataset.Keywords);
        foreach (var (iri, value) in dataset.Metadata)
        {
            var name = Dspace.Compact(iri, out _);
            if (Dspace.Expand(name) != iri || _ownTerms.Contains(name))
                throw new ArgumentException($"{iri} is no absolute IRI, or has a member of its own.");
            writer.WritePropertyName(iri);
            value.WriteTo(writer);
        }

        WriteOffers(writer, dataset.Offers);
        writer.WriteList("distribution", dataset.Distributions, d => WriteDistribution(writer, d));
    }

    public static void WriteDistribution(Utf8JsonWriter writer, Distribution distribution)
    {
        writer.WriteStartObject();
        writer.WriteString("@type", "Distribution");
        writer.WriteString("format", distribution.Format);
        writer.WritePropertyName("accessService");
        if (distribution.Service is { } service) WriteService(writer, service);
        else writer.WriteStringValue(distribution.ServiceId);
        WriteOffers(writer, distribution.Offers);
        writer.WriteEndObject();
    }

    public static void WriteService(Utf8JsonWriter writer, DataService service)
    {
        writer.WriteStartObject();
        writer.WriteType("DataService", service.Id);
        writer.WriteOptional("endpointURL", service.EndpointUrl);
        writer.WriteEndObject();
    }

    /// <remarks>Inside a catalogue the schema does not ask for the <c>@type</c> of a data set.</remarks>
    public static Dataset Read(WireObject o)
    {
        if (o.Has("@type")) o.Expect("Dataset");
        return new Dataset
        {
            Id = o.Text("@id"),
            Title = ReadTitle(o, "title"),
            Description = ReadTitle(o, "description"),
            Keywords = o.FreeTexts(o.Has("dcat:keyword") ? "dcat:keyword" : "keyword"),
            Offers = AtLeastOne(o, "hasPolicy", o.Offers("hasPolicy")),
            Distributions = AtLeastOne(o, "distribution", o.Objects("distribution", ReadDistribution)),
            Metadata = ReadMetadata(o),
        };
    }

    public static Distribution ReadDistribution(WireObject o)
    {
        var format = o.Text("format");
        var offers = o.Offers("hasPolicy");
        // An id alone may come wrapped as {"@id"}: an object counts as a service only if it says where it is.
        var isObject = o.Members.TryGetValue("accessService", out var json)
            && WireObject.Scalar(json).ValueKind == JsonValueKind.Object;
        var distribution = isObject && o.OptionalObject("accessService", ReadService) is { } service
            ? new Distribution(format, service)
            : new Distribution(format, o.Text("accessService"));
        return distribution with { Offers = offers };
    }

    public static DataService ReadService(WireObject o)
    {
        if (o.Has("@type")) o.Expect("DataService");
        return new DataService(o.Text("@id"), o.Url("endpointURL"));
    }

    /// <summary>
    /// A text for people. The context has no bare word for titles, so they come with prefix; a peer may leave that out,
    /// or send the text in several languages, of which the first is taken.
    /// </summary>
    public static string? ReadTitle(WireObject o, string name)
    {
        var member = o.Has("dct:" + name) ? "dct:" + name : name;
        return o.FreeTexts(member) is [var first, ..] ? first : null;
    }

    private static Dictionary<string, JsonElement> ReadMetadata(WireObject o) =>
        o.Members
            .Where(member => !_ownTerms.Contains(member.Key))
            .Select(member => (Iri: Dspace.Expand(member.Key), member.Value))
            .Where(member => member.Iri is not null)
            .ToDictionary(member => member.Iri!, member => member.Value, StringComparer.Ordinal);

    private static void WriteOffers(Utf8JsonWriter writer, IReadOnlyList<Policy> offers)
    {
        foreach (var offer in offers)
            if (offer.Kind != PolicyKind.Offer || offer.Target is not null)
                throw new ArgumentException($"Policy {offer.Id} must be an offer without target here.");
        writer.WriteList("hasPolicy", offers, offer => PolicyJson.Write(writer, offer));
    }

    private static IReadOnlyList<T> AtLeastOne<T>(WireObject o, string name, IReadOnlyList<T> items)
    {
        if (!o.Has(name)) o.Missing(name);
        return items;
    }
}
