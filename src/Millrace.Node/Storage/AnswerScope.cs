namespace Millrace.Node.Storage;

/// <summary>
/// What has to wait until the answer to a peer's request has left: our next message must not overtake it. Whatever is
/// lost here in a crash, the outbox still holds.
/// </summary>
public sealed class AnswerScope
{
    private static readonly AsyncLocal<AnswerScope?> Ambient = new();
    private readonly Lock _lock = new();
    private List<Action>? _waiting = [];

    /// <summary>The scope of the request that is being answered; null outside of one.</summary>
    internal static AnswerScope? Current => Ambient.Value;

    /// <summary>Begins a scope for the rest of this request.</summary>
    public static AnswerScope Begin() => Ambient.Value = new AnswerScope();

    /// <summary>The answer has left: runs what waited, and from now on what comes at once.</summary>
    public void Release()
    {
        List<Action>? waiting;
        lock (_lock)
            (waiting, _waiting) = (_waiting, null);
        foreach (var action in waiting ?? [])
            action();
    }

    internal void Add(Action action)
    {
        lock (_lock)
        {
            if (_waiting is not null)
            {
                _waiting.Add(action);
                return;
            }
        }
        action();
    }
}
