using Millrace.Engine.Duck;

namespace Millrace.Engine.Supply.Fields;

/// <summary>A pack cannot be taken. Code: <c>bad-pack</c>.</summary>
public sealed class PackException(string message) : EngineException("bad-pack", message);
