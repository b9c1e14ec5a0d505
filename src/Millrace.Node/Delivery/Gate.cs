using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Millrace.Engine.Delivery;
using Millrace.Node.Evidence;
using Millrace.Node.Identity;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Objects;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Policies;
using Millrace.Protocol.Queries;
using Millrace.Protocol.Transfers;
using Environments = Millrace.Protocol.Policies.Environments;

namespace Millrace.Node.Delivery;

/// <summary>What a read is about, as stored now.</summary>
/// <param name="Claims">What is known of the consumer: seat and field as of the start of the transfer.</param>
public sealed record Access(
    Stored<TransferRecord> Transfer, Stored<AgreementRecord> Agreement, Stored<UsageRecord> Usage, Claims Claims);

/// <summary>
/// The one gate. Every byte of product data that leaves for someone else has been asked for here: on every request, and
/// again every second while a stream is open. It fails closed: what is not clearly allowed now is refused.
/// </summary>
public sealed class Gate(OpenReads reads, EvidenceLog evidence, Ids ids, Clock clock)
{
    /// <summary>Loads what a decision needs.</summary>
    public async Task<Access> LoadAsync(
        Session session, string participant, string transfer, CancellationToken cancel)
    {
        var found = Check.NotNull(await Tables.Transfers.FindAsync(session, participant, transfer, cancel));
        var agreementId = found.Value.Process.AgreementId;
        var agreement = Check.NotNull(await Tables.Agreements.FindAsync(session, participant, agreementId, cancel));
        var usage = await Tables.Usage.FindAsync(session, participant, agreementId, cancel)
            ?? new(participant, agreementId, 0, UsageRecord.None);
        var (terms, peer) = (agreement.Value.Policy, agreement.Value.Peer);
        var claims = await MemberRegister.ClaimsAsync(session, participant, peer, terms, cancel) with
        {
            Seat = found.Value.Claims?.Seat,
            Industry = found.Value.Claims?.Industry,
        };
        return new Access(found, agreement, usage, claims);
    }

    /// <summary>May this transfer's data be read now, if it asks for so much more?</summary>
    /// <param name="asked">What the read would add; its counts so far stand in <paramref name="access"/>.</param>
    /// <param name="wish">Where it is to be used, and the permission that the reader names.</param>
    public Decision<Permit> Decide(Access access, UsageRecord asked, ReadWish wish) =>
        Mismatch(access.Agreement.Value, wish) is { } mismatch ? mismatch : Decide(access, Use(access, asked, wish));

    /// <summary>May this be done with the transfer's data? Contracts that nobody has signed are tried by it.</summary>
    internal static Decision<Permit> Decide(Access access, UseRequest use)
    {
        var (transfer, agreement) = (access.Transfer.Value, access.Agreement.Value);
        if (agreement.Withdrawal is { } withdrawal)
            return withdrawal.Refusal();
        if (transfer.Process.State != TransferState.Started)
            return NotRunning(transfer.Process);
        return PolicyEvaluator.Evaluate(agreement.Policy, use);
    }

    private static Refusal NotRunning(Transfer transfer) => transfer.IsHeld
        ? Transfer.OnHold
        : new Refusal("transfer-not-running", transfer.State switch
        {
            TransferState.Requested => "The provider has not started the transfer yet.",
            TransferState.Suspended => "The transfer is suspended: resume it first.",
            _ => "The transfer has ended: start another one.",
        });

    /// <summary>The plan of a permission over the frozen schema, narrowed by what the holder hides.</summary>
    public static Decision<AccessPlan> Plan(Access access, Permit permit) =>
        AccessPlan.Compile(
            permit.Permission,
            Check.NotNull(access.Agreement.Value.Schema),
            Check.NotNull(access.Agreement.Value.Hidden));

    /// <summary>What of the data may be read so now, before anything is counted.</summary>
    public Decision<AccessPlan> Plan(Access access, ReadWish wish) =>
        Decide(access, wish.IsAnswer ? new(1, 0, 0) : UsageRecord.None, wish).Refused(out var refusal, out var permit)
            ? refusal
            : Plan(access, permit);

