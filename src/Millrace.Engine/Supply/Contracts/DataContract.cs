namespace Millrace.Engine.Supply.Contracts;

/// <summary>What a holder promises of a table: a document of the Open Data Contract Standard, as understood.</summary>
/// <param name="Rules">In the order of the document.</param>
/// <param name="Weights">By name of a dimension, each above 0; what is not named weighs 1.</param>
/// <param name="PublishesBreaches">A version below what is promised is published all the same, the breach
/// shown.</param>
/// <param name="MinimumScore">The least total that is promised, 0 to 100; null: none.</param>
/// <param name="Columns">The properties, each with its declared classification; null: none was declared.</param>
/// <param name="Warnings">What the document says and nothing here acts on, a sentence each.</param>
/// <param name="Label">The column that says what a model is to learn; null: none was named.</param>
/// <param name="IsDraft">It promises nothing yet: its rules are shown, and refuse nothing.</param>
public sealed record DataContract(
    IReadOnlyList<ContractRule> Rules, IReadOnlyDictionary<string, double> Weights, bool PublishesBreaches,
    double? MinimumScore, IReadOnlyList<ContractColumn> Columns, IReadOnlyList<string> Warnings,
    string? Label = null, bool IsDraft = false)
{
    /// <summary>As reports of method 1 understood it: every time is in UTC.</summary>
    public DataContract InUtc() => this with
    {
        Rules = [.. Rules.Select(r => r.Test is FreshWithin f ? r with { Test = f with { Zone = null } } : r)],
    };
}

/// <param name="LogicalType">As the document says; null: nothing.</param>
/// <param name="Path">Where it stands, such as <c>schema[0].properties[2]</c>.</param>
/// <param name="Zone">In which its times are, where they do not say so themselves; null: UTC.</param>
public sealed record ContractColumn(
    string Name, string? LogicalType, string? Classification, string Path, string? Zone = null);

/// <summary>One rule.</summary>
/// <param name="Id">Unique in the contract: its name, or its columns and kind.</param>
/// <param name="Path">Where it stands in the document.</param>
/// <param name="IsError"><c>severity: error</c>, which is also meant where nothing is said.</param>
public sealed record ContractRule(string Id, string Path, RuleTest Test, RulePromise Promise, bool IsError);

/// <summary>How many elements may be bad (of a row count: how many rows there may be), bounds included.</summary>
/// <param name="IsPercent">The bounds are percentages, 0 to 100, of the elements that were checked.</param>
/// <param name="IsOutside">What lies within the bounds breaks it, instead of what lies outside.</param>
public sealed record RulePromise(
    decimal? Min, decimal? Max, bool IsMinExcluded = false, bool IsMaxExcluded = false, bool IsPercent = false,
    bool IsOutside = false)
{
    /// <summary>No element is bad.</summary>
    public static RulePromise NoneBad { get; } = new(null, 0);

    /// <param name="bad">How many are bad; for a row count, the rows.</param>
    public bool IsKept(long bad, long all)
    {
        var measured = IsPercent ? (all == 0 ? 0 : 100m * bad / all) : bad;
        var isWithin = (Min is not { } min || measured > min || (measured == min && !IsMinExcluded))
            && (Max is not { } max || measured < max || (measured == max && !IsMaxExcluded));
        return isWithin != IsOutside;
    }
}

/// <summary>What is checked. Except for <see cref="NoNulls"/>, cells without a value break no rule.</summary>
public abstract record RuleTest(IReadOnlyList<string> Columns);

/// <param name="AlsoMissing">Values that stand for none.</param>
/// <param name="IsKey">It is a column of the primary key.</param>
public sealed record NoNulls(string Column, IReadOnlyList<string> AlsoMissing, bool IsKey = false)
    : RuleTest([Column]);

/// <param name="IsKey">They are the primary key.</param>
public sealed record Unique(IReadOnlyList<string> Of, bool IsKey) : RuleTest(Of);

public sealed record InRange(string Column, string? Min, string? Max, bool IsMinExcluded, bool IsMaxExcluded)
    : RuleTest([Column]);

/// <summary>Lengths in characters (code points).</summary>
public sealed record OfLength(string Column, long? Min, long? Max) : RuleTest([Column]);

/// <param name="Regex">In RE2's syntax; found anywhere in the text unless anchored.</param>
public sealed record Matches(string Column, string Regex) : RuleTest([Column]);

public sealed record OneOf(string Column, IReadOnlyList<string> Values) : RuleTest([Column]);

/// <summary>Each value stands in a column of another product of the same holder.</summary>
public sealed record RefersTo(string Column, string Product, string Target) : RuleTest([Column]);

/// <summary>Decimals to the last place; floating-point numbers to a billionth of the larger side.</summary>
public sealed record SumIs(IReadOnlyList<string> Parts, string Total) : RuleTest([.. Parts, Total]);

/// <summary>Rows that agree in the determinant agree in the dependent too: a functional dependency.</summary>
public sealed record Determines(IReadOnlyList<string> Determinant, string Dependent)
    : RuleTest([.. Determinant, Dependent]);

/// <summary>No value is less than that of the row before.</summary>
/// <param name="Within">Rows are compared with those that agree in these columns; empty: with all.</param>
public sealed record Ascends(string Column, IReadOnlyList<string> Within) : RuleTest([Column, .. Within]);

/// <summary>The latest value is at most so old when the version is published.</summary>
/// <param name="Zone">The time zone of the column's times, such as <c>Asia/Shanghai</c>; null: UTC.</param>
public sealed record FreshWithin(string Column, TimeSpan Age, string? Zone = null) : RuleTest([Column]);

public sealed record RowCount() : RuleTest([]);

/// <summary>
/// The values of a column lie as they did in the version before, up to a population stability index.
/// </summary>
/// <param name="Of">The columns; empty: all that can be compared and hold no dates, which move by their nature.</param>
public sealed record DriftWithin(double Psi, IReadOnlyList<string> Of) : RuleTest(Of);

/// <param name="Text">An expression of SQL over a row; never run as it is.</param>
public sealed record Condition(string Text) : RuleTest([]);
