using System.Data.Common;

namespace Millrace.Node.Storage;

/// <summary>A statement of a unit.</summary>
/// <param name="Row">The row that it must change, if it must change one.</param>
internal sealed record GroupWrite(
    string Sql, (string Name, object? Value)[] Parameters, (string Table, string Id)? Row);

/// <summary>
/// The statements of the units that share a transaction. SQLite runs each at once. To PostgreSQL, where each message
/// and its answer cost more than the statement, writes go together with the next statement that wants an answer, be it
/// of the next unit.
/// </summary>
internal sealed class GroupWrites(Link link, DbTransaction transaction)
{
    private readonly List<GroupWrite> _waiting = [];
    private readonly List<(DbBatchCommand Sent, (string Table, string Id) Row)> _unchecked = [];

    public async Task AddAsync(GroupWrite write, CancellationToken cancel)
    {
        if (link.Connection.CanCreateBatch)
            _waiting.Add(write);
        else
            RequireChange(await RunAsync(write.Sql, write.Parameters, cancel), write.Row);
    }

    public async Task<int> ExecuteAsync(
        string sql, (string Name, object? Value)[] parameters, CancellationToken cancel)
    {
        if (_waiting.Count == 0)
            return await RunAsync(sql, parameters, cancel);
        await using var batch = Batch();
        var last = Add(batch, sql, parameters);
        await batch.ExecuteNonQueryAsync(cancel);
        return last.RecordsAffected;
    }

    public Task<DbDataReader> ReadAsync(
        string sql, (string Name, object? Value)[] parameters, CancellationToken cancel)
    {
        if (_waiting.Count == 0)
            return link.Statement(sql, parameters, transaction).ExecuteReaderAsync(cancel);
        var batch = Batch();
        Add(batch, sql, parameters);
        return batch.ExecuteReaderAsync(cancel); // Its first result is that of the reading: the writes have none.
    }

    /// <summary>Sends what waits, and makes sure that all that was sent has changed what it had to.</summary>
    /// <exception cref="ConflictException">Something was changed by others since it was read.</exception>
    public async Task FlushAsync(CancellationToken cancel)
    {
        if (_waiting.Count > 0)
        {
            await using var batch = Batch();
            await batch.ExecuteNonQueryAsync(cancel);
        }
        foreach (var (sent, row) in _unchecked)
            RequireChange(sent.RecordsAffected, row);
        _unchecked.Clear();
    }

    private Task<int> RunAsync(string sql, (string Name, object? Value)[] parameters, CancellationToken cancel) =>
        link.Statement(sql, parameters, transaction).ExecuteNonQueryAsync(cancel);

    private DbBatch Batch()
    {
        var batch = link.Connection.CreateBatch();
        batch.Transaction = transaction;
        foreach (var write in _waiting)
        {
            var command = Add(batch, write.Sql, write.Parameters);
            if (write.Row is { } row)
                _unchecked.Add((command, row));
        }
        _waiting.Clear();
        return batch;
    }

    private static DbBatchCommand Add(DbBatch batch, string sql, (string Name, object? Value)[] parameters)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = sql;
        Link.Bind(command.Parameters, command.CreateParameter, parameters);
        batch.BatchCommands.Add(command);
        return command;
    }

    private static void RequireChange(int changed, (string Table, string Id)? row)
    {
        if (row is { } one && changed != 1)
            throw new ConflictException(one.Table, one.Id);
    }
}
