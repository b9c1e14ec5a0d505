using Millrace.Engine.Duck;

namespace Millrace.Engine.Queries;

/// <summary>
/// A query was not run, or not to its end. Codes: <c>bad-query</c> (it is no SELECT that can be read),
/// <c>query-refused</c> (it uses what is not allowed), <c>query-failed</c> (it does not fit the data),
/// <c>query-too-long</c>, <c>query-too-large</c>, <c>query-too-slow</c>, <c>query-busy</c> (it waited for its turn).
/// </summary>
public sealed class QueryException(string code, string message) : EngineException(code, message);
