using System.Data.Common;

namespace Millrace.Node.Storage;

/// <summary>
/// One unit of work: everything written through it commits together or not at all. A unit may run again, after a lost
/// race or where another unit of the same commit failed, so it must have no effect outside the database; what is to
/// follow a commit goes into <see cref="AfterCommit"/>.
/// </summary>
public sealed class Unit : Session
{
    private readonly GroupWrites _writes;
    private readonly AnswerScope? _answer;
    private readonly List<Action> _afterCommit = [];

    internal Unit(Link link, GroupWrites writes, AnswerScope? answer = null)
        : base(link) => (_writes, _answer) = (writes, answer);

    /// <summary>Runs once the unit is durable. Must be quick and must not throw.</summary>
    public void AfterCommit(Action action) => _afterCommit.Add(action);

    /// <summary>Runs once the unit is durable and, within a peer's request, its answer has left.</summary>
    public void AfterAnswer(Action action) =>
        _afterCommit.Add(_answer is null ? action : () => _answer.Add(action));

    /// <summary>
    /// Writes: at the latest before the next reading or the commit. Where the database takes several statements at
    /// once, they travel together; so a failure may show only then, and the whole unit fails.
    /// </summary>
    /// <param name="row">
    /// The one row that the statement must change: none changed is a <see cref="ConflictException"/>.
    /// </param>
    public Task WriteAsync(
        string sql, (string Name, object? Value)[] parameters, (string Table, string Id)? row,
        CancellationToken cancel) =>
        _writes.AddAsync(new GroupWrite(sql, parameters, row), cancel);

    /// <summary>Runs a statement now.</summary>
    /// <returns>The number of rows it changed.</returns>
    public Task<int> ExecuteAsync(
        string sql, (string Name, object? Value)[] parameters, CancellationToken cancel) =>
        _writes.ExecuteAsync(sql, parameters, cancel);

    internal void Committed()
    {
        foreach (var action in _afterCommit)
            action();
    }

    private protected override Task<DbDataReader> ReadAsync(
        string sql, (string Name, object? Value)[] parameters, CancellationToken cancel) =>
        _writes.ReadAsync(sql, parameters, cancel);
}
