using System.Collections.Concurrent;
using Millrace.Log;
using Millrace.Node.Identity;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;

namespace Millrace.Node.Evidence;

/// <summary>The Ed25519 keys that sign the checkpoints of the logs.</summary>
public sealed class LogKeys(ParticipantKeys keys, LocalParticipants locals, SecretBox box) : IDisposable
{
    private const string Secret = "log";
    private readonly ConcurrentDictionary<string, NoteSigner> _signers = new();

    /// <summary>The name of a participant's log: its address without a scheme, as checkpoints carry it.</summary>
    public static string Origin(ParticipantRecord participant) =>
        participant.Did["did:web:".Length..].Replace(':', '/').Replace("%3A", ":", StringComparison.Ordinal) + "/log";

    /// <summary>Makes the key of a new participant's log, in the unit that adds it.</summary>
    public async Task CreateAsync(Unit unit, ParticipantRecord participant, CancellationToken cancel)
    {
        using var signer = NoteSigner.Generate(Origin(participant));
        await ParticipantKeys.SaveAsync(
            unit, participant.Id, Secret, box.Seal(signer.ExportPrivateKey(), participant.Id, Secret), cancel);
    }

    public async Task<NoteSigner> SignerAsync(string participant, CancellationToken cancel)
    {
        if (_signers.TryGetValue(participant, out var known))
            return known;
        var record = Protocol.Check.NotNull(await locals.FindAsync(participant, cancel));
        var key = box.Open(await keys.ReadAsync(participant, Secret, cancel), participant, Secret);
        return _signers.GetOrAdd(participant, _ => new NoteSigner(Origin(record), key));
    }

    public void Dispose()
    {
        foreach (var signer in _signers.Values)
            signer.Dispose();
    }
}
