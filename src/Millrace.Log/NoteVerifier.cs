using System.Globalization;
using NSec.Cryptography;

namespace Millrace.Log;

/// <summary>An Ed25519 public key under a name: C2SP signed-note's verifier key.</summary>
public sealed class NoteVerifier
{
    private readonly PublicKey _key;

    /// <param name="publicKey">32 bytes.</param>
    /// <exception cref="ArgumentException">The name or the key is not one.</exception>
    public NoteVerifier(string name, ReadOnlySpan<byte> publicKey)
    {
        Name = NoteKey.NameOf(name);
        _key = PublicKey.TryImport(SignatureAlgorithm.Ed25519, publicKey, KeyBlobFormat.RawPublicKey, out var key)
            ? key!
            : throw new ArgumentException("This is not an Ed25519 public key of 32 bytes.", nameof(publicKey));
        KeyId = NoteKey.Id(name, publicKey);
    }

    /// <summary>The name of the key; for a log its origin.</summary>
    public string Name { get; }

    /// <summary>The hint that signature lines carry.</summary>
    public uint KeyId { get; }

    /// <summary>Reads the text form: <c>name+8 hexadecimal digits+base64</c>.</summary>
    /// <exception cref="FormatException">The text is not an Ed25519 verifier key.</exception>
    public static NoteVerifier Parse(string text)
    {
        var parts = text.Split('+', 3); // Base64 may hold further plus signs; a name may not.
        if (parts.Length != 3 || !NoteKey.IsName(parts[0])
            || StrictBase64.Decode(parts[2]) is not { Length: 33 } key)
            throw new FormatException("A verifier key is: name, plus, 8 hexadecimal digits, plus, base64.");
        if (key[0] != NoteKey.Ed25519)
            throw new FormatException($"The verifier key has the type {key[0]}; only Ed25519 is known.");
        if (parts[1] != Hex(NoteKey.Id(parts[0], key.AsSpan(1))))
            throw new FormatException("The id in the verifier key does not belong to its name and key.");
        try
        {
            return new(parts[0], key.AsSpan(1));
        }
        catch (ArgumentException invalid)
        {
            throw new FormatException(invalid.Message, invalid);
        }
    }

    /// <summary>The text form.</summary>
    public string Format() => $"{Name}+{Hex(KeyId)}+{Convert.ToBase64String([NoteKey.Ed25519, .. Raw])}";

    /// <summary>Whether a signature claims to be of this key. Whether it is good, <see cref="Verify"/> says.</summary>
    public bool Made(NoteSignature signature) => signature.Name == Name && signature.KeyId == KeyId;

    /// <summary>Whether a signature over the bytes is good.</summary>
    public bool Verify(ReadOnlySpan<byte> body, NoteSignature signature) =>
        Made(signature) && SignatureAlgorithm.Ed25519.Verify(_key, body, signature.Signature.Span);

    /// <inheritdoc cref="Format"/>
    public override string ToString() => Format();

    private byte[] Raw => _key.Export(KeyBlobFormat.RawPublicKey);

    private static string Hex(uint id) => id.ToString("x8", CultureInfo.InvariantCulture);
}
