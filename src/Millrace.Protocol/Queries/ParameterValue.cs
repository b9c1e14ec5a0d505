using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Millrace.Protocol.Policies;

namespace Millrace.Protocol.Queries;

/// <summary>Values of parameters: each type has one form, so that equal values are equal texts.</summary>
internal static class ParameterValue
{
    private const int WholeDigitsMax = 18;
    private const int ScaleMax = 9;

    /// <summary>The types that a parameter can have, by their names.</summary>
    public static FrozenDictionary<string, ColumnType> Types { get; } = new Dictionary<string, ColumnType>
    {
        ["text"] = ColumnType.Text, ["integer"] = ColumnType.Integer, ["decimal"] = ColumnType.Decimal,
        ["number"] = ColumnType.Number, ["date"] = ColumnType.Date, ["timestamp"] = ColumnType.Timestamp,
        ["boolean"] = ColumnType.Boolean,
    }.ToFrozenDictionary();

    public static bool IsOrdered(ColumnType type) => type is not (ColumnType.Text or ColumnType.Boolean);

    /// <summary>The value in its one form; null when it is none of the type.</summary>
    public static string? Read(JsonElement json, ColumnType type) => Text(json) is { } text ? Read(text, type) : null;

    public static int Compare(string one, string other, ColumnType type) => type switch
    {
        ColumnType.Integer => long.Parse(one, CultureInfo.InvariantCulture)
            .CompareTo(long.Parse(other, CultureInfo.InvariantCulture)),
        ColumnType.Decimal => decimal.Parse(one, CultureInfo.InvariantCulture)
            .CompareTo(decimal.Parse(other, CultureInfo.InvariantCulture)),
        ColumnType.Number => double.Parse(one, CultureInfo.InvariantCulture)
            .CompareTo(double.Parse(other, CultureInfo.InvariantCulture)),
        _ => string.CompareOrdinal(one, other), // Days and moments have a form that sorts.
    };

    /// <summary>The text of a scalar; null for anything else, or for a text that is not well-formed.</summary>
    public static string? Text(JsonElement json)
    {
        try
        {
            return json.ValueKind switch
            {
                JsonValueKind.String => json.GetString(),
                JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => json.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            return null; // Half a surrogate pair.
        }
    }

    private static string? Read(string text, ColumnType type) => type switch
    {
        _ when text.Contains('\0') => null, // .NET reads numbers with it; no engine has it in a text.
        ColumnType.Text => IsWellFormed(text) ? text : null,
        ColumnType.Integer => long.TryParse(
            text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
            ? whole.ToString(CultureInfo.InvariantCulture)
            : null,
        ColumnType.Decimal => Fitting(RowValue.Read(new PolicyValue(text), type)),
        // A form of a page leaves seconds out where they are none.
        ColumnType.Timestamp when text.Length == "2001-01-01T00:00".Length => Read($"{text}:00", type),
        _ => RowValue.Read(new PolicyValue(text), type),
    };

    /// <summary>What a decimal of 27 digits holds, 9 of them after the point.</summary>
    private static string? Fitting(string? value) =>
        value?.TrimStart('-').Split('.') is [var whole, .. var rest] && whole.Length <= WholeDigitsMax
            && (rest is not [var scale] || scale.Length <= ScaleMax)
            ? value
            : null;

    private static bool IsWellFormed(string text)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var taken) != System.Buffers.OperationStatus.Done)
                return false;
            rest = rest[taken..];
        }
        return true;
    }
}
