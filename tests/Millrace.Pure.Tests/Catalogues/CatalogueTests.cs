using System.Text.Json.Nodes;
using Millrace.Protocol;
using Millrace.Protocol.Catalogues;
using Millrace.Protocol.Policies;
using Millrace.Pure.Tests.OnTheWire;

namespace Millrace.Pure.Tests.Catalogues;

public sealed class CatalogueTests
{
    [Fact]
    public void A_distribution_leads_to_its_service()
    {
        var catalogue = Golden.Message<Catalogue>("catalogue");
        var dataset = Assert.Single(catalogue.Datasets);
        Assert.Equal(Samples.ProviderBase, catalogue.ServiceOf(dataset.Distributions[0])?.EndpointUrl);
        var alone = Golden.Message<Dataset>("dataset");
        Assert.Equal(Samples.ProviderBase, catalogue.ServiceOf(alone.Distributions[0])?.EndpointUrl);
        Assert.Null(catalogue.ServiceOf(new Distribution("x", "urn:uuid:unknown")));
    }

    [Fact]
    public void A_catalogue_inside_another_says_where_it_can_be_asked_for()
    {
        var inner = Assert.Single(Golden.Message<Catalogue>("catalogue").Catalogues);
        Assert.Null(inner.ParticipantId);
        Assert.Equal(
            new Uri("https://farm.example/dsp/2025-1"), inner.ServiceOf(inner.Distributions[0])?.EndpointUrl);
    }

    [Fact]
    public void Our_metadata_are_read_as_values()
    {
        var dataset = Golden.Message<Dataset>("dataset");
        Assert.Equal((1200000L, 0.93, "City Transport Authority"), (dataset.Rows, dataset.Quality, dataset.Publisher));
    }

    [Theory]
    [InlineData("[{\"@value\":5,\"@type\":\"xsd:integer\"}]", 5L)]
    [InlineData("\"5\"", null)]
    [InlineData("5.5", null)]
    public void Metadata_may_be_wrapped_and_what_makes_no_sense_is_not_stated(string json, long? rows)
    {
        var message = Golden.Json("dataset");
        message[DatasetTerms.Rows] = JsonNode.Parse(json);
        Assert.Equal(rows, Golden.Accept(Wire.Read<Dataset>(Golden.Bytes(message))).Rows);
    }

    [Fact]
    public void Elements_of_columns_are_told_and_read_and_what_is_none_is_passed_over()
    {
        var dataset = Golden.Message<Dataset>("dataset");
        Assert.Empty(dataset.Elements);
        ColumnElement[] told = [new("day", "common/calendar-date"), new("stop", "transport/stop-id")];
        var metadata = new Dictionary<string, System.Text.Json.JsonElement>(dataset.Metadata)
        {
            [DatasetTerms.Elements] = ColumnElement.ToCatalogue(told),
        };
        var read = Golden.Accept(Wire.Read<Dataset>(Wire.Write(dataset with { Metadata = metadata })));
        Assert.Equal(told, read.Elements);
        var message = Golden.Json("dataset");
        message[DatasetTerms.Elements] = JsonNode.Parse(
            """
            [7, "x", {}, {"https://millrace.dev/ns/column":"a","https://millrace.dev/ns/element":"https://x.example/b"},
             {"https://millrace.dev/ns/column":["a"],
              "https://millrace.dev/ns/element":[{"@id":"https://millrace.dev/ns/element/common/latitude"}]}]
            """);
        Assert.Equal(
            [new ColumnElement("a", "common/latitude")],
            Golden.Accept(Wire.Read<Dataset>(Golden.Bytes(message))).Elements);
    }

    [Fact]
    public void Masks_of_the_holder_are_told_and_read_and_what_is_none_is_passed_over()
    {
        var dataset = Golden.Message<Dataset>("dataset");
        Assert.Empty(dataset.Masks);
        var told = new Dictionary<string, Mask>
        {
            ["card"] = Mask.Parse("last:4")!,
            ["born"] = Mask.Parse("date:year")!,
        };
        var metadata = new Dictionary<string, System.Text.Json.JsonElement>(dataset.Metadata)
        {
            [DatasetTerms.Masks] = ColumnMasks.ToCatalogue(told),
        };
        var read = Golden.Accept(Wire.Read<Dataset>(Wire.Write(dataset with { Metadata = metadata })));
        Assert.Equal(told.OrderBy(m => m.Key), read.Masks.OrderBy(m => m.Key));
        var message = Golden.Json("dataset");
        message[DatasetTerms.Masks] = JsonNode.Parse(
            """
            [null, [], {"https://millrace.dev/ns/column":"a"},
             {"https://millrace.dev/ns/column":"a","https://millrace.dev/ns/mask":"blur"},
             {"https://millrace.dev/ns/column":["a"],"https://millrace.dev/ns/mask":[{"@value":"hash"}]},
             {"https://millrace.dev/ns/column":"a","https://millrace.dev/ns/mask":"null"}]
            """);
        Assert.Equal(
            [new("a", Mask.Parse("hash")!)], Golden.Accept(Wire.Read<Dataset>(Golden.Bytes(message))).Masks);
    }

    [Fact]
    public void What_others_say_is_kept_by_absolute_IRI()
    {
        var message = Golden.Json("dataset");
        message["dct:issued"] = "2026-01-01";
        message["https://w3id.org/edc/v0.0.1/ns/id"] = "x";
        message["bare"] = "means nothing";
        message["edc:id"] = "means nothing without its context";
        var dataset = Golden.Accept(Wire.Read<Dataset>(Golden.Bytes(message)));
        Assert.Equal(
            ["http://purl.org/dc/terms/issued", "https://w3id.org/edc/v0.0.1/ns/id"],
            dataset.Metadata.Keys.Where(key => !key.Contains("millrace", StringComparison.Ordinal)).Order());
        var again = Golden.Accept(Wire.Read<Dataset>(Wire.Write(dataset)));
        Assert.Equal(dataset.Metadata.Keys.Order(), again.Metadata.Keys.Order());
    }

    [Theory]
    [InlineData("dct:title", "\"One\"", "One")]
    [InlineData("title", "\"One\"", "One")]
    [InlineData("http://purl.org/dc/terms/title", "[{\"@value\":\"One\"},{\"@value\":\"一\"}]", "One")]
    [InlineData("dct:title", "7", null)]
    public void A_title_comes_in_many_forms(string member, string json, string? title)
    {
        var message = Golden.Json("dataset");
        message.Remove("dct:title");
        message[member] = JsonNode.Parse(json);
        Assert.Equal(title, Golden.Accept(Wire.Read<Dataset>(Golden.Bytes(message))).Title);
    }

    [Fact]
    public void Types_that_the_schemas_leave_open_may_be_missing()
    {
        var message = Golden.Json("catalogue");
        var dataset = message["dataset"]![0]!.AsObject();
        dataset.Remove("@type");
        dataset["hasPolicy"]![0]!.AsObject().Remove("@type");
        dataset["distribution"]![0]!.AsObject().Remove("@type");
        dataset["distribution"]![0]!["accessService"] = new JsonObject { ["@id"] = "urn:uuid:wrapped" };
        var read = Golden.Accept(Wire.Read<Catalogue>(Golden.Bytes(message)));
        Assert.Equal("urn:uuid:wrapped", read.Datasets[0].Distributions[0].ServiceId);
        Assert.Single(read.Datasets[0].Offers);
    }
}