    /// <summary>
    /// Reserves a part of a view for one request. A part of a read that is open belongs to it; anything else opens a
    /// new read, which is counted, and whose entry is written, before the first byte leaves.
    /// </summary>
    public async Task<Decision<Stored<ReadRecord>>> ReserveAsync(
        Unit unit, string participant, string transfer, GovernedFile view, FilePart part, ReadWish wish,
        CancellationToken cancel)
    {
        var access = await LoadAsync(unit, participant, transfer, cancel);
        var named = wish.Url is { } url ? await Tables.Reads.FindAsync(unit, participant, url, cancel) : null;
        if (named is not null && !Takes(named.Value, transfer, view, part))
        {
            await LogRefusalAsync(unit, access, UsedUp, cancel);
            return UsedUp;
        }
        var open = named ?? await OpenReadAsync(unit, participant, transfer, view, part, wish, cancel);
        var counts = open is null ? 1 : open.Value.CountsFor(open.Value.Sent, part.Length);
        var asked = new UsageRecord(counts, counts * view.Rows, part.Length);
        if (Decide(access, asked, wish).Refused(out var refusal, out var permit))
        {
            await LogRefusalAsync(unit, access, refusal, cancel, wish.Query);
            // Of an answer, that it is too large for the contract tells something of the view: it counts as a read.
            if (wish.IsAnswer && view.Bytes > 0 && !Decide(access, new(1, 0, 0), wish).Refused(out _, out _))
                await ReserveAsync(unit, participant, transfer, view.Nothing, default, wish, cancel);
            return refusal;
        }
        var used = access.Usage.Value;
        await Tables.Usage.SaveAsync(
            unit,
            access.Usage.With(new(used.Reads + asked.Reads, used.Rows + asked.Rows, used.Bytes + asked.Bytes)), cancel);
        if (open is not null)
            return await Tables.Reads.SaveAsync(
                unit,
                open.With(open.Value with
                {
                    Sent = open.Value.Sent + part.Length,
                    Underway = open.Value.Underway + part.Length,
                    UnderwayUntil = reads.UnderwayUntil,
                }),
                cancel);

        var read = new ReadRecord(
            wish.Url ?? ids.New(), access.Agreement.Id, transfer, view.Key, view.Format.ToString(), view.Sha256,
            view.Rows, view.Bytes, part.Length, clock.Now, clock.Now + clock.Limits.ReadLifetime, false, part.Length,
            reads.UnderwayUntil);
        await evidence.AddAsync(
            unit, participant, EntryType.ReadOpened, Opened(access, asked, permit, view, read, wish), cancel);
        return await Tables.Reads.SaveAsync(unit, new(participant, read.Id, 0, read), cancel);
    }

    /// <summary>Logs a refused read of someone who holds a valid token.</summary>
    /// <param name="query">The SELECT, where it was run.</param>
    public Task LogRefusalAsync(
        Unit unit, Access access, Refusal refusal, CancellationToken cancel, string? query = null) =>
        evidence.AddAsync(
            unit, access.Transfer.Participant, EntryType.ReadRefused,
            new JsonObject
            {
                ["agreement"] = access.Agreement.Id,
                ["transfer"] = access.Transfer.Id,
                ["peer"] = access.Agreement.Value.Peer,
                ["code"] = refusal.Code,
                ["rule"] = refusal.Rule,
                ["query"] = query,
            },
            cancel);

    /// <summary>
    /// The open read that a part goes on with. What broke on the way may be sent again, but not without end: otherwise
    /// one read would be many.
    /// </summary>
    private async Task<Stored<ReadRecord>?> OpenReadAsync(
        Unit unit, string participant, string transfer, GovernedFile view, FilePart part, ReadWish wish,
        CancellationToken cancel)
    {
        if (!wish.Resumes)
            return null;
        var sentMax = view.Bytes * clock.Limits.ReadRepeatsMax;
        var all = await Tables.Reads.ListByAsync(unit, participant, "transfer", transfer, cancel);
        return all.LastOrDefault(r =>
            !r.Value.Closed && !reads.IsOver(r.Value) && r.Value.Sha256 == view.Sha256 &&
            r.Value.Sent + part.Length < sentMax && (wish.Read is null || wish.Read == r.Id));
    }

    /// <summary>
    /// Whether a signed URL's read takes a further part. Engines open one file at many places, and leave most of them
    /// again: it may reserve more than a read that a person resumes. What it sends again counts again.
    /// </summary>
    private bool Takes(ReadRecord read, string transfer, GovernedFile view, FilePart part) =>
        !read.Closed && !reads.IsOver(read) && read.Transfer == transfer && read.Sha256 == view.Sha256 &&
        read.Sent + part.Length <= view.Bytes * clock.Limits.UrlRepeatsMax;

    /// <summary>A query can be called, and had in no other way; a table cannot be called.</summary>
    internal static Refusal? Mismatch(AgreementRecord agreement, ReadWish wish) =>
        (agreement.Query, wish.Call) switch
        {
            (not null, null) => new Refusal(
                "only-calls", "This product is a query: call it; its table cannot be had, nor other questions asked."),
            (null, not null) => new Refusal(
                "not-a-query", "This product is a table: read it, or ask it a question of your own."),
            _ => null,
        };

