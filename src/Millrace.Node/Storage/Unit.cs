using System.Data.Common;

namespace Millrace.Node.Storage;

/// <summary>
/// One unit of work: everything written through it commits together or not at all. A unit may run again after a lost
/// race, so it must have no effect outside the database; what is to follow a commit goes into
/// <see cref="AfterCommit"/>.
/// </summary>
public sealed class Unit(DbConnection connection, DbTransaction transaction, AnswerScope? answer = null)
    : Session(connection, transaction)
{
    private readonly List<Action> _afterCommit = [];

    /// <summary>Runs once the unit is durable. Must be quick and must not throw.</summary>
    public void AfterCommit(Action action) => _afterCommit.Add(action);

    /// <summary>Runs once the unit is durable and, within a peer's request, its answer has left.</summary>
    public void AfterAnswer(Action action) =>
        _afterCommit.Add(answer is null ? action : () => answer.Add(action));

    /// <summary>Runs a statement.</summary>
    /// <returns>The number of rows it changed.</returns>
    public async Task<int> ExecuteAsync(
        string sql, (string Name, object? Value)[] parameters, CancellationToken cancel)
    {
        await using var command = Prepare(sql, parameters);
        return await command.ExecuteNonQueryAsync(cancel);
    }

    internal void Committed()
    {
        foreach (var action in _afterCommit)
            action();
    }
}
