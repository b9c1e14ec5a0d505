namespace Millrace.Engine.Queries;

/// <summary>A SELECT as we understood it: what has no place in this tree cannot be asked.</summary>
internal abstract record Query(IReadOnlyList<CommonTable> With, QueryEnding Ending);

internal sealed record Selection(
    IReadOnlyList<CommonTable> With, QueryEnding Ending, IReadOnlyList<Expression> Items, Source? From,
    Expression? Where, Grouping Groups, Expression? Having, Expression? Qualify) : Query(With, Ending);

/// <param name="Operation"><c>UNION</c>, <c>EXCEPT</c> or <c>INTERSECT</c>, with <c>ALL</c> or without.</param>
internal sealed record Combination(
    IReadOnlyList<CommonTable> With, QueryEnding Ending, string Operation, Query Left, Query Right)
    : Query(With, Ending);

internal sealed record CommonTable(string Name, IReadOnlyList<string> Columns, Query Query);

/// <param name="DistinctOn">Null: not distinct; empty: whole rows.</param>
internal sealed record QueryEnding(
    IReadOnlyList<Expression>? DistinctOn, IReadOnlyList<Order> Orders, Expression? Limit, Expression? Offset);

/// <param name="Sets">Indexes into <paramref name="By"/>; empty where it does not group.</param>
/// <param name="All">By all that is not aggregated.</param>
internal sealed record Grouping(
    IReadOnlyList<Expression> By, IReadOnlyList<IReadOnlyList<int>> Sets, bool All);

/// <param name="Words">Such as <c>DESC NULLS LAST</c>; may be empty.</param>
internal sealed record Order(Expression By, string Words);

internal abstract record Source;

/// <summary>The view, or a common table.</summary>
internal sealed record Table(string Name, string? Alias, IReadOnlyList<string> Columns) : Source;

internal sealed record Subselect(Query Query, string? Alias, IReadOnlyList<string> Columns) : Source;

/// <param name="Kind">Such as <c>LEFT JOIN</c>.</param>
internal sealed record Join(
    string Kind, Source Left, Source Right, Expression? On, IReadOnlyList<string> Using) : Source;

internal abstract record Expression
{
    /// <summary>The name of the column that it becomes; null: none was given.</summary>
    public string? Alias { get; init; }
}

/// <param name="Sql">Written by us from a typed value.</param>
internal sealed record Literal(string Sql) : Expression;

/// <param name="Value">Its constant, written by us; NULL where a query is only looked at.</param>
/// <param name="Type">One of ours.</param>
internal sealed record Parameter(string Name, string Value, string Type) : Expression;

/// <param name="Path">The column, with its table's name before it or without.</param>
internal sealed record ColumnName(IReadOnlyList<string> Path) : Expression;

internal sealed record Star(string? Table, IReadOnlyList<string> Except) : Expression;

/// <param name="Operator">One of ours, between its operands or before the only one.</param>
internal sealed record Operation(string Operator, IReadOnlyList<Expression> Operands) : Expression;

/// <param name="Words"><c>IS NULL</c> or <c>IS NOT NULL</c>.</param>
internal sealed record NullTest(Expression Operand, string Words) : Expression;

/// <param name="Words"><c>IN</c> or <c>NOT IN</c>.</param>
internal sealed record Membership(Expression Operand, string Words, IReadOnlyList<Expression> Values) : Expression;

internal sealed record Between(Expression Operand, Expression Lower, Expression Upper) : Expression;

internal sealed record Case(IReadOnlyList<(Expression When, Expression Then)> Branches, Expression Else) : Expression;

/// <param name="Type">One of ours.</param>
internal sealed record Cast(Expression Operand, string Type, bool OrNull) : Expression;

/// <param name="Function">One of <see cref="QueryFunctions"/>.</param>
internal sealed record Call(
    string Function, IReadOnlyList<Expression> Arguments, bool Distinct, IReadOnlyList<Order> Orders,
    Expression? Filter) : Expression;

/// <param name="Words">What stands before the parentheses: nothing, <c>EXISTS</c>, or a comparison with ANY.</param>
internal sealed record Subquery(Query Query, Expression? Operand, string Words) : Expression;

/// <param name="Frame">Such as <c>ROWS BETWEEN</c>; null: the usual one.</param>
internal sealed record Window(
    Call Call, bool IgnoreNulls, IReadOnlyList<Expression> Partitions, IReadOnlyList<Order> Orders, Frame? Frame)
    : Expression;

/// <param name="Unit"><c>ROWS</c>, <c>RANGE</c> or <c>GROUPS</c>.</param>
internal sealed record Frame(string Unit, FrameBound Start, FrameBound End);

/// <param name="Words">Such as <c>PRECEDING</c>.</param>
internal sealed record FrameBound(Expression? By, string Words);
