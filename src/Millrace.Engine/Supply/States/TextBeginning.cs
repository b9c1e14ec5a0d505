namespace Millrace.Engine.Supply.States;

/// <summary>Of a text of any length, UTF-8, as much as is kept: whole characters.</summary>
internal static class TextBeginning
{
    /// <summary>Of a text that is shown, enough for 40 characters.</summary>
    public const int ShownBytesMax = 160;

    /// <summary>More than is shown, so that of a longer text it is known that it goes on.</summary>
    private const int KeptBytesMax = ShownBytesMax + 4;

    /// <summary>The whole text, or a beginning of it with a sign that it goes on.</summary>
    public static byte[] Shown(ReadOnlySpan<byte> text) => text.Length <= ShownBytesMax
        ? text.ToArray()
        : [.. Of(text, ShownBytesMax - "…"u8.Length), .. "…"u8];

    /// <summary>
    /// The whole text, or a beginning of it that is longer than what is shown: of two texts the lesser one's is never
    /// greater.
    /// </summary>
    public static ReadOnlySpan<byte> Kept(ReadOnlySpan<byte> text) =>
        text.Length <= KeptBytesMax ? text : Of(text, KeptBytesMax);

    private static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> text, int end)
    {
        while ((text[end] & 0xC0) == 0x80) // Within a character.
            end--;
        return text[..end];
    }
}
