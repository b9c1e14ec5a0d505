using System.Buffers.Text;
using System.Security.Cryptography;

namespace Millrace.Node.Identity;

/// <summary>The node's master key: 32 random bytes, under which every secret at rest is sealed.</summary>
public sealed class MasterKey
{
    public const string FileName = "node.key";
    private const int SizeBytes = 32;
    private readonly byte[] _bytes;

    private MasterKey(byte[] bytes) => _bytes = bytes;

    internal ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The key in <c>node.key</c> of the data folder, which is made at the first start.</summary>
    /// <exception cref="InvalidDataException">The file is not a key, or others than its owner may read it.</exception>
    public static MasterKey OpenOrCreate(string dataFolder)
    {
        var path = Path.Combine(dataFolder, FileName);
        var bytes = SecretFile.ReadOrCreate(path, RandomNumberGenerator.GetBytes(SizeBytes));
        return bytes.Length == SizeBytes
            ? new MasterKey(bytes)
            : throw new InvalidDataException($"{path} is not a master key: it must hold {SizeBytes} bytes.");
    }

    /// <summary>The key from a setting, in base64url; several nodes over one database share it.</summary>
    /// <exception cref="FormatException">
    /// The text is not 32 bytes in base64url. The message does not repeat it.
    /// </exception>
    public static MasterKey FromText(string text)
    {
        var bytes = new byte[SizeBytes];
        return Base64Url.IsValid(text, out var length) && length == SizeBytes &&
            Base64Url.TryDecodeFromChars(text, bytes, out _)
                ? new MasterKey(bytes)
                : throw new FormatException($"The master key must be {SizeBytes} bytes in base64url (43 characters).");
    }

    /// <summary>Says nothing of the key, so that it cannot slip into a log line.</summary>
    public override string ToString() => nameof(MasterKey);
}
