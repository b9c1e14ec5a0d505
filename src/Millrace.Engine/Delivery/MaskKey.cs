using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Millrace.Engine.Delivery;

/// <summary>
/// The key of the <c>hash</c> mask in one scope. A pseudonym is the first 128 bits of HMAC-SHA-256 (RFC 2104, truncated
/// as its section 5 allows) over the value's text in UTF-8, as 32 lower-case hexadecimal digits. Numbers and dates are
/// hashed as their shortest text, so that <c>7</c>, <c>7.00</c> and the text <c>7</c> have one pseudonym.
/// </summary>
public sealed class MaskKey
{
    public const int SecretBytesMin = 32;
    private const int PseudonymBytes = 16;
    private readonly byte[] _secret;

    /// <param name="scope">As <c>AccessPlan.MaskKeyScopes</c> names it: <c>agreement</c> or <c>scenario:x</c>.</param>
    /// <exception cref="ArgumentException">The secret is too short.</exception>
    public MaskKey(string scope, ReadOnlySpan<byte> secret)
    {
        if (secret.Length < SecretBytesMin)
            throw new ArgumentException($"A key has at least {SecretBytesMin} bytes.", nameof(secret));
        (Scope, _secret) = (scope, secret.ToArray());
    }

    public string Scope { get; }

    /// <summary>The pseudonym of a value.</summary>
    public string Pseudonym(string value)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(value), mac);
        return Convert.ToHexStringLower(mac[..PseudonymBytes]);
    }

    /// <summary>Says which key it is, never what it holds.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"MaskKey({Scope})");
}
