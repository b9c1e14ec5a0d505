namespace Millrace.Engine.Duck;

/// <summary>
/// A job on data failed. The message is one sentence for people that never holds a value of the data; for this reason
/// there is no inner exception either (DuckDB prints values in its texts).
/// </summary>
public class EngineException(string code, string message) : Exception(message)
{
    /// <summary>Lower-case words joined by hyphens; never changes its meaning.</summary>
    public string Code { get; } = code;
}
