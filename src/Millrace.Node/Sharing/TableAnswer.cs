using System.Text.Json.Nodes;

namespace Millrace.Node.Sharing;

/// <summary>A request about a table that was read and may be answered.</summary>
public sealed record TableCall(SharedTable Table, TableAsk Ask, Capabilities Able);

/// <summary>The lines of an answer.</summary>
/// <param name="Version">The version that the header names.</param>
/// <param name="Next">The token of the next page, where there is one.</param>
public sealed record TableAnswer(int Version, IReadOnlyList<JsonObject> Lines, string? Next = null);
