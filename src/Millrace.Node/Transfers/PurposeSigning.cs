using Millrace.Node.Api;
using Millrace.Node.Identity;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Transfers;

/// <summary>Signs, as consumer, what the data of a transfer are for.</summary>
public sealed class PurposeSigning(ParticipantKeys keys, Ids ids, Clock clock)
{
    /// <summary>
    /// The purpose of a draft with its statement; <see cref="TransferSteps.NoPurpose"/> where it names none.
    /// </summary>
    public async Task<Decision<PurposeRecord>> SignAsync(
        ParticipantRecord consumer, string provider, TransferDraft draft, CancellationToken cancel)
    {
        if (draft.Purpose is null)
            return TransferSteps.NoPurpose;
        if (Purposes.Resolve(draft.Purpose) is not { } purpose)
            return new Refusal(
                "unknown-purpose",
                $"The purpose must be one of {string.Join(", ", Purposes.All.Select(p => p.Name))}.");
        if (string.IsNullOrWhiteSpace(draft.Project))
            return new Refusal("no-project", "A purpose needs the project that it belongs to: name the project.");
        var statement = SignedPurpose.Issue(
            await keys.SigningAsync(consumer.Id, cancel), consumer.Did, provider, draft.Agreement, purpose.Iri,
            draft.Project, clock.Now, ids.New());
        return new PurposeRecord(purpose.Iri, draft.Project, statement);
    }
}
