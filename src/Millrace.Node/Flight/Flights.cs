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

    /// <summary>What may be read now; where nothing may, the refusal.</summary>
    public async Task<IReadOnlyList<FlightInfo>> ListAsync(FlightReader reader, CancellationToken cancel)
    {
        var permissions = reader.Access.Agreement.Value.Policy.Permissions.Count;
        var named = Enumerable.Range(0, permissions > 1 ? permissions : 0).Select(i => $"permission[{i}]");
        var open = named.Prepend(null).Where(p => !gate.Plan(reader.Access, Wish(p)).Refused(out _, out _)).ToList();
        if (open.Count == 0)
            await PlanAsync(reader, null, cancel);
        var infos = new List<FlightInfo>();
        foreach (var permission in open)
            infos.Add(await InfoAsync(reader, permission, cancel));
        return infos;
    }

    /// <summary>A flight with its ticket. The view is made, but nothing is read, so nothing is counted.</summary>
    public async Task<FlightInfo> InfoAsync(FlightReader reader, string? permission, CancellationToken cancel)
    {
        var view = await NewestAsync(reader, permission, cancel);
        // What could not be read is not offered.
        if (gate.Decide(reader.Access, new UsageRecord(1, view.Rows, view.Bytes), Wish(permission))
            .Refused(out var refusal, out _))
        {
            throw await RefusedAsync(reader, refusal, cancel);
        }
        var (ticket, until) = await tickets.SealAsync(reader, permission, view, cancel);
        var agreement = reader.Access.Agreement;
        var about = new JsonObject
        {
            ["agreement"] = agreement.Id,
            ["product"] = agreement.Value.Product,
            ["title"] = agreement.Value.Title,
            ["version"] = view.Version,
            ["expires"] = until.ToString("O"),
        };
        string[] path = permission is null
            ? [reader.Participant, agreement.Id]
            : [reader.Participant, agreement.Id, permission];
        // No location: the ticket is used where it was had.
        return new FlightInfo(
            await SchemaAsync(view, cancel), FlightDescriptor.CreatePathDescriptor(path),
            [new FlightEndpoint(ticket, [])], view.Rows, view.Bytes, ordered: true,
            ByteString.CopyFromUtf8(about.ToJsonString()));
    }

    public async Task<Schema> SchemaAsync(FlightReader reader, string? permission, CancellationToken cancel) =>
        await SchemaAsync(await NewestAsync(reader, permission, cancel), cancel);

    /// <summary>The view that a ticket was made for, if the contract shows it still.</summary>
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

    private async Task<GovernedFile> NewestAsync(FlightReader reader, string? permission, CancellationToken cancel)
    {
        var plan = await PlanAsync(reader, permission, cancel);
        return await views.OpenAsync(
            reader.Access.Agreement.Value, reader.Participant, plan, ViewFormat.Arrow, cancel);
    }

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
