using System.Text.Json.Serialization;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.Drift;

/// <summary>How far values moved, told by the size of the effect: in a large table anything is significant.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DriftExtent>))]
public enum DriftExtent
{
    /// <summary>A PSI below 0.1, or no more than chance gives.</summary>
    Small,

    /// <summary>A PSI from 0.1 on.</summary>
    Moderate,

    /// <summary>A PSI from 0.25 on.</summary>
    Large,
}

/// <summary>What changed between two tables of one kind. Same tables, same report.</summary>
/// <param name="RowsAfter">Of the later table as a whole.</param>
/// <param name="NewRowsOnly">
/// The later table has all rows of the earlier one, and more: only those that it has more are compared.
/// </param>
/// <param name="RowsCompared">Rows of the later table that the columns tell of.</param>
/// <param name="Columns">The columns that both have, those that moved furthest first.</param>
/// <param name="Said">Of the rows, as a sentence.</param>
public sealed record DriftReport(
    long RowsBefore, long RowsAfter, bool NewRowsOnly, long RowsCompared, IReadOnlyList<SchemaChange> Schema,
    IReadOnlyList<ColumnDrift> Columns, DriftSentence Said)
{
    /// <inheritdoc cref="ColumnDrift.IsRenewed"/>
    public bool IsRenewed(ColumnDrift column) => column.IsRenewed(RowsCompared);
}

/// <summary>A sentence in English and in Chinese.</summary>
public sealed record DriftSentence(string Text, string TextZh);

/// <summary>A column that only one of the tables has, or that has another type now.</summary>
/// <param name="Change"><c>added</c>, <c>removed</c> or <c>retyped</c>.</param>
/// <param name="IsBreaking">Running contracts may count on what is gone: no version of a product may do so.</param>
public sealed record SchemaChange(string Change, string Column, bool IsBreaking, DriftSentence Said);

/// <summary>How a column that both tables have differs between them.</summary>
/// <param name="Distinct">Different values before and after; texts by a 64-bit hash.</param>
/// <param name="Median">Before and after, for what has an order; null where values are withheld.</param>
/// <param name="Psi">
/// The population stability index over tenths of the earlier table, over single values where there are few, and over
/// the commonest values of texts; what has no value is a bin of its own. Null: not compared.
/// </param>
/// <param name="PsiByChance">What two samples of one population exceed once in a thousand times.</param>
/// <param name="Ks">The Kolmogorov-Smirnov statistic, 0 to 1: the largest distance of both distributions; for what has
/// an order.</param>
/// <param name="NewValues">Rows of the later table whose value the earlier one does not have.</param>
/// <param name="Moved">The value whose share moved most, for texts; null where values are withheld.</param>
/// <param name="NotCompared">Why there is no PSI.</param>
public sealed record ColumnDrift(
    string Column, [property: JsonConverter(typeof(JsonStringEnumConverter<ColumnType>))] ColumnType Type,
    Pair<long> Nulls, Pair<long> Distinct, DriftExtent Extent, DriftSentence Said, Pair<string>? Median = null,
    double? Psi = null, double? PsiByChance = null, double? Ks = null, long? NewValues = null,
    ValueShare? Moved = null, string? NotCompared = null)
{
    /// <summary>
    /// Whether most rows hold values that were not there, though the commonest ones did not move: so do identifiers and
    /// free text, of which the index tells nothing.
    /// </summary>
    /// <param name="rows">Of the later table, as far as it is compared.</param>
    internal bool IsRenewed(long rows) =>
        this is { Extent: DriftExtent.Small, Type: ColumnType.Text, NotCompared: null, NewValues: > 0 and var fresh }
        && fresh * 2 >= rows;
}

/// <summary>A figure of the earlier and of the later table.</summary>
public sealed record Pair<T>(T Before, T After);

/// <summary>The share of the rows that hold a value, each 0 to 1.</summary>
public sealed record ValueShare(string Value, double Before, double After);
