using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace Millrace.Node.Identity;

/// <summary>A participant's signing key: ECDSA on P-256. The private part leaves it only sealed.</summary>
public sealed class ParticipantKey : IDisposable
{
    /// <summary>The library's cache would keep a disposed key alive under the same thumbprint.</summary>
    private static readonly CryptoProviderFactory _uncached = new() { CacheSignatureProviders = false };

    private readonly ECDsa _key;

    private ParticipantKey(ECDsa key, string keyId)
    {
        _key = key;
        KeyId = keyId;
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        PublicKey = new PublicJwk(
            "EC", "P-256", Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y), Kid: keyId);
    }

    /// <summary>The part after <c>#</c>: <c>key-1</c>.</summary>
    public string KeyId { get; }

    public PublicJwk PublicKey { get; }

    public static ParticipantKey Generate(string keyId) => new(ECDsa.Create(ECCurve.NamedCurves.nistP256), keyId);

    /// <summary>Opens what <see cref="Export"/> sealed for the same participant and key id.</summary>
    /// <exception cref="CryptographicException">It does not open, or holds something else.</exception>
    public static ParticipantKey Import(ReadOnlySpan<byte> sealedKey, SecretBox box, string participant, string keyId)
    {
        var plain = box.Open(sealedKey, participant, Purpose(keyId));
        var key = ECDsa.Create();
        try
        {
            key.ImportPkcs8PrivateKey(plain, out _);
            return new ParticipantKey(key, keyId);
        }
        catch
        {
            key.Dispose();
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>The private key (PKCS #8), sealed for this participant and key id.</summary>
    public byte[] Export(SecretBox box, string participant)
    {
        var plain = _key.ExportPkcs8PrivateKey();
        try
        {
            return box.Seal(plain, participant, Purpose(KeyId));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>The full id of the verification method: <c>did:web:example.org#key-1</c>.</summary>
    public string MethodId(string did) => $"{did}#{KeyId}";

    public void Dispose() => _key.Dispose();

    internal SigningCredentials Credentials(string did) =>
        new(new ECDsaSecurityKey(_key) { KeyId = MethodId(did) }, SecurityAlgorithms.EcdsaSha256)
        {
            CryptoProviderFactory = _uncached,
        };

    private static string Purpose(string keyId) => $"participant-key/{keyId}";
}
