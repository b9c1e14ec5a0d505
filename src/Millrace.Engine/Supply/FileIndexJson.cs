using System.Text.Json.Serialization;

namespace Millrace.Engine.Supply;

[JsonSerializable(typeof(IndexedFile))]
internal sealed partial class FileIndexJson : JsonSerializerContext;
