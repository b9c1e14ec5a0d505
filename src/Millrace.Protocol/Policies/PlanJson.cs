using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Protocol.Policies;

/// <summary>
/// How plans and schemas are kept. Strict: a text that is not exactly one throws <see cref="JsonException"/>.
/// </summary>
public static class PlanJson
{
    public static string Write(AccessPlan plan) => JsonSerializer.Serialize(plan, PlanJsonContext.Default.AccessPlan);

    public static string Write(TableSchema schema) =>
        JsonSerializer.Serialize(schema, PlanJsonContext.Default.TableSchema);

    public static string Write(DefaultPlan plan) => JsonSerializer.Serialize(plan, PlanJsonContext.Default.DefaultPlan);

    public static AccessPlan ReadPlan(string json) =>
        JsonSerializer.Deserialize(json, PlanJsonContext.Default.AccessPlan) ?? throw new JsonException("No plan.");

    public static TableSchema ReadSchema(string json) =>
        JsonSerializer.Deserialize(json, PlanJsonContext.Default.TableSchema) ?? throw new JsonException("No schema.");

    public static DefaultPlan ReadDefaultPlan(string json) =>
        JsonSerializer.Deserialize(json, PlanJsonContext.Default.DefaultPlan) ?? throw new JsonException("No plan.");
}

internal sealed class MaskConverter : JsonConverter<Mask>
{
    public override Mask Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Mask.Parse(reader.GetString() ?? "") ?? throw new JsonException("No mask.");

    public override void Write(Utf8JsonWriter writer, Mask value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, AllowDuplicateProperties = false,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(MaskConverter)])]
[JsonSerializable(typeof(AccessPlan))]
[JsonSerializable(typeof(TableSchema))]
[JsonSerializable(typeof(DefaultPlan))]
internal sealed partial class PlanJsonContext : JsonSerializerContext;
