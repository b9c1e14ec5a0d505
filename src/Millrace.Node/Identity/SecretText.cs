using System.Text;

namespace Millrace.Node.Identity;

/// <summary>Secrets that are stored as text.</summary>
public static class SecretText
{
    /// <summary>Seals a text; the result is base64.</summary>
    public static string SealText(this SecretBox box, string text, string participant, string purpose) =>
        Convert.ToBase64String(box.Seal(Encoding.UTF8.GetBytes(text), participant, purpose));

    /// <summary>Opens what <see cref="SealText"/> made.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">
    /// It was changed, or is another's.
    /// </exception>
    public static string OpenText(this SecretBox box, string sealedText, string participant, string purpose) =>
        Encoding.UTF8.GetString(box.Open(Convert.FromBase64String(sealedText), participant, purpose));
}
