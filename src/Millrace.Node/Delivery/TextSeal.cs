using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Millrace.Node.Identity;
using Millrace.Protocol;

namespace Millrace.Node.Delivery;

/// <summary>
/// Seals short texts that we hand out and take back: URLs, tickets, page tokens, access tokens. Readable by whoever
/// holds them, but nobody can change one, or use it for another participant or purpose. HMAC-SHA-256 under a key of
/// the participant, which all nodes over one database share.
/// </summary>
public sealed class TextSeal(ParticipantKeys keys)
{
    private const char Between = '\n';
    private const int SealedLengthMax = 2_000;

    /// <returns>Only characters that URLs and headers take as they are.</returns>
    public async Task<string> SealAsync(
        string participant, string purpose, IReadOnlyList<string> fields, CancellationToken cancel)
    {
        Check.That(fields.All(f => !f.Contains(Between, StringComparison.Ordinal)), "sealed fields are single lines");
        var text = Encoding.UTF8.GetBytes(string.Join(Between, fields));
        var mac = HMACSHA256.HashData(await keys.SealingAsync(participant, purpose, cancel), text);
        return $"{Base64Url.EncodeToString(text)}.{Base64Url.EncodeToString(mac)}";
    }

    /// <summary>The fields, as many as expected; null where it was not sealed so by us, or was changed.</summary>
    public async Task<string[]?> OpenAsync(
        string participant, string purpose, string text, int fields, CancellationToken cancel)
    {
        if (text.Length > SealedLengthMax || text.Split('.') is not [var body, var mac] ||
            !Base64Url.IsValid(body) || !Base64Url.IsValid(mac))
        {
            return null;
        }
        var content = Base64Url.DecodeFromChars(body);
        var right = HMACSHA256.HashData(await keys.SealingAsync(participant, purpose, cancel), content);
        // Compared as it was written: a second spelling of the same bytes would be a second URL.
        var whole = Encoding.ASCII.GetBytes($"{Base64Url.EncodeToString(content)}.{Base64Url.EncodeToString(right)}");
        if (!CryptographicOperations.FixedTimeEquals(whole, Encoding.ASCII.GetBytes(text)))
            return null;
        var found = Encoding.UTF8.GetString(content).Split(Between);
        return found.Length == fields ? found : null;
    }
}
