using System.Buffers.Binary;

namespace Millrace.Log;

/// <summary>One line below a note: who signed, with which key, and the signature.</summary>
/// <param name="Name">The name of the key, as the line claims.</param>
/// <param name="KeyId">The first four bytes of a hash over name and key: a hint, not an identity.</param>
/// <param name="Signature">What follows the key's id: for Ed25519 64 bytes.</param>
public sealed record NoteSignature(string Name, uint KeyId, ReadOnlyMemory<byte> Signature)
{
    private const string Start = "— "; // An em dash, U+2014.

    /// <summary>Reads a line, without its newline.</summary>
    /// <exception cref="FormatException">The line is not a signature.</exception>
    public static NoteSignature Parse(string line)
    {
        var parts = line.StartsWith(Start, StringComparison.Ordinal) ? line[Start.Length..].Split(' ') : [];
        if (parts.Length != 2 || !NoteKey.IsName(parts[0])
            || StrictBase64.Decode(parts[1]) is not { Length: > 4 } bytes)
            throw new FormatException("A signature line is: em dash, space, name of the key, space, base64.");
        return new(parts[0], BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes.AsMemory(4));
    }

    /// <summary>The line, without a newline.</summary>
    public string Format()
    {
        var bytes = new byte[4 + Signature.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, KeyId);
        Signature.Span.CopyTo(bytes.AsSpan(4));
        return $"{Start}{Name} {Convert.ToBase64String(bytes)}";
    }
}
