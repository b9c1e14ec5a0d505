using Millrace.Protocol.Policies;

namespace Millrace.Protocol.Queries;

/// <summary>A query product: a SELECT with named parameters that is offered instead of its table.</summary>
/// <param name="Sql">One SELECT over the table <c>data</c>; a parameter stands in it as <c>$name</c>.</param>
public sealed record QueryDefinition(string Sql, QuerySignature Signature)
{
    /// <summary>The same query; lists are compared by what they hold.</summary>
    public static bool Same(QueryDefinition? one, QueryDefinition? other) =>
        one is null || other is null ? one == other : QueryJson.Hash(one) == QueryJson.Hash(other);
}

/// <summary>What one must know to call a query: all of it that leaves its holder.</summary>
/// <param name="MinGroup">Each row of an answer rests on so many rows of the table, 2 or more; null: on any.</param>
public sealed record QuerySignature(IReadOnlyList<QueryParameter> Parameters, int? MinGroup = null);

/// <summary>A typed and bounded parameter. Its values stand in the one form of their type.</summary>
/// <param name="Name">Lower-case letters, digits and underscores.</param>
/// <param name="Default">Null: a call must give it.</param>
/// <param name="Min">The least value, for types with an order.</param>
/// <param name="Max">The greatest value, for types with an order.</param>
/// <param name="Values">The only values; null: any within the other bounds.</param>
/// <param name="LengthMax">The most characters of a text.</param>
/// <param name="Pattern">A regular expression that the whole of a text must match.</param>
public sealed record QueryParameter(
    string Name, ColumnType Type, string? Description = null, string? Default = null, string? Min = null,
    string? Max = null, IReadOnlyList<string>? Values = null, int? LengthMax = null, string? Pattern = null);

/// <summary>A checked call: a value for each parameter, in their order.</summary>
public sealed record QueryCall(IReadOnlyList<QueryArgument> Arguments);

/// <param name="Value">In the one form of its type; null stands for any value, where a query is only looked at.</param>
public sealed record QueryArgument(string Name, ColumnType Type, string? Value);
