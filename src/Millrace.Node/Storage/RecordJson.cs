using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Millrace.Engine.Supply;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Handling;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Storage;

/// <summary>The JSON of stored rows. A row that cannot be read back is an error, never half a record.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    UseStringEnumConverter = true,
    Converters =
    [
        typeof(PolicyConverter), typeof(MaskConverter), typeof(WrittenRuleConverter), typeof(VisibilityConverter),
    ])]
[JsonSerializable(typeof(ParticipantRecord))]
[JsonSerializable(typeof(MemberRecord))]
[JsonSerializable(typeof(SecretRecord))]
[JsonSerializable(typeof(PeerRecord))]
[JsonSerializable(typeof(ProductRecord))]
[JsonSerializable(typeof(ProductVersionRecord))]
[JsonSerializable(typeof(RefreshRecord))]
[JsonSerializable(typeof(WatermarkRecord))]
[JsonSerializable(typeof(TableProfile))]
[JsonSerializable(typeof(QualityReport))]
[JsonSerializable(typeof(FileFindings))]
[JsonSerializable(typeof(NegotiationRecord))]
[JsonSerializable(typeof(AgreementRecord))]
[JsonSerializable(typeof(UsageRecord))]
[JsonSerializable(typeof(TransferRecord))]
[JsonSerializable(typeof(ViewRecord))]
[JsonSerializable(typeof(ReadRecord))]
[JsonSerializable(typeof(ScenarioRecord))]
[JsonSerializable(typeof(Doubt))]
[JsonSerializable(typeof(FoundCatalogueRecord))]
[JsonSerializable(typeof(FoundDatasetRecord))]
internal sealed partial class RecordJson : JsonSerializerContext
{
    /// <summary>Leaves Chinese readable in the database.</summary>
    public static RecordJson Rows => Readable.Context;

    // A class of its own: the order of static fields over the parts of a generated class is not defined.
    private static class Readable
    {
        internal static readonly RecordJson Context = new(new JsonSerializerOptions(Default.GeneratedSerializerOptions!)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
    }
}

/// <summary>A mask is stored in the form in which policies name it.</summary>
internal sealed class MaskConverter : JsonConverter<Mask>
{
    public override Mask Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Mask.Parse(reader.GetString() ?? "") ?? throw new JsonException("No mask.");

    public override void Write(Utf8JsonWriter writer, Mask value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

/// <summary>A policy is stored in the form of the wire.</summary>
internal sealed class PolicyConverter() : FormConverter<Policy>(PolicyJson.Read, PolicyJson.Write);

/// <summary>A written rule is stored in the form in which its holder wrote it.</summary>
internal sealed class WrittenRuleConverter() : FormConverter<WrittenRule>(RuleJson.Read, RuleJson.Write);

/// <summary>Who sees an offer is stored in the form in which its holder wrote it.</summary>
internal sealed class VisibilityConverter()
    : FormConverter<Visibility>(Visibility.Read, (writer, visible) => visible.Write(writer));

/// <summary>What has a form of its own in JSON, with a reader that refuses.</summary>
internal abstract class FormConverter<T>(Func<JsonElement, Decision<T>> read, Action<Utf8JsonWriter, T> write)
    : JsonConverter<T>
    where T : class
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return read(document.RootElement).Refused(out var refusal, out var value)
            ? throw new JsonException(refusal.Reason)
            : value;
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => write(writer, value);
}
