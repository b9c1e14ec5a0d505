namespace Millrace.Node.Api;

/// <summary>Which columns of other products meet the columns of one.</summary>
/// <param name="Joins">The most useful first.</param>
/// <param name="Compared">How many products of the asker's catalogue were looked at.</param>
/// <param name="More">There were more than are compared for one answer.</param>
public sealed record ProductJoins(
    string Product, int Version, IReadOnlyList<JoinInfo> Joins, int Compared, bool More = false);

/// <summary>A column that meets another product's. No value is in it, and no count of values.</summary>
/// <param name="Column">Of the product that was asked about.</param>
/// <param name="Provider">The DID of the other product's holder.</param>
/// <param name="Product">The other product.</param>
/// <param name="OtherColumn">Its column.</param>
/// <param name="By"><c>element</c>, <c>values</c> or <c>both</c>: what speaks for it.</param>
/// <param name="Keys">
/// On which side a value stands in one row only: <c>mine</c>, <c>theirs</c>, <c>both</c> or <c>none</c>.
/// </param>
/// <param name="ByDay">Moments meet dates on their day.</param>
/// <param name="MineInTheirs">
/// At least this share of the own different values is among the other's: 0.9, 0.75 or 0.5. Null: less, or not measured.
/// </param>
/// <param name="TheirsInMine">The same the other way round.</param>
/// <param name="Error">The standard error of both shares before they were cut to a step.</param>
public sealed record JoinInfo(
    string Column, string Provider, string ProviderTitle, string Product, string Title, string OtherColumn, string By,
    string Keys, bool ByDay = false, ElementInfo? Element = null, double? MineInTheirs = null,
    double? TheirsInMine = null, double? Error = null);