    private static Refusal UsedUp { get; } = new(
        "url-used-up", "This URL has been used up: ask for the table again, and get a new one.");

    private UseRequest Use(Access access, UsageRecord asked, ReadWish wish) => new()
    {
        Stage = UseStage.Read,
        Now = clock.Now,
        AgreedAt = access.Agreement.Value.AgreedAt,
        Purpose = access.Transfer.Value.Purpose?.Purpose,
        Environment = wish.IsAnswer ? Environments.Query : Environments.Download,
        Claims = access.Claims,
        DutiesDone = access.Agreement.Value.DutiesDone,
        ReadsSoFar = access.Usage.Value.Reads,
        RowsSoFar = access.Usage.Value.Rows,
        BytesSoFar = access.Usage.Value.Bytes,
        ReadsAsked = asked.Reads,
        RowsAsked = asked.Rows,
        BytesAsked = asked.Bytes,
        PermissionPath = wish.Permission,
    };

    /// <summary>All that the decision rested on, so that an auditor can take it again.</summary>
    private static JsonObject Opened(
        Access access, UsageRecord asked, Permit permit, GovernedFile view, ReadRecord read, ReadWish wish) =>
        new()
        {
            ["read"] = read.Id,
            ["way"] = wish.Way,
            ["agreement"] = access.Agreement.Id,
            ["transfer"] = access.Transfer.Id,
            ["peer"] = access.Agreement.Value.Peer,
            ["terms"] = PolicyHash.Of(access.Agreement.Value.Policy),
            ["permission"] = permit.PermissionPath,
            ["purpose"] = access.Transfer.Value.Purpose?.Purpose,
            ["claims"] = Claims.AreAsked(access.Agreement.Value.Policy) ? ClaimsText.Entry(access.Claims) : null,
            ["readsSoFar"] = access.Usage.Value.Reads,
            ["rowsSoFar"] = access.Usage.Value.Rows,
            ["bytesSoFar"] = access.Usage.Value.Bytes,
            ["rows"] = asked.Rows,
            ["bytes"] = asked.Bytes,
            ["plan"] = view.Plan,
            ["version"] = view.Version,
            ["sha256"] = view.Sha256,
            ["query"] = wish.Query,
            ["call"] = wish.Call is { } call ? Called(Check.NotNull(access.Agreement.Value.Query), call) : null,
        };

    /// <summary>What was called, and with which values: the same answer can be computed again.</summary>
    private static JsonObject Called(QueryDefinition query, QueryCall call)
    {
        var values = new JsonObject();
        foreach (var argument in call.Arguments)
            values[argument.Name] = argument.Value;
        return new JsonObject { ["query"] = QueryJson.Hash(query), ["parameters"] = values };
    }
}

/// <summary>What a request says of the read that it wants.</summary>
/// <param name="Resumes">It goes on with an open read, if there is one: it asks for a part, or names a read.</param>
/// <param name="Read">The read that it names.</param>
/// <param name="Permission">The permission that it names, where several would allow it.</param>
/// <param name="Query">The SELECT whose answer is wanted; null: the whole view, for download.</param>
/// <param name="Url">The one read that a signed URL stands for: all that it brings belongs to that read.</param>
/// <param name="Way">The way to read that it comes by.</param>
/// <param name="Call">The call of the product's own query whose answer is wanted.</param>
public readonly record struct ReadWish(
    bool Resumes, string? Read, string? Permission, string? Query = null, string? Url = null, string Way = "http",
    QueryCall? Call = null)
{
    /// <summary>An answer is a read of its own each time; a view may be gone on with.</summary>
    public bool IsAnswer => Query is not null || Call is not null;
}

/// <summary>A governed view as a file that can be sent.</summary>
/// <param name="Key">What makes the view what it is: version, plan, mask keys, format.</param>
/// <param name="Plan">The hash of its access plan.</param>
/// <param name="OwnMediaType">Of a file of a collection, as its index has it; null: that of the format.</param>
public sealed record GovernedFile(
    string Key, string Plan, int Version, ViewFormat Format, LocalFile File, string Sha256, long Rows, long Bytes,
    string? OwnMediaType = null) : IDisposable
{
    /// <summary>What leaves of it where it was made and is not sent.</summary>
    public GovernedFile Nothing => this with { Sha256 = _sha256OfNothing, Rows = 0, Bytes = 0 };

    private static readonly string _sha256OfNothing = Convert.ToHexStringLower(SHA256.HashData([]));

    public string MediaType => OwnMediaType ?? ViewFormats.MediaType(Format);

    /// <summary>Where it can be read until this is disposed; what else is said of it holds afterwards too.</summary>
    public string Path => File.Path;

    public void Dispose() => File.Dispose();
}
