using System.Text.Json;

namespace Millrace.Protocol.Catalogues;

/// <summary>The wire form of the catalogue messages (DSP 2025-1, schemas below <c>catalog/</c>).</summary>
/// <remarks>
/// Every object carries its <c>@type</c>, and titles their prefix: without them a JSON-LD peer loses what they hold.
/// </remarks>
internal static class CatalogueJson
{
    public static readonly IReadOnlyList<WireType> Types =
    [
        WireType.Of("CatalogRequestMessage", o => new CatalogueRequest(o.OptionalText("@id"), ReadFilter(o))),
        WireType.Of("CatalogError", o => new CatalogueError(
            o.OptionalText("@id"), o.OptionalText("code"), o.Texts("reason", mayBeEmpty: true))),
        WireType.Of("Catalog", o => ReadCatalogue(o, isRoot: true)),
        WireType.Of("Dataset", DatasetJson.Read),
    ];

    public static void Write(Utf8JsonWriter writer, Message message)
    {
        switch (message)
        {
            case CatalogueRequest m:
                writer.WriteType("CatalogRequestMessage", m.Id);
                writer.WriteList("filter", m.Filter, filter => filter.WriteTo(writer));
                break;
            case CatalogueError m:
                writer.WriteType("CatalogError", m.Id);
                writer.WriteOptional("code", m.Code);
                writer.WriteTexts("reason", m.Reasons);
                break;
            case Catalogue m:
                if (m.ParticipantId is null) throw new ArgumentException("A catalogue must name its participant.");
                WriteCatalogue(writer, m);
                break;
            case Dataset m:
                DatasetJson.Write(writer, m);
                break;
            default:
                throw new ArgumentException($"{message.GetType().Name} is no message of the protocol.");
        }
    }

    private static void WriteCatalogue(Utf8JsonWriter writer, Catalogue catalogue)
    {
        writer.WriteType("Catalog", catalogue.Id);
        writer.WriteOptional("participantId", catalogue.ParticipantId);
        writer.WriteOptional("dct:title", catalogue.Title);
        writer.WriteList("service", catalogue.Services, service => DatasetJson.WriteService(writer, service));
        writer.WriteList("distribution", catalogue.Distributions, d => DatasetJson.WriteDistribution(writer, d));
        writer.WriteList("catalog", catalogue.Catalogues, inner =>
        {
            writer.WriteStartObject();
            WriteCatalogue(writer, inner);
            writer.WriteEndObject();
        });
        writer.WriteList("dataset", catalogue.Datasets, dataset =>
        {
            writer.WriteStartObject();
            DatasetJson.Write(writer, dataset);
            writer.WriteEndObject();
        });
    }

    private static Catalogue ReadCatalogue(WireObject o, bool isRoot)
    {
        o.Expect("Catalog");
        if (o.Has("hasPolicy")) o.Refuse("hasPolicy", "is not allowed in a catalogue");
        var datasets = o.UsableObjects("dataset", DatasetJson.Read, out var leftOut);
        return new Catalogue
        {
            Id = o.Text("@id"),
            ParticipantId = isRoot ? o.Text("participantId") : o.OptionalText("participantId"),
            Title = DatasetJson.ReadTitle(o, "title"),
            Services = o.Objects("service", DatasetJson.ReadService),
            Distributions = o.Objects("distribution", DatasetJson.ReadDistribution),
            Catalogues = o.Objects("catalog", inner => ReadCatalogue(inner, isRoot: false)),
            Datasets = datasets,
            LeftOut = leftOut,
        };
    }

    /// <summary>Without empty filters: <c>{}</c>, or <c>[{}]</c> after JSON-LD expansion, filters nothing.</summary>
    private static IReadOnlyList<JsonElement> ReadFilter(WireObject o) =>
    [
        .. o.List("filter", mayBeEmpty: true)
            .SelectMany(item => WireObject.Scalar(item) is { ValueKind: JsonValueKind.Array } literal
                ? literal.EnumerateArray().ToArray()
                : [WireObject.Scalar(item)])
            .Where(item => item.ValueKind != JsonValueKind.Object || item.GetPropertyCount() > 0),
    ];
}
