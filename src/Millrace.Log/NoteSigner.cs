using NSec.Cryptography;

namespace Millrace.Log;

/// <summary>An Ed25519 key that signs notes under a name. Safe to use from several threads.</summary>
public sealed class NoteSigner : IDisposable
{
    private readonly Key _key;

    private NoteSigner(string name, Key key)
    {
        (Name, _key) = (NoteKey.NameOf(name), key);
        Verifier = new NoteVerifier(name, key.PublicKey.Export(KeyBlobFormat.RawPublicKey));
    }

    /// <param name="name">For a log its origin: a URL without scheme.</param>
    /// <param name="privateKey">32 bytes: RFC 8032's secret.</param>
    /// <exception cref="ArgumentException">The name or the key is not one.</exception>
    public NoteSigner(string name, ReadOnlySpan<byte> privateKey)
        : this(name, Import(privateKey))
    {
    }

    /// <summary>A new key.</summary>
    public static NoteSigner Generate(string name) => new(name, Key.Create(SignatureAlgorithm.Ed25519, Exportable));

    /// <summary>The name of the key.</summary>
    public string Name { get; }

    /// <summary>What others check the signatures with.</summary>
    public NoteVerifier Verifier { get; }

    private static KeyCreationParameters Exportable => new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport };

    /// <summary>The private key, to be stored encrypted: 32 bytes.</summary>
    public byte[] ExportPrivateKey() => _key.Export(KeyBlobFormat.RawPrivateKey);

    /// <summary>Signs bytes as they are.</summary>
    public NoteSignature Sign(ReadOnlySpan<byte> body) =>
        new(Name, Verifier.KeyId, SignatureAlgorithm.Ed25519.Sign(_key, body));

    /// <summary>Removes the private key from memory.</summary>
    public void Dispose() => _key.Dispose();

    private static Key Import(ReadOnlySpan<byte> privateKey) =>
        Key.TryImport(SignatureAlgorithm.Ed25519, privateKey, KeyBlobFormat.RawPrivateKey, out var key, Exportable)
            ? key!
            : throw new ArgumentException("An Ed25519 private key has 32 bytes.", nameof(privateKey));
}
