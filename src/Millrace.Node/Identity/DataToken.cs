using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Millrace.Node.Identity;

/// <summary>
/// Bearer tokens that we make: 32 random bytes in base64url (43 characters), stored only as their SHA-256.
/// </summary>
public static class DataToken
{
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>
    /// What is stored and looked up: 32 bytes. A plain hash is enough, for nobody can guess the token.
    /// </summary>
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Compares in constant time.</summary>
    public static bool Matches(string token, ReadOnlySpan<byte> hash) =>
        CryptographicOperations.FixedTimeEquals(Hash(token), hash);
}
