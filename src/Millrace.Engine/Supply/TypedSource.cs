using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply;

/// <summary>A file whose columns have types of their own, understood.</summary>
/// <param name="Expressions">That read each column of the schema.</param>
/// <param name="Relation">What they read from.</param>
internal sealed record TypedSource(
    SourceFile File, TableSchema Schema, IReadOnlyList<string> Expressions, long Rows, string Relation);
