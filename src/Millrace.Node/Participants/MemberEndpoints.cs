using System.Text.Json.Nodes;
using Millrace.Node.Api;
using Millrace.Node.Evidence;
using Millrace.Node.Hosting;
using Millrace.Node.Identity;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Participants;

/// <summary>
/// The register of members: what rules about seat, place, field and membership are held against. Each record is logged.
/// </summary>
public static class MemberEndpoints
{
    public static void Map(IEndpointRouteBuilder participant)
    {
        participant.MapPost("/members", RecordAsync);
        participant.MapGet("/members", ListAsync);
    }

    /// <summary>Records what is known of another participant, in place of what was recorded before.</summary>
    public static async Task<IResult> RecordAsync(
        string participant, HttpRequest request, Database database, EvidenceLog evidence, Clock clock,
        CancellationToken cancel)
    {
        var draft = await Body.ReadAsync(request, ApiJson.Wire.Member, cancel);
        if (Read(draft).Refused(out var refusal, out var claims) || Did.Parse(draft.Did).Refused(out refusal, out _))
            return Problems.Refused(refusal, StatusCodes.Status400BadRequest);
        var member = new MemberRecord(draft.Did, claims, clock.Now);
        await database.WriteAsync(
            async unit =>
            {
                var known = await Tables.Members.FindAsync(unit, participant, member.Did, cancel);
                await Tables.Members.SaveAsync(
                    unit, known?.With(member) ?? new(participant, member.Did, 0, member), cancel);
                await evidence.AddAsync(unit, participant, EntryType.MemberRecorded, Entry(member), cancel);
            },
            cancel);
        return TypedResults.Json(Shown(member), ApiJson.Wire.Member);
    }

    /// <param name="after">The last DID of the page before.</param>
    public static async Task<IResult> ListAsync(
        string participant, string? after, Database database, Clock clock, CancellationToken cancel)
    {
        var rows = await database.ReadAsync(
            s => Tables.Members.ListAsync(s, participant, after ?? "", clock.Limits.PageMax, cancel), cancel);
        return TypedResults.Json([.. rows.Select(r => Shown(r.Value))], ApiJson.Wire.IReadOnlyListMember);
    }

    private static Decision<Claims> Read(Member draft)
    {
        var claims = new Claims(
            draft.Seat, draft.Place, draft.Industry,
            draft.Memberships is { } known ? [.. known.Select(m => new Membership(m.Type, m.Issuer, m.Until))] : null);
        return claims.Objection() is { } objection ? objection : claims;
    }

    private static Member Shown(MemberRecord member) => new(
        member.Did, member.Claims.Seat, member.Claims.Place, member.Claims.Industry,
        member.Claims.Memberships is { } known
            ? [.. known.Select(m => new MembershipInfo(m.Type, m.Issuer, m.Until))]
            : null,
        member.RecordedAt);

    private static JsonObject Entry(MemberRecord member)
    {
        var entry = ClaimsText.Entry(member.Claims);
        entry["member"] = member.Did;
        return entry;
    }
}
