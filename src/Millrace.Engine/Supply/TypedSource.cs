using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply;

/// <summary>A file whose columns have types of their own, understood.</summary>
/// <param name="Expressions">That read each column of the schema.</param>
/// <param name="Relation">What they read from.</param>
/// <param name="Parquet">Where the job sees the file; null: it is none of Parquet.</param>
internal sealed record TypedSource(
    SourceFile File, TableSchema Schema, IReadOnlyList<string> Expressions, long Rows, string Relation,
    string? Parquet = null);

/// <summary>A file whose cells are texts, understood.</summary>
/// <param name="Relation">The rows, as texts <c>c0, c1, …</c>.</param>
/// <param name="BareNaIsNull">As <see cref="AskedColumns.BareNaIsNull"/>.</param>
/// <param name="QuotesTexts">Texts are in quotes in it, whether they need them or not.</param>
internal sealed record TextSource(
    SourceFile File, IReadOnlyList<string> Names, long Rows, string Relation, char? Delimiter, string? Encoding,
    bool? HasHeader, bool BareNaIsNull = false, bool QuotesTexts = false,
    IReadOnlyList<RenamedColumn>? Renamed = null, SheetOfSeveral? Sheet = null);
