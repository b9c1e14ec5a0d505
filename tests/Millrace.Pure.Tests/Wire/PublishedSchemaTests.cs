using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Protocol;
using Millrace.Schemas;

namespace Millrace.Pure.Tests.OnTheWire;

public sealed class PublishedSchemaTests
{
    [Fact]
    public void What_is_written_is_valid_by_the_published_schemas_too()
    {
        Assert.SkipUnless(
            PublishedSchemas.Given is not null,
            $"Name the folder of the published schemas in {PublishedSchemas.Variable}: docs/guide/conformance.md.");
        Assert.All(Samples.ByFile.Values, message => Assert.Empty(
            PublishedSchemas.Given.Broken(JsonElement.Parse(Wire.Write(message)))));
        Assert.Empty(PublishedSchemas.Given.BrokenVersions(
            JsonElement.Parse(Golden.Json("versions").ToJsonString())));
    }

    [Fact]
    public void There_is_a_file_for_every_message() => Assert.Equal(
        MessageSchemas.Types.Order(StringComparer.Ordinal),
        PublishedSchemas.Files.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Faults_at_which_a_validator_stops_are_mended()
    {
        var folder = Directory.CreateTempSubdirectory("millrace-schemas-");
        try
        {
            foreach (var file in PublishedSchemas.Files.Values.Append("common/protocol-version"))
                Write(folder, file, """{"type": "object"}""");
            Write(folder, "transfer/transfer-error", """{"$ref": "transfer-schema.json#definitions/Explained"}""");
            Write(folder, "transfer/transfer", """
                {"definitions": {"Explained": {"properties": {"reason": {"type": "array", "items": "string"}}}}}
                """);
            var schemas = new PublishedSchemas(folder.FullName);
            Assert.Empty(schemas.Broken(JsonElement.Parse("""{"@type":"TransferError","reason":["no"]}""")));
            Assert.NotEmpty(schemas.Broken(JsonElement.Parse("""{"@type":"TransferError","reason":[7]}""")));
            Assert.NotEmpty(schemas.Broken(JsonElement.Parse("""{"@type":"Unheard"}""")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_folder_without_them_is_refused() =>
        Assert.Throws<ArgumentException>(() => new PublishedSchemas(Path.Combine(AppContext.BaseDirectory, "none")));

    /// <summary>A schema of ours, named late and in the draft of the published ones.</summary>
    private static void Write(DirectoryInfo folder, string file, string schema)
    {
        var json = JsonNode.Parse(schema)!.AsObject();
        json.Insert(0, "$schema", "https://json-schema.org/draft/2019-09/schema");
        json["$id"] = $"https://schemas.example/{file}-schema.json";
        var path = Path.Combine(folder.FullName, file + "-schema.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, json.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
    }
}
