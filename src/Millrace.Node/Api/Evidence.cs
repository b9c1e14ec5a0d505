using System.Text.Json;

namespace Millrace.Node.Api;

/// <summary>A page of a participant's evidence log.</summary>
/// <param name="Size">Entries in the whole log.</param>
public sealed record EvidencePage(long Size, IReadOnlyList<EvidenceEntry> Entries);

/// <summary>One fact in the log.</summary>
/// <param name="Index">Its place, from 0.</param>
/// <param name="Hash">The leaf hash; lower-case hexadecimal.</param>
public sealed record EvidenceEntry(
    long Index, string Id, DateTimeOffset Time, string Type, JsonElement Body, string Hash);

/// <summary>The key that checks a log's signatures.</summary>
/// <param name="Key">A verifier key of C2SP signed-note: name, id and key, with plus signs between.</param>
/// <param name="Address">Where anybody can read it.</param>
public sealed record LogKey(string Key, Uri Address);

/// <summary>What came of checking a whole log.</summary>
/// <param name="Root">The tree head that the entries give.</param>
/// <param name="Origin">The name of the log, as its checkpoints carry it.</param>
public sealed record EvidenceVerdict(
    bool Valid, long Size, string Root, string Origin, IReadOnlyList<EvidenceCheck> Checks);

/// <summary>One of the checks, in a word and a sentence.</summary>
public sealed record EvidenceCheck(string Name, bool Valid, string Detail);
