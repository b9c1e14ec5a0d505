namespace Millrace.Log;

/// <summary>Base64 of which every value has one form only: RFC 4648 §4, padded, nothing else.</summary>
internal static class StrictBase64
{
    /// <returns>The bytes, or null where the text is not the form that encoding gives.</returns>
    public static byte[]? Decode(string text)
    {
        var bytes = new byte[text.Length / 4 * 3];
        if (!Convert.TryFromBase64String(text, bytes, out var length))
            return null;
        Array.Resize(ref bytes, length);
        return Convert.ToBase64String(bytes) == text ? bytes : null; // No spaces, no stray bits before the padding.
    }

    /// <exception cref="FormatException">The text is not a hash.</exception>
    public static byte[] DecodeHash(string text, string what) =>
        Decode(text) is { Length: MerkleTree.HashSize } hash
            ? hash
            : throw new FormatException($"The {what} is not {MerkleTree.HashSize} bytes in base64.");
}
