using System.Data.Common;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Millrace.Node.Storage;

/// <summary>
/// The one writer of a process. Units that wait at the same time share a transaction, each behind a savepoint, and are
/// acknowledged after its commit: the cost of making one unit durable is shared by all of them.
/// </summary>
internal sealed class Writer : IAsyncDisposable
{
    private static readonly AsyncLocal<bool> InUnit = new();

    private readonly Channel<Job> _queue;
    private readonly Func<CancellationToken, Task<DbConnection>> _open;
    private readonly Limits _limits;
    private readonly Task _loop;
    private DbConnection? _connection;

    public Writer(Func<CancellationToken, Task<DbConnection>> open, Limits limits)
    {
        (_open, _limits) = (open, limits);
        _queue = Channel.CreateBounded<Job>(
            new BoundedChannelOptions(limits.WriteQueueMax) { SingleReader = true });
        _loop = Task.Run(LoopAsync);
    }

    public async Task<T> RunAsync<T>(Func<Unit, Task<T>> unit, CancellationToken cancel)
    {
        Protocol.Check.That(!InUnit.Value, "a unit of work does not wait for another one");
        for (var attempt = 0; ; attempt++)
        {
            var job = new Job<T>(unit, cancel);
            await _queue.Writer.WriteAsync(job, cancel);
            try
            {
                return await job.Result;
            }
            catch (ConflictException) when (attempt < _limits.ConflictRetriesMax)
            {
                // Decides again on the fresh state.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
        if (_connection is not null)
            await _connection.DisposeAsync();
    }

    private async Task LoopAsync()
    {
        var group = new List<Job>(_limits.GroupMax);
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (group.Count < _limits.GroupMax && _queue.Reader.TryRead(out var job))
                group.Add(job);
            await CommitAsync(group);
            group.Clear();
        }
    }

    private async Task CommitAsync(List<Job> group)
    {
        try
        {
            _connection ??= await _open(CancellationToken.None);
            await using (var transaction = await _connection.BeginTransactionAsync())
            {
                foreach (var job in group)
                    await RunAsync(job, _connection, transaction);
                await transaction.CommitAsync();
            }
        }
        catch (Exception broken)
        {
            // Nothing of the group is durable, so none of it happened.
            foreach (var job in group)
                job.Fail(broken);
            await DropConnectionAsync();
            return;
        }
        foreach (var job in group)
            job.Complete();
    }

    private static async Task RunAsync(Job job, DbConnection connection, DbTransaction transaction)
    {
        if (job.Cancelled)
            return;
        InUnit.Value = true; // Ends with this method: what follows a commit may write again.
        await transaction.SaveAsync("unit");
        try
        {
            await job.RunAsync(new Unit(connection, transaction, job.Answer));
            await transaction.ReleaseAsync("unit");
        }
        catch (Exception refused) when (connection.State == System.Data.ConnectionState.Open)
        {
            await transaction.RollbackAsync("unit");
            job.Fail(IsLostRace(refused) ? new ConflictException("the database", refused.GetType().Name) : refused);
        }
    }

    /// <summary>
    /// Two nodes inserted the same row at once, or waited for each other: the loser decides again on the fresh state.
    /// </summary>
    private static bool IsLostRace(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } => true,
        PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected } => true,
        SqliteException { SqliteErrorCode: 19 } => true,
        _ => false,
    };

    private async Task DropConnectionAsync()
    {
        if (_connection is null)
            return;
        try
        {
            await _connection.DisposeAsync();
        }
        catch (DbException)
        {
            // It is being given up because it is broken.
        }
        _connection = null;
    }

    private abstract class Job(CancellationToken cancel)
    {
        /// <summary>Of the request that wants the unit: the writer's own context knows none.</summary>
        public AnswerScope? Answer { get; } = AnswerScope.Current;

        public bool Cancelled => cancel.IsCancellationRequested;

        public abstract Task RunAsync(Unit unit);

        public abstract void Fail(Exception exception);

        public abstract void Complete();
    }

    private sealed class Job<T>(Func<Unit, Task<T>> work, CancellationToken cancel) : Job(cancel)
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly CancellationToken _cancel = cancel;
        private Unit? _unit;
        private T? _value;

        public Task<T> Result => _done.Task;

        public override async Task RunAsync(Unit unit) => (_value, _unit) = (await work(unit), unit);

        public override void Fail(Exception exception) => _done.TrySetException(exception);

        public override void Complete()
        {
            if (_done.Task.IsCompleted)
                return;
            if (_unit is null)
            {
                _done.TrySetCanceled(_cancel);
                return;
            }
            _unit.Committed();
            _done.TrySetResult(_value!);
        }
    }
}
