using System.Text.Json.Serialization;

namespace Millrace.Protocol.Policies;

/// <summary>
/// Which rows are seen. A NULL cell satisfies no comparison, <c>neq</c> and <c>isNoneOf</c> included, as in SQL.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "is")]
[JsonDerivedType(typeof(RowAll), "all")]
[JsonDerivedType(typeof(RowAny), "any")]
[JsonDerivedType(typeof(RowComparison), "comparison")]
public abstract record RowPredicate
{
    /// <summary>One text for one meaning: parts are sorted and stand once.</summary>
    internal abstract string Canonical();

    /// <summary>All of them, or null where there are none.</summary>
    internal static RowPredicate? All(IEnumerable<RowPredicate> parts)
    {
        var flat = Tidy(parts.SelectMany(part => part is RowAll all ? all.Parts : [part]));
        return flat.Count switch { 0 => null, 1 => flat[0], _ => new RowAll(flat) };
    }

    internal static RowPredicate Any(IEnumerable<RowPredicate> parts)
    {
        var flat = Tidy(parts.SelectMany(part => part is RowAny any ? any.Parts : [part]));
        return flat.Count == 1 ? flat[0] : new RowAny(flat);
    }

    private static List<RowPredicate> Tidy(IEnumerable<RowPredicate> parts) =>
        [.. parts.DistinctBy(part => part.Canonical()).OrderBy(part => part.Canonical(), StringComparer.Ordinal)];
}

/// <summary>Rows for which every part holds; at least two.</summary>
public sealed record RowAll(IReadOnlyList<RowPredicate> Parts) : RowPredicate
{
    internal override string Canonical() =>
        PolicyHash.Sequence("\"all\"", PolicyHash.Sequence(Parts.Select(part => part.Canonical())));
}

/// <summary>Rows for which some part holds; at least two.</summary>
public sealed record RowAny(IReadOnlyList<RowPredicate> Parts) : RowPredicate
{
    internal override string Canonical() =>
        PolicyHash.Sequence("\"any\"", PolicyHash.Sequence(Parts.Select(part => part.Canonical())));
}

/// <summary>Rows whose cell, before any mask, compares so.</summary>
/// <param name="Type">The type of the column in the frozen schema.</param>
/// <param name="Operator">Eq, Neq, Lt, Lteq, Gt, Gteq with one value; IsAnyOf, IsNoneOf with several.</param>
/// <param name="Values">
/// In one form a type: invariant numbers, <c>true</c>, <c>2026-01-31</c>, <c>08:30:00.5</c>,
/// <c>2026-01-31T08:30:00.5</c> (UTC).
/// </param>
public sealed record RowComparison(string Column, ColumnType Type, Operator Operator, IReadOnlyList<string> Values)
    : RowPredicate
{
    internal override string Canonical() => PolicyHash.Sequence(
        PolicyHash.Quote(PolicyWords.Of(Operator)), PolicyHash.Quote(Column), PolicyHash.Quote(Type.ToString()),
        PolicyHash.Sequence(Values.Select(PolicyHash.Quote)));
}
