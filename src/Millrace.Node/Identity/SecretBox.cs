using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Millrace.Node.Identity;

/// <summary>
/// Encrypts secrets at rest: AES-256-GCM under the node's master key. The participant and the purpose are bound in,
/// so that a row copied to another participant or column does not open. Safe for concurrent use.
/// </summary>
/// <remarks>
/// Form: version (1 byte, 1), nonce (12, random), tag (16), ciphertext. Random nonces
/// carry 2^32 secrets per master key.
/// </remarks>
public sealed class SecretBox(MasterKey master)
{
    private const byte Version = 1;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int HeadBytes = 1 + NonceBytes + TagBytes;

    public byte[] Seal(ReadOnlySpan<byte> secret, string participant, string purpose)
    {
        var box = new byte[HeadBytes + secret.Length];
        box[0] = Version;
        var nonce = box.AsSpan(1, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(master.Bytes, TagBytes);
        aes.Encrypt(
            nonce, secret, box.AsSpan(HeadBytes), box.AsSpan(1 + NonceBytes, TagBytes), Bound(participant, purpose));
        return box;
    }

    /// <exception cref="CryptographicException">
    /// Another master key, participant or purpose, or a changed box.
    /// </exception>
    public byte[] Open(ReadOnlySpan<byte> box, string participant, string purpose)
    {
        if (box.Length < HeadBytes || box[0] != Version)
            throw new CryptographicException($"The secret '{purpose}' of {participant} is not in form {Version}.");
        var secret = new byte[box.Length - HeadBytes];
        using var aes = new AesGcm(master.Bytes, TagBytes);
        try
        {
            aes.Decrypt(
                box.Slice(1, NonceBytes), box[HeadBytes..], box.Slice(1 + NonceBytes, TagBytes), secret,
                Bound(participant, purpose));
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new CryptographicException(
                $"The secret '{purpose}' of {participant} does not open: was it sealed with another master key?", e);
        }
        return secret;
    }

    /// <summary>Version, length of the participant, participant, purpose: no two pairs give the same bytes.</summary>
    private static byte[] Bound(string participant, string purpose)
    {
        var first = Encoding.UTF8.GetBytes(participant);
        var bound = new byte[5 + first.Length + Encoding.UTF8.GetByteCount(purpose)];
        bound[0] = Version;
        BinaryPrimitives.WriteInt32BigEndian(bound.AsSpan(1), first.Length);
        first.CopyTo(bound, 5);
        Encoding.UTF8.GetBytes(purpose, bound.AsSpan(5 + first.Length));
        return bound;
    }
}
