using Millrace.Protocol.Queries;

namespace Millrace.Engine.Queries;

/// <summary>What is asked of a view.</summary>
/// <param name="Sql">One SELECT over <see cref="GovernedQuery.Table"/>.</param>
/// <param name="Arguments">What its parameters stand for; a text of a reader's own has none.</param>
/// <param name="MinGroup">Rows of the view on which each row of the answer rests at least; null: any.</param>
public sealed record Question(string Sql, IReadOnlyList<QueryArgument> Arguments, int? MinGroup)
{
    /// <summary>A SELECT that the reader wrote.</summary>
    public static Question Free(string sql) => new(sql, [], null);

    /// <summary>A call of a holder's query.</summary>
    public static Question Of(QueryDefinition query, QueryCall call) =>
        new(query.Sql, call.Arguments, query.Signature.MinGroup);
}
