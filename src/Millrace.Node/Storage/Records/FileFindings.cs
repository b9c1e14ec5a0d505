using Millrace.Engine.Supply.Classification;

namespace Millrace.Node.Storage.Records;

/// <summary>What is kept of a file beside the state of its columns.</summary>
/// <param name="RowHashes">SHA-256 of the hashes of its rows, which lie in a file of their own.</param>
public sealed record FileFindings(KindCounts Kinds, string RowHashes);
