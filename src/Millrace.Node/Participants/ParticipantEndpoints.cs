using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Millrace.Node.Api;
using Millrace.Node.Evidence;
using Millrace.Node.Hosting;
using Millrace.Node.Identity;
using Millrace.Node.Messaging;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Catalogues;

namespace Millrace.Node.Participants;

/// <summary>
/// The organisations that this node hosts: adding and listing them, their DID documents, their peers.
/// </summary>
public static partial class ParticipantEndpoints
{
    /// <summary>First segments of the node's own addresses, which no participant may take.</summary>
    private static readonly string[] Reserved = ["api", "healthz", "login", "openapi", "portal"];

    public static void Map(IEndpointRouteBuilder management, IEndpointRouteBuilder participant)
    {
        management.MapPost("/participants", AddAsync);
        management.MapGet("/participants", ListAsync);
        participant.MapGet("/", ShowAsync);
        participant.MapPost("/peers", AddPeerAsync);
        participant.MapGet("/peers", ListPeersAsync);
    }

    /// <summary>What anybody may read, without a token.</summary>
    public static void MapPublic(IEndpointRouteBuilder node)
    {
        node.MapGet("/{participant}/did.json", DidDocumentAsync);
        node.MapGet("/{participant}/dsp" + VersionDocument.Path, VersionsAsync);
    }

    /// <summary>Adds an organisation with keys and a log of its own.</summary>
    public static async Task<IResult> AddAsync(
        HttpRequest request, Database database, ParticipantKeys keys, LogKeys logKeys, EvidenceLog evidence,
        NodeAddress address, Clock clock, CancellationToken cancel)
    {
        var draft = await Body.ReadAsync(request, ApiJson.Wire.ParticipantDraft, cancel);
        if (!Slug().IsMatch(draft.Id) || Reserved.Contains(draft.Id))
            return Problems.Result(
                400, "bad-id",
                "A participant's id has 1 to 40 lower-case letters, digits and hyphens, "
                + "and is no word of the node's own.");
        var record = new ParticipantRecord(
            draft.Id, address.Did(draft.Id), string.IsNullOrWhiteSpace(draft.Title) ? draft.Id : draft.Title,
            draft.Operator, clock.Now);
        return await database.WriteAsync<IResult>(
            async unit =>
            {
                if (await Tables.Participants.FindAsync(unit, record.Id, record.Id, cancel) is not null)
                    return Problems.Result(409, "exists", $"There is a participant {record.Id} already.");
                await Tables.Participants.SaveAsync(unit, new(record.Id, record.Id, 0, record), cancel);
                await keys.CreateAsync(unit, record.Id, cancel);
                await logKeys.CreateAsync(unit, record, cancel);
                await evidence.AddAsync(
                    unit, record.Id, EntryType.ParticipantAdded,
                    new JsonObject { ["did"] = record.Did, ["title"] = record.Title }, cancel);
                return TypedResults.Json(
                    Shown(record, address), ApiJson.Wire.Participant, statusCode: StatusCodes.Status201Created);
            },
            cancel);
    }

    public static async Task<IResult> ListAsync(
        LocalParticipants locals, NodeAddress address, CancellationToken cancel)
    {
        var all = await locals.ListAsync(cancel);
        return TypedResults.Json([.. all.Select(p => Shown(p, address))], ApiJson.Wire.IReadOnlyListParticipant);
    }

    public static async Task<IResult> ShowAsync(
        string participant, LocalParticipants locals, NodeAddress address, CancellationToken cancel) =>
        await locals.FindAsync(participant, cancel) is { } found
            ? TypedResults.Json(Shown(found, address), ApiJson.Wire.Participant)
            : Problems.NotFound("participant");

    /// <summary>Finds another participant by its DID or address, and remembers where it is.</summary>
    public static async Task<IResult> AddPeerAsync(
        string participant, HttpRequest request, PeerDirectory peers, CancellationToken cancel)
    {
        var draft = await Body.ReadAsync(request, ApiJson.Wire.PeerDraft, cancel);
        return (await peers.AddAsync(participant, draft.Address, cancel)).Refused(out var refusal, out var peer)
            ? Problems.Refused(refusal)
            : TypedResults.Json(new Peer(peer.Did, peer.Base, peer.Title), ApiJson.Wire.Peer);
    }

    public static async Task<IResult> ListPeersAsync(
        string participant, PeerDirectory peers, CancellationToken cancel)
    {
        var all = await peers.ListAsync(participant, cancel);
        return TypedResults.Json(
            [.. all.Select(p => new Peer(p.Value.Did, p.Value.Base, p.Value.Title))], ApiJson.Wire.IReadOnlyListPeer);
    }

    public static async Task<IResult> DidDocumentAsync(
        string participant, OwnDocuments documents, LocalParticipants locals, CancellationToken cancel) =>
        await locals.FindAsync(participant, cancel) is { } found
            ? TypedResults.Bytes((await documents.OfAsync(found, cancel)).ToJson(), "application/did+ld+json")
            : TypedResults.NotFound();

    public static async Task<IResult> VersionsAsync(
        string participant, LocalParticipants locals, CancellationToken cancel) =>
        await locals.FindAsync(participant, cancel) is null
            ? TypedResults.NotFound()
            : TypedResults.Bytes(
                new VersionDocument(
                    [new ProtocolVersion(Dspace.Version, $"/{Dspace.Version}", IdentifierType: "did:web")]).Write(),
                "application/json");

    internal static Participant Shown(ParticipantRecord p, NodeAddress address) =>
        new(p.Id, p.Did, p.Title, p.Operator, p.CreatedAt, address.Catalogue(p.Id));

    [GeneratedRegex("^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$", RegexOptions.CultureInvariant)]
    private static partial Regex Slug();
}
