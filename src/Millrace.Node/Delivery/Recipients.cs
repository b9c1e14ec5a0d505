using System.Globalization;
using Microsoft.Extensions.Primitives;
using Millrace.Node.Identity;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;

namespace Millrace.Node.Delivery;

/// <summary>
/// Finds the transfer that a token opens: the transfer's own token, or an access token had for it. A new start of the
/// transfer brings a new token; the one before, and all that was had for it, opens nothing any more.
/// </summary>
public sealed class Recipients(Database database, Gate gate, TextSeal seal, Clock clock)
{
    private const string AccessToken = "sharing access token";
    private const int MarkLength = 32;

    /// <summary>What stands in sealed texts for the token that they were made under.</summary>
    public static string Mark(TransferRecord transfer) => Check.NotNull(transfer.TokenHash)[..MarkLength];

    /// <summary>The transfer of a request's token; null: none, or one that opens nothing here.</summary>
    public async Task<Access?> FindAsync(string participant, StringValues authorization, CancellationToken cancel) =>
        PeerAuthentication.Bearer(authorization).Refused(out _, out var token)
            ? null
            : await OfSecretAsync(participant, token, cancel) ?? await OfAccessTokenAsync(participant, token, cancel);

    /// <summary>The transfer that has this very token.</summary>
    public async Task<Access?> OfSecretAsync(string participant, string token, CancellationToken cancel)
    {
        var hash = Convert.ToHexStringLower(DataToken.Hash(token));
        return await database.ReadAsync(
            async session =>
                await Tables.Transfers.FindByAsync(session, participant, "token", hash, cancel) is
                    { Value.Process.Role: Role.Provider } found
                    ? await gate.LoadAsync(session, participant, found.Id, cancel)
                    : null,
            cancel);
    }

    /// <summary>The transfer of that name, as it is now.</summary>
    public Task<Access?> OfTransferAsync(string participant, string transfer, CancellationToken cancel) =>
        database.ReadAsync(
            async session =>
                await Tables.Transfers.FindAsync(session, participant, transfer, cancel) is
                    { Value: { Process.Role: Role.Provider, TokenHash: not null } }
                    ? await gate.LoadAsync(session, participant, transfer, cancel)
                    : null,
            cancel);

    /// <summary>A token for a while, in exchange for the transfer's own.</summary>
    public Task<string> IssueAsync(string participant, Access access, CancellationToken cancel)
    {
        var end = clock.Now + clock.Limits.AccessTokenLifetime;
        return seal.SealAsync(
            participant, AccessToken,
            [
                access.Transfer.Id, Mark(access.Transfer.Value),
                end.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            ],
            cancel);
    }

    private async Task<Access?> OfAccessTokenAsync(string participant, string token, CancellationToken cancel)
    {
        if (await seal.OpenAsync(participant, AccessToken, token, 3, cancel) is not [var transfer, var mark, var end] ||
            clock.Now.ToUnixTimeSeconds() >= long.Parse(end, CultureInfo.InvariantCulture))
        {
            return null;
        }
        var access = await OfTransferAsync(participant, transfer, cancel);
        return access is not null && Mark(access.Transfer.Value) == mark ? access : null;
    }
}
