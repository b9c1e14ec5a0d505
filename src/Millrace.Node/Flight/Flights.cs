using System.Globalization;
using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Flight;
using Google.Protobuf;
using Grpc.Core;
using Millrace.Engine.Delivery;
using Millrace.Node.Delivery;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Flight;

/// <summary>The flights of a reader: the governed view of the agreement, under each permission that holds.</summary>
/// <remarks>All methods throw <see cref="RpcException"/> where the contract does not allow it.</remarks>
public sealed class Flights(Database database, Gate gate, ViewStore views, FlightTickets tickets)
{
    /// <summary>How reads of this kind are named in the log.</summary>
    private const string Way = "flight";

    /// <summary>What may be read now: one flight, or one for each permission that is to be chosen.</summary>
    public async Task<IReadOnlyList<FlightInfo>> ListAsync(FlightReader reader, CancellationToken cancel)
    {
        if (!(await DescribeAsync(reader, null, cancel)).Refused(out var refusal, out var only))
            return [only];
        var permissions = reader.Access.Agreement.Value.Policy.Permissions.Count;
        var infos = new List<FlightInfo>();
        for (var i = 0; permissions > 1 && i < permissions; i++)
        {
            if (!(await DescribeAsync(reader, $"permission[{i}]", cancel)).Refused(out _, out var info))
                infos.Add(info);
        }
        return infos.Count > 0 ? infos : throw await RefusedAsync(reader, refusal, cancel);
    }

    /// <summary>A flight with its ticket. The view is made, but nothing is read, so nothing is counted.</summary>
    public async Task<FlightInfo> InfoAsync(FlightReader reader, string? permission, CancellationToken cancel) =>
        (await DescribeAsync(reader, permission, cancel)).Refused(out var refusal, out var info)
            ? throw await RefusedAsync(reader, refusal, cancel)
            : info;

    public async Task<Schema> SchemaAsync(FlightReader reader, string? permission, CancellationToken cancel)
    {
        var plan = await PlanAsync(reader, permission, cancel);
        using var view = await NewestAsync(reader, plan, cancel);
        return await SchemaAsync(view, cancel);
    }

    /// <summary>
    /// The view that a ticket was made for, if the contract shows it still. Whoever gets it disposes it.
    /// </summary>
    public async Task<(GovernedFile View, ReadWish Wish)> OpenAsync(
        FlightReader reader, string sealedText, CancellationToken cancel)
    {
        var ticket = await tickets.OpenAsync(reader, sealedText, cancel);
        var plan = await PlanAsync(reader, ticket.Permission, cancel);
        if (plan.Hash != ticket.Plan)
            throw FlightErrors.Stale("The contract shows other data now");
        var agreement = reader.Access.Agreement.Value;
        var id = ProductVersionRecord.IdOf(agreement.Product, ticket.Version);
        var version = Check.NotNull(await database.ReadAsync(
            s => Tables.ProductVersions.FindAsync(s, reader.Participant, id, cancel), cancel));
        var view = await views.OpenAsync(
            agreement, reader.Participant, plan, ViewFormat.Arrow, version.Value, cancel);
        return (view, Wish(ticket.Permission));
    }

    /// <summary>The exception that answers a refusal, which is logged.</summary>
    private async Task<RpcException> RefusedAsync(FlightReader reader, Refusal refusal, CancellationToken cancel)
    {
        await database.WriteAsync(u => gate.LogRefusalAsync(u, reader.Access, refusal, cancel), cancel);
        return FlightErrors.Refused(refusal);
    }

    private async Task<Decision<FlightInfo>> DescribeAsync(
        FlightReader reader, string? permission, CancellationToken cancel)
    {
        var (access, wish) = (reader.Access, Wish(permission));
        if (gate.Plan(access, wish).Refused(out var refusal, out var plan))
            return refusal;
        using var view = await NewestAsync(reader, plan, cancel);
        // What could not be read is not offered.
        if (gate.Decide(access, new UsageRecord(1, view.Rows, view.Bytes), wish).Refused(out refusal, out _))
            return refusal;
        var (ticket, until) = await tickets.SealAsync(reader, permission, view, cancel);
        var about = new JsonObject
        {
            ["agreement"] = access.Agreement.Id,
            ["product"] = access.Agreement.Value.Product,
            ["title"] = access.Agreement.Value.Title,
            ["version"] = view.Version,
            ["expires"] = until.ToString("O", CultureInfo.InvariantCulture),
        };
        string[] path = [reader.Participant, access.Agreement.Id];
        // No location: the ticket is used where it was had.
        return new FlightInfo(
            await SchemaAsync(view, cancel),
            FlightDescriptor.CreatePathDescriptor(permission is null ? path : [.. path, permission]),
            [new FlightEndpoint(ticket, [])], view.Rows, view.Bytes, ordered: true,
            ByteString.CopyFromUtf8(about.ToJsonString()));
    }

    private Task<GovernedFile> NewestAsync(FlightReader reader, AccessPlan plan, CancellationToken cancel) =>
        views.OpenAsync(reader.Access.Agreement.Value, reader.Participant, plan, ViewFormat.Arrow, cancel);

    private async Task<AccessPlan> PlanAsync(FlightReader reader, string? permission, CancellationToken cancel) =>
        gate.Plan(reader.Access, Wish(permission)).Refused(out var refusal, out var plan)
            ? throw await RefusedAsync(reader, refusal, cancel)
            : plan;

    private static async Task<Schema> SchemaAsync(GovernedFile view, CancellationToken cancel)
    {
        using var arrow = ArrowView.Open(view.Path);
        return await arrow.SchemaAsync(cancel);
    }

    private static ReadWish Wish(string? permission) => new(false, null, permission, Way: Way);
}
