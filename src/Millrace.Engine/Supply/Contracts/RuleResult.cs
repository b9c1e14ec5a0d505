namespace Millrace.Engine.Supply.Contracts;

/// <summary>What came of a rule: A of B elements keep it.</summary>
/// <param name="Version">A digest of the rule: another text of it is another version.</param>
/// <param name="Kind">Such as <c>not-null</c> or <c>range</c>.</param>
/// <param name="Columns">That it is on; of drift, those that moved too far.</param>
/// <param name="Detail">What it asks for, such as <c>0 to 100</c>; may be empty.</param>
/// <param name="Dimension">The dimension of the report that it counts in.</param>
/// <param name="StandardCode">The indicator of GB/T 36344-2018.</param>
/// <param name="Characteristic">The characteristic of ISO/IEC 25012.</param>
/// <param name="Held">The promise is kept; it may allow some bad elements.</param>
/// <param name="EvidenceRows">The first rows that break it, counted from 1, at most ten; never a value.</param>
/// <param name="ComparedWith">
/// The version of the other product that was read, of drift the version before; null: none was needed.
/// </param>
/// <param name="Promise">How many elements may break it; null in reports of method 2.</param>
public sealed record RuleResult(
    string Id, string Version, string Path, string Kind, IReadOnlyList<string> Columns, string Detail,
    string Dimension, string StandardCode, string Characteristic, bool IsError, long A, long B, bool Held,
    IReadOnlyList<long> EvidenceRows, int? ComparedWith = null, RulePromise? Promise = null);
