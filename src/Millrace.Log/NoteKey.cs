using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Millrace.Log;

/// <summary>What names and identifies the key of a note: C2SP signed-note.</summary>
internal static class NoteKey
{
    /// <summary>The signature type of Ed25519 over the text itself.</summary>
    public const byte Ed25519 = 1;

    public static bool IsName(string name) =>
        name.Length > 0 && !name.Any(c => c == '+' || char.IsWhiteSpace(c) || char.IsControl(c));

    /// <exception cref="ArgumentException">The name is empty, or no signature line can hold it.</exception>
    public static string NameOf(string name) => IsName(name)
        ? name
        : throw new ArgumentException("The name of a key has no spaces and no plus signs.", nameof(name));

    public static uint Id(string name, ReadOnlySpan<byte> publicKey) => BinaryPrimitives.ReadUInt32BigEndian(
        SHA256.HashData([.. Encoding.UTF8.GetBytes(name), (byte)'\n', Ed25519, .. publicKey]));
}
