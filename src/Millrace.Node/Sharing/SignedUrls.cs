using System.Globalization;
using Millrace.Node.Delivery;
using Millrace.Protocol;

namespace Millrace.Node.Sharing;

/// <summary>
/// URLs of files: short-lived, each for one file and one read, under the token that was in force when it was made. The
/// gate is asked again whenever one is used; the URL itself allows nothing.
/// </summary>
public sealed class SignedUrls(TextSeal seal, NodeAddress address, Ids ids, Clock clock)
{
    private const string Purpose = "sharing file";

    /// <summary>A URL for a file of a table.</summary>
    /// <param name="read">The read that it belongs to, where it renews another URL; null: a new one.</param>
    public async Task<SignedUrl> SealAsync(
        SharedTable table, GovernedFile file, string? read, CancellationToken cancel)
    {
        var transfer = table.Share.Access.Transfer;
        var end = clock.Now + clock.Limits.SignedUrlLifetime;
        read ??= ids.New();
        var text = await seal.SealAsync(
            table.Share.Participant, Purpose,
            [
                transfer.Id, Recipients.Mark(transfer.Value), table.Schema.Permission ?? "", file.Plan,
                file.Version.ToString(CultureInfo.InvariantCulture), TableFiles.IsDerived(file) ? file.Key : "", read,
                end.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
            ],
            cancel);
        var url = new Uri($"{address.Sharing(table.Share.Participant)}/files/{text}.parquet");
        return new SignedUrl(url, end, read, file);
    }

    /// <summary>What a URL says; a refusal where it is not ours, was altered, or its time is over.</summary>
    public async Task<Decision<SignedFile>> OpenAsync(string participant, string text, CancellationToken cancel)
    {
        if (await seal.OpenAsync(participant, Purpose, text, 8, cancel) is not
            [var transfer, var mark, var permission, var plan, var version, var key, var read, var end])
        {
            return new Refusal("url-altered", "This URL was not made here, or was altered.");
        }
        if (clock.Now.ToUnixTimeMilliseconds() >= long.Parse(end, CultureInfo.InvariantCulture))
            return new Refusal("url-expired", "The time of this URL is over: ask for the table again.");
        return new SignedFile(
            transfer, mark, permission.Length == 0 ? null : permission, plan,
            int.Parse(version, CultureInfo.InvariantCulture), key.Length == 0 ? null : key, read);
    }
}

/// <summary>A URL that was handed out, for which file, until when.</summary>
public sealed record SignedUrl(Uri Url, DateTimeOffset Until, string Read, GovernedFile File);

/// <summary>What a URL was made for.</summary>
/// <param name="Mark">Of the token in force then.</param>
/// <param name="Key">Of a derived file; null: the view of the version itself.</param>
public sealed record SignedFile(
    string Transfer, string Mark, string? Permission, string Plan, int Version, string? Key, string Read);
