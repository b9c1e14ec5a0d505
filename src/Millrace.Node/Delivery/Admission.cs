using Millrace.Node.Hosting;
using Millrace.Node.Identity;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Delivery;

/// <summary>What every request for data passes before a view is opened; the gate asks again when bytes leave.</summary>
public sealed class Admission(Database database, Gate gate)
{
    /// <summary>Lets a request for a transfer's data pass only with the token of that transfer.</summary>
    public static async ValueTask<object?> RequireTokenAsync(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (PeerAuthentication.Bearer(http.Request.Headers.Authorization).Refused(out var refusal, out var token))
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return Problems.Refused(refusal, StatusCodes.Status401Unauthorized);
        }
        var (participant, transfer) = (Named("participant"), Named("transfer"));
        var database = http.RequestServices.GetRequiredService<Database>();
        var found = await database.ReadAsync(
            s => Tables.Transfers.FindAsync(s, participant, transfer, http.RequestAborted), http.RequestAborted);
        return found?.Value is { Process.Role: Role.Provider, TokenHash: { } hash } &&
            DataToken.Matches(token, Convert.FromHexString(hash))
                ? await next(context)
                : Problems.NotFound("transfer"); // A stranger must not learn that it exists.
        string Named(string value) => (string)http.Request.RouteValues[value]!;
    }

    /// <summary>May it be read so now, and what of it? A refusal is logged.</summary>
    public async Task<Decision<Admitted>> AdmitAsync(
        string participant, string transfer, ReadWish wish, CancellationToken cancel)
    {
        var access = await database.ReadAsync(s => gate.LoadAsync(s, participant, transfer, cancel), cancel);
        if (!gate.Plan(access, wish).Refused(out var refusal, out var plan))
            return new Admitted(access.Agreement.Value, plan);
        await database.WriteAsync(u => gate.LogRefusalAsync(u, access, refusal, cancel), cancel);
        return refusal;
    }

    /// <summary>Logs why what the gate allows was not answered: a value out of bounds, a query that failed.</summary>
    public Task LogRefusalAsync(string participant, string transfer, Refusal refusal, CancellationToken cancel) =>
        database.WriteAsync(
            async unit => await gate.LogRefusalAsync(
                unit, await gate.LoadAsync(unit, participant, transfer, cancel), refusal, cancel),
            cancel);

    /// <summary>
    /// Counts a question that was run on a view and gave no answer: that it failed tells something of the view too. It
    /// is a read of no rows and no bytes, and is logged with the question and with why it failed.
    /// </summary>
    /// <returns>The gate's refusal, which is all that may be told then; null: it was counted.</returns>
    internal Task<Refusal?> CountFailureAsync(
        string participant, string transfer, GovernedFile view, ReadWish wish, Refusal failure,
        CancellationToken cancel) =>
        database.WriteAsync<Refusal?>(
            async unit =>
            {
                var reserved = await gate.ReserveAsync(
                    unit, participant, transfer, view.Nothing, default, wish, cancel);
                if (reserved.Refused(out var refusal, out _))
                    return refusal;
                var access = await gate.LoadAsync(unit, participant, transfer, cancel);
                await gate.LogRefusalAsync(unit, access, failure, cancel, wish.Query);
                return null;
            },
            cancel);
}

/// <summary>What may be read.</summary>
public sealed record Admitted(AgreementRecord Agreement, AccessPlan Plan);
