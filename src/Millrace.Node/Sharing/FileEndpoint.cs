using Millrace.Node.Delivery;
using Millrace.Protocol;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Sharing;

/// <summary>
/// Files by signed URL. Whoever comes needs no token; but the contract is asked on every request, as everywhere.
/// </summary>
public static class FileEndpoint
{
    /// <summary>How reads of this kind are named in the log.</summary>
    private const string Way = "delta-sharing";

    private static readonly Refusal _replaced = new(
        "url-replaced", "This URL belongs to a token that is no longer in force: ask for the table again.");

    public static async Task<IResult> SendAsync(
        string participant, string url, HttpContext http, SignedUrls urls, Recipients recipients, Shares shares,
        Gate gate, TableFiles files, DataSender sender, CancellationToken cancel)
    {
        if ((await urls.OpenAsync(participant, url, cancel)).Refused(out var refusal, out var file))
            return SharingError.Refused(refusal).Result();
        if (await recipients.OfTransferAsync(participant, file.Transfer, cancel) is not { } access)
            return SharingError.Refused(_replaced).Result();
        if (Recipients.Mark(access.Transfer.Value) != file.Mark ||
            !await IsOwnAsync(participant, http, access, recipients, cancel))
        {
            await shares.LogRefusalAsync(access, _replaced, cancel);
            return SharingError.Refused(_replaced).Result();
        }
        if (Planned(gate, access, file).Refused(out refusal, out var plan))
        {
            await shares.LogRefusalAsync(access, refusal, cancel);
            return SharingError.Refused(refusal).Result();
        }
        var source = new TableSource(participant, access.Agreement.Value, plan);
        using var view = file.Key is { } key
            ? await files.DerivedAsync(source, key, file.Version, cancel)
            : await files.WholeAsync(source, file.Version, cancel);
        if (view is null)
            return SharingError.NotFound("file").Result();
        var refused = await ViewAnswer.SendAsync(
            http, participant, file.Transfer, view,
            _ => Wish(file.Permission) with { Url = file.Read }, sender, cancel);
        return refused is null ? TypedResults.Empty : SharingError.Refused(refused).Result();
    }

    /// <summary>What is asked of the gate for a whole view, under the permission that is named.</summary>
    internal static ReadWish Wish(string? permission) => new(false, null, permission, Way: Way);

    /// <summary>A request that shows a token must show one of this transfer: nobody reads on another's URL.</summary>
    private static async Task<bool> IsOwnAsync(
        string participant, HttpContext http, Access access, Recipients recipients, CancellationToken cancel)
    {
        var authorization = http.Request.Headers.Authorization;
        return authorization.Count == 0 ||
            (await recipients.FindAsync(participant, authorization, cancel))?.Transfer.Id == access.Transfer.Id;
    }

    /// <summary>The plan of the contract, if it is still the one that the file was made by.</summary>
    private static Decision<AccessPlan> Planned(Gate gate, Access access, SignedFile file)
    {
        if (gate.Plan(access, Wish(file.Permission)).Refused(out var refusal, out var plan))
            return refusal;
        return plan.Hash == file.Plan
            ? plan
            : new Refusal("plan-changed", "The contract shows other data now: ask for the table again.");
    }
}
