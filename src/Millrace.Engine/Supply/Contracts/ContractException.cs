using Millrace.Engine.Duck;

namespace Millrace.Engine.Supply.Contracts;

/// <summary>
/// A data contract cannot be kept. Codes: <c>bad-yaml</c> (it cannot be read), <c>bad-contract</c> (a rule in it cannot
/// be checked; the message names each by its path), <c>contract-differs</c> (it does not fit the table).
/// </summary>
public sealed class ContractException(string code, string message) : EngineException(code, message);
