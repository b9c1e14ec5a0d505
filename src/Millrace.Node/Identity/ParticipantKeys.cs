using System.Collections.Concurrent;
using System.Security.Cryptography;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;

namespace Millrace.Node.Identity;

/// <summary>
/// The keys of the participants that this node hosts: sealed in the database, open in memory while the node runs.
/// </summary>
public sealed class ParticipantKeys(Database database, SecretBox box, Ids ids, Clock clock) : IDisposable
{
    private const string Signing = "signing";
    private const string Masking = "masking";
    private const string KeyId = "key-1";

    private readonly ConcurrentDictionary<string, Lazy<Task<ParticipantKey>>> _signing = new();
    private readonly ConcurrentDictionary<(string Participant, string Purpose), Lazy<Task<byte[]>>> _sealing = new();

    /// <summary>Makes the keys of a new participant, in the unit that adds it.</summary>
    public async Task CreateAsync(Unit unit, string participant, CancellationToken cancel)
    {
        using var signing = ParticipantKey.Generate(KeyId);
        await SaveAsync(unit, participant, Signing, signing.Export(box, participant), cancel);
        var masking = RandomNumberGenerator.GetBytes(32);
        await SaveAsync(unit, participant, Masking, box.Seal(masking, participant, Masking), cancel);
    }

    /// <summary>The key that signs tokens and purposes.</summary>
    public Task<ParticipantKey> SigningAsync(string participant, CancellationToken cancel) =>
        _signing.GetOrAdd(
            participant,
            p => new(async () => ParticipantKey.Import(
                await ReadAsync(p, Signing, CancellationToken.None), box, p, KeyId))).Value.WaitAsync(cancel);

    /// <summary>A token for one call to a peer.</summary>
    public async Task<string> TokenAsync(ParticipantRecord own, string peer, CancellationToken cancel) =>
        SelfIssuedToken.Issue(await SigningAsync(own.Id, cancel), own.Did, peer, clock.Now, ids.New());

    /// <summary>
    /// The key for the pseudonyms of one scope: an agreement, or a scenario. Derived, so that none has to be stored.
    /// </summary>
    /// <returns>32 bytes.</returns>
    public Task<byte[]> MaskingAsync(string participant, string scope, CancellationToken cancel) =>
        DeriveAsync(participant, $"mask {scope}", cancel);

    /// <summary>The key that seals what we hand out and take back. The same on every node over one database.</summary>
    /// <param name="participant">One that this node hosts.</param>
    /// <param name="purpose">One of a few fixed words.</param>
    /// <returns>32 bytes.</returns>
    public Task<byte[]> SealingAsync(string participant, string purpose, CancellationToken cancel) =>
        _sealing.GetOrAdd(
            (participant, purpose),
            of => new(() => DeriveAsync(of.Participant, $"seal {of.Purpose}", CancellationToken.None)))
            .Value.WaitAsync(cancel);

    private async Task<byte[]> DeriveAsync(string participant, string use, CancellationToken cancel)
    {
        var root = box.Open(await ReadAsync(participant, Masking, cancel), participant, Masking);
        return HKDF.DeriveKey(
            HashAlgorithmName.SHA256, root, 32, info: System.Text.Encoding.UTF8.GetBytes(use));
    }

    /// <summary>Seals and saves a secret of a participant.</summary>
    internal static Task SaveAsync(
        Unit unit, string participant, string id, byte[] sealedSecret, CancellationToken cancel) =>
        Tables.Secrets.SaveAsync(
            unit, new(participant, id, 0, new SecretRecord(id, Convert.ToBase64String(sealedSecret))), cancel);

    internal async Task<byte[]> ReadAsync(string participant, string id, CancellationToken cancel)
    {
        var row = await database.ReadAsync(s => Tables.Secrets.FindAsync(s, participant, id, cancel), cancel);
        return Convert.FromBase64String(Check.NotNull(row).Value.Sealed);
    }

    public void Dispose()
    {
        var loaded = _signing.Values.Where(k => k is { IsValueCreated: true, Value.IsCompletedSuccessfully: true });
        foreach (var key in loaded)
            key.Value.Result.Dispose();
    }
}
