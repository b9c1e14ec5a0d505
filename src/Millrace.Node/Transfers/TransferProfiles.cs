using System.Text.Json.Nodes;
using Millrace.Node.Api;
using Millrace.Node.Evidence;
using Millrace.Node.Hosting;
using Millrace.Node.Identity;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Transfers;

namespace Millrace.Node.Transfers;

/// <summary>
/// Profile files, with which other tools read at the provider without this node. What they read is in the provider's
/// books only; that the token was handed out is in ours.
/// </summary>
public static class TransferProfiles
{
    private const string Bearer = "bearer", OAuth = "oauth";

    public static void Map(IEndpointRouteBuilder participant) =>
        participant.MapPost("/transfers/{pid}/profile", WriteAsync);

    /// <summary>The profile of a running transfer, as its consumer.</summary>
    /// <param name="form"><c>bearer</c>, also where it is left out, or <c>oauth</c>.</param>
    public static async Task<IResult> WriteAsync(
        string participant, string pid, string? form, Database database, EvidenceLog evidence, SecretBox box,
        CancellationToken cancel)
    {
        if (form is not (null or Bearer or OAuth))
            return Problems.Result(400, "unknown-form", "A profile can be had as bearer or oauth.");
        return await database.WriteAsync<IResult>(
            async unit =>
            {
                var found = await Tables.Transfers.FindAsync(unit, participant, pid, cancel);
                if (found?.Value is not { Process.Role: Role.Consumer } transfer)
                    return Problems.NotFound("transfer");
                if (transfer is not { Process.State: TransferState.Started, SealedToken: { } sealedToken })
                    return Problems.Result(409, "transfer-not-running", "The provider has not started this transfer.");
                if (transfer.Sharing is not { } endpoint)
                    return Problems.Result(
                        409, "no-sharing", "The provider does not serve this agreement by Delta Sharing.");
                await evidence.AddAsync(
                    unit, participant, EntryType.ProfileWritten,
                    new JsonObject
                    {
                        ["transfer"] = pid,
                        ["agreement"] = transfer.Process.AgreementId,
                        ["peer"] = transfer.Process.Peer,
                        ["purpose"] = transfer.Purpose?.Purpose,
                        ["form"] = form ?? Bearer,
                    },
                    cancel);
                var token = box.OpenText(sealedToken, participant, TransferSteps.TokenPurpose);
                return TypedResults.Json(Profile(transfer, endpoint, token, form), ApiJson.Wire.ShareProfile);
            },
            cancel);
    }

    private static ShareProfile Profile(TransferRecord transfer, Uri endpoint, string token, string? form) =>
        form == OAuth
            ? new ShareProfile(
                2, endpoint, "oauth_client_credentials", null,
                new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/token"), ShareName.Of(transfer.Process.AgreementId),
                token)
            : new ShareProfile(1, endpoint, BearerToken: token);
}
