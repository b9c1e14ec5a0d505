using System.Text.Json.Serialization;

namespace Millrace.Node.Commands;

/// <summary>A receipt for programs: the API gives it as plain text.</summary>
internal sealed record ReceiptText(long Index, string Receipt);

/// <summary>The JSON of the few answers that no single call of the API gives.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ReceiptText))]
[JsonSerializable(typeof(ReceiptVerdict))]
[JsonSerializable(typeof(ReadReport))]
[JsonSerializable(typeof(UnfinishedRead))]
internal sealed partial class CommandJson : JsonSerializerContext;
