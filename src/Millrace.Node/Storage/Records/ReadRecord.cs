using Millrace.Engine.Delivery;

namespace Millrace.Node.Storage.Records;

/// <summary>A governed view that was built. Its file may be gone: then it is built again.</summary>
/// <param name="Sha256">The file's name in the cache, and the strong ETag of every answer from it.</param>
/// <param name="Agreement">For whose reader alone it was made, as a part of a view; null: it is a view itself.</param>
/// <param name="Origin">How it was made out of views, so that it can be made again; null: it is a view itself.</param>
public sealed record ViewRecord(
    string Sha256, long Rows, long Bytes, string? Agreement = null, ViewOrigin? Origin = null);

/// <summary>How a file is made out of views: a part of the view of a version, or what changed up to it.</summary>
/// <param name="Part">Of the view; null: changes.</param>
/// <param name="Before">The version whose view the changes begin with; null: a part.</param>
/// <param name="IsInsertsOnly">Only the rows that came.</param>
public sealed record ViewOrigin(PartWish? Part, int? Before = null, bool IsInsertsOnly = false);

/// <summary>
/// One read: its ranges and resumptions belong to it until it is closed. It reserves what it may use before the first
/// byte, and settles what was really sent when it closes.
/// </summary>
/// <param name="Length">The bytes of the view.</param>
/// <param name="Sent">Bytes sent so far; what is on its way counts in full until it has ended.</param>
/// <param name="Underway">The bytes among these that are on their way: reserved for parts that have not ended.</param>
/// <param name="UnderwayUntil">When they are given up, unless their sender gives a sign of life before.</param>
/// <param name="Ending">Nothing more belongs to it; it closes when what is on its way has ended.</param>
public sealed record ReadRecord(
    string Id, string Agreement, string Transfer, string View, string Format, string Sha256, long Rows, long Length,
    long Sent, DateTimeOffset OpenedAt, DateTimeOffset ExpiresAt, bool Closed, long Underway = 0,
    DateTimeOffset? UnderwayUntil = null, bool Ending = false)
{
    /// <summary>
    /// For how many reads it counts: once from its begin, and again for each whole length beyond the second one, for
    /// engines have parts of a file twice.
    /// </summary>
    public long Counts() => Counts(Sent);

    /// <summary>For how many more reads it counts with further bytes.</summary>
    public long CountsFor(long sent, long further) => Counts(sent + further) - Counts(sent);

    private long Counts(long sent) => Length == 0 ? 1 : Math.Max(1, (sent / Length) - 1);
}
