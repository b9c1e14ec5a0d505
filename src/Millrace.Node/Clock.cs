namespace Millrace.Node;

/// <summary>What comes in from outside: the time and the limits.</summary>
public sealed record Clock(TimeProvider Time, Limits Limits)
{
    public DateTimeOffset Now => Time.GetUtcNow();
}
