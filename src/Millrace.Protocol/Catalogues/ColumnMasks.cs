using System.Text.Json;
using Millrace.Protocol.Policies;

namespace Millrace.Protocol.Catalogues;

/// <summary>The masks that a holder puts on columns whatever is agreed, as its catalogue tells them.</summary>
public static class ColumnMasks
{
    private const string MaskTerm = Dspace.MillraceNamespace + "mask";

    /// <summary>As a catalogue tells them, in the order of the columns' names.</summary>
    public static JsonElement ToCatalogue(IReadOnlyDictionary<string, Mask> masks) => ColumnStatements.Write(
        masks.OrderBy(m => m.Key, StringComparer.Ordinal),
        m => m.Key,
        (writer, m) => writer.WriteString(MaskTerm, m.Value.ToString()));

    /// <summary>What a catalogue told, the first word on each column; what is no mask of ours is passed over.</summary>
    internal static IReadOnlyDictionary<string, Mask> Read(JsonElement json)
    {
        var masks = new Dictionary<string, Mask>(StringComparer.Ordinal);
        foreach (var (column, text) in ColumnStatements.Read(json, MaskTerm))
        {
            if (Mask.Parse(text) is { } mask)
                masks.TryAdd(column, mask);
        }
        return masks;
    }
}
