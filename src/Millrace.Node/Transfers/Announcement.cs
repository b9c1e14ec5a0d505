using System.Globalization;

namespace Millrace.Node.Transfers;

/// <summary>What a provider's answer says of the data that follow. Another connector may say less.</summary>
/// <param name="IsPart">A range, and not the whole.</param>
/// <param name="Read">The read that the provider counts it as.</param>
/// <param name="Bytes">How many follow.</param>
/// <param name="Digest">Of the whole, also where only a part follows: RFC 9530, as it was sent.</param>
public sealed record Announcement(
    bool IsPart, string? Read, long? Version, long Rows, long? Bytes, string? Digest, string? Tag, string? MediaType)
{
    public const string ReadHeader = "Millrace-Read";
    public const string RowsHeader = "Millrace-Rows";
    public const string VersionHeader = "Millrace-Version";
    public const string DigestHeader = "Repr-Digest";

    public static Announcement Of(HttpResponseMessage answer) => new(
        (int)answer.StatusCode == StatusCodes.Status206PartialContent,
        First(answer, ReadHeader), Number(answer, VersionHeader), Number(answer, RowsHeader) ?? 0,
        answer.Content.Headers.ContentLength, First(answer, DigestHeader), First(answer, "ETag"),
        answer.Content.Headers.ContentType?.ToString());

    private static long? Number(HttpResponseMessage answer, string name) =>
        long.TryParse(First(answer, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static string? First(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? values.First() : null;
}
