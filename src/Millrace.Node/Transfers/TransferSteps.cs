using System.Text.Json.Nodes;
using Millrace.Node.Evidence;
using Millrace.Node.Identity;
using Millrace.Node.Messaging;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Policies;
using Millrace.Protocol.Transfers;

namespace Millrace.Node.Transfers;

/// <summary>
/// What we do with a message of the peer: the answer to it and, where it is our turn, our next message.
/// </summary>
public sealed class TransferSteps(
    TransferMoves moves, TransferActs acts, EvidenceLog evidence, DidResolver dids, IdentityOptions identity,
    SecretBox box,
    NodeAddress address, Ids ids, Clock clock)
{
    /// <summary>What the token of a data address is sealed for.</summary>
    public const string TokenPurpose = "transfer";

    /// <summary>Consumer: asks for access, with the purpose that it signs.</summary>
    public async Task<Stored<TransferRecord>> StartAsync(
        Unit unit, ParticipantRecord consumer, string agreement, PeerRecord provider, PurposeRecord? purpose,
        string? format, CancellationToken cancel)
    {
        var pid = ids.NewUrn();
        var request = new TransferRequest(
            ids.NewUrn(), pid, agreement, format ?? DataFormats.HttpPull, address.DspBase(consumer.Id), null,
            purpose?.Statement);
        var process = Transfer.Start(request, new Parties(consumer.Did, provider.Did), provider.Base);
        var row = await moves.SaveAsync(unit, Row(consumer.Id, process, null, purpose), request, cancel);
        await moves.QueueAsync(unit, row, request, cancel);
        return row;
    }

    /// <summary>
    /// Provider: checks who signed the purpose, for what. A request without one may still be allowed.
    /// </summary>
    /// <returns>The purpose; <see cref="NoPurpose"/> where none was given.</returns>
    public async Task<Decision<PurposeRecord>> PurposeAsync(
        PeerCall call, TransferRequest request, CancellationToken cancel)
    {
        if (request.SignedPurpose is not { } signed)
            return NoPurpose;
        if ((await dids.ResolveAsync(call.Peer, cancel)).Refused(out var refusal, out var consumer))
            return refusal;
        var verified = await SignedPurpose.VerifyAsync(
            signed, consumer, call.Host.Did, request.AgreementId, clock.Now, identity);
        return verified.Refused(out refusal, out var purpose)
            ? refusal
            : new PurposeRecord(purpose.Purpose, purpose.Project, signed);
    }

    /// <summary>Stands for a request without a purpose, since a decision is never empty.</summary>
    public static PurposeRecord NoPurpose { get; } = new("", "", "");

    /// <summary>Provider: takes up a consumer's request and, where the contract allows it, starts at once.</summary>
    public async Task<Decision<Stored<TransferRecord>>> OpenAsync(
        Unit unit, PeerCall call, TransferRequest request, Decision<PurposeRecord> stated, CancellationToken cancel)
    {
        var opened = $"{call.Peer} {request.ConsumerPid}";
        if (await Tables.Transfers.FindByAsync(unit, call.Host.Id, "opened", opened, cancel) is { } before)
            return before; // A repeat: the same answer, no effect.
        var signed = stated.Refused(out var refusal, out var purpose) || purpose == NoPurpose ? null : purpose;
        var admitted = refusal is null ? await AdmitAsync(unit, call, request, signed, cancel) : refusal;
        if (admitted.Refused(out refusal, out var claims))
        {
            await LogRefusalAsync(unit, call, request, signed, refusal, cancel);
            return refusal;
        }
        var process = Transfer.Open(request, new Parties(call.Host.Did, call.Peer), ids.NewUrn());
        var first = Row(call.Host.Id, process, opened, signed);
        var row = await moves.SaveAsync(unit, first.With(first.Value with { Claims = claims }), request, cancel);
        var agreement = Check.NotNull(
            await Tables.Agreements.FindAsync(unit, call.Host.Id, request.AgreementId, cancel));
        return agreement.Value.Manual ? row : await acts.StartAsync(unit, row, cancel);
    }

    /// <summary>A message about a transfer that is under way.</summary>
    public async Task<Decision<Stored<TransferRecord>>> ReceiveAsync(
        Unit unit, PeerCall call, Stored<TransferRecord> row, TransferMessage message, CancellationToken cancel)
    {
        var (answers, idsMax) = (row.Value.Answers, clock.Limits.AnsweredMessagesMax);
        if (answers.HasAccepted(message.Id))
            return row; // A repeat: the same answer, no effect.
        if (answers.Again(message.Id) is { } again)
            return again;
        // A consumer may resume what it suspended itself, if the contract still allows it.
        var claims = row.Value.Claims;
        if (!row.Value.Process.Receive(message).Refused(out var refusal, out var next) &&
            message is TransferStarted && next.Role == Role.Provider)
        {
            (await AdmitAsync(unit, call, next.Request, row.Value.Purpose, cancel)).Refused(out refusal, out claims);
        }
        if (refusal is not null)
        {
            if (message.Id is not null)
                await Tables.Transfers.SaveAsync(
                    unit, row.With(row.Value.With(answers.Refuse(message.Id, idsMax))), cancel);
            return refusal;
        }
        var record = row.Value.With(answers.Accept(message.Id, idsMax)) with
        {
            Process = Check.NotNull(next),
            Claims = claims,
        };
        if (message is TransferStarted { DataAddress: { } data } && next.Role == Role.Consumer)
            record = WithAccess(row, record, data);
        if (message is TransferEnded ended)
            record = record with { Refusal = Reason(ended) };
        return await moves.SaveAsync(unit, row.With(record), message, cancel);
    }

    /// <summary>Whether the contract allows access; what was known of the consumer is kept with the transfer.</summary>
    private async Task<Decision<Claims>> AdmitAsync(
        Unit unit, PeerCall call, TransferRequest request, PurposeRecord? purpose, CancellationToken cancel)
    {
        if (await Tables.Agreements.FindAsync(unit, call.Host.Id, request.AgreementId, cancel) is not { } found ||
            found.Value.Role != Role.Provider || found.Value.Peer != call.Peer)
        {
            return new Refusal(
                "unknown-agreement", "There is no such agreement between us: negotiate one first.", "agreement");
        }
        var agreement = found.Value;
        if (agreement.Withdrawal is { } withdrawal)
            return withdrawal.Refusal();
        if (DataFormats.Of(agreement.Query) is var format && request.Format != format)
            return new Refusal("unknown-format", agreement.Query is null
                ? $"This product can be had as {format} only."
                : $"This product is a query, had as {format} only: call it, as with millrace call.");
        // Otherwise a hold would hold nobody: the consumer would ask for another transfer.
        if (await Tables.Transfers.CountByAsync(unit, call.Host.Id, "held", found.Id, cancel) > 0)
            return Transfer.OnHold;
        var use = new UseRequest
        {
            Stage = UseStage.Transfer,
            Now = clock.Now,
            AgreedAt = agreement.AgreedAt,
            Purpose = purpose?.Purpose,
            Claims = await MemberRegister.ClaimsAsync(unit, call.Host.Id, call.Peer, agreement.Policy, cancel),
            DutiesDone = agreement.DutiesDone,
        };
        return PolicyEvaluator.Evaluate(agreement.Policy, use).Refused(out var refusal, out _) ? refusal : use.Claims;
    }

    private Task LogRefusalAsync(
        Unit unit, PeerCall call, TransferRequest request, PurposeRecord? purpose, Refusal refusal,
        CancellationToken cancel) =>
        evidence.AddAsync(
            unit, call.Host.Id, EntryType.TransferRefused,
            new JsonObject
            {
                ["peer"] = call.Peer,
                ["agreement"] = request.AgreementId,
                ["purpose"] = purpose?.Purpose,
                ["code"] = refusal.Code,
                ["rule"] = refusal.Rule,
            },
            cancel);

    /// <summary>Keeps the token sealed; where it opens what stands beside it.</summary>
    private TransferRecord WithAccess(Stored<TransferRecord> row, TransferRecord record, DataAddress data) =>
        record with
        {
            Endpoint = Uri.TryCreate(data.Endpoint, UriKind.Absolute, out var endpoint) ? endpoint : null,
            Sharing = Uri.TryCreate(data.Property(EndpointProperty.DeltaSharing), UriKind.Absolute, out var sharing)
                && sharing.Scheme is "http" or "https" ? sharing : null,
            Flight = Uri.TryCreate(data.Property(EndpointProperty.ArrowFlight), UriKind.Absolute, out var flight)
                && flight.Scheme is "grpc" or "grpc+tcp" or "grpc+tls" ? flight : null,
            SealedToken = data.Property(EndpointProperty.Authorization) is { } token
                ? box.SealText(token, row.Participant, TokenPurpose)
                : null,
        };

    private static Refusal Reason(TransferEnded ended) => new(
        ended.Code ?? "terminated",
        ended.Reasons.Count > 0 ? string.Join(' ', ended.Reasons) : "The other side ended the transfer.");

    private Stored<TransferRecord> Row(
        string participant, Transfer process, string? opened, PurposeRecord? purpose) =>
        new(
            participant, process.OwnPid, 0,
            new(process, opened, purpose, null, null, null, clock.Now, clock.Now, [], null));
}
