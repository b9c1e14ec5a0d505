using System.Data;
using System.Data.Common;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Millrace.Node.Storage;

/// <summary>
/// The one writer of a process. Units that wait at the same time share a transaction and are acknowledged after its
/// commit: the cost of making one unit durable is shared by all of them. Where one of them fails, which is rare, the
/// transaction is taken back and each runs once more in one of its own: cheaper than a savepoint around each.
/// </summary>
internal sealed class Writer : IAsyncDisposable
{
    private static readonly AsyncLocal<bool> InUnit = new();

    private readonly Channel<Job> _queue;
    private readonly Func<CancellationToken, Task<Link>> _open;
    private readonly Limits _limits;
    private readonly Task _loop;
    private Link? _link;

    public Writer(Func<CancellationToken, Task<Link>> open, Limits limits)
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
        if (_link is not null)
            await _link.DisposeAsync();
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
        if (await TryCommitAsync(group) is not { } failure)
            return;
        if (group.Count == 1 || _link is null) // Without a connection, none of them fares better alone.
        {
            foreach (var job in group)
                job.Fail(IsLostRace(failure) ? new ConflictException("the database", failure.GetType().Name) : failure);
            return;
        }
        foreach (var job in group)
            await CommitAsync([job]);
    }

    /// <returns>Null once the group is durable; else why nothing of it is, and so none of it happened.</returns>
    private async Task<Exception?> TryCommitAsync(List<Job> group)
    {
        try
        {
            _link ??= await _open(CancellationToken.None);
            await using var transaction = await _link.Connection.BeginTransactionAsync();
            await RunAsync(group, _link, new GroupWrites(_link, transaction));
            await transaction.CommitAsync();
        }
        catch (Exception failure)
        {
            if (_link is { Connection.State: not ConnectionState.Open })
                await DropLinkAsync();
            return failure;
        }
        foreach (var job in group)
            job.Complete();
        return null;
    }

    private static async Task RunAsync(List<Job> group, Link link, GroupWrites writes)
    {
        InUnit.Value = true; // Ends with this method: what follows a commit may write again.
        foreach (var job in group)
            await job.RunAsync(new Unit(link, writes, job.Answer));
        await writes.FlushAsync(CancellationToken.None);
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

    private async Task DropLinkAsync()
    {
        try
        {
            await Protocol.Check.NotNull(_link).DisposeAsync();
        }
        catch (DbException)
        {
            // It is being given up because it is broken.
        }
        _link = null;
    }

    private abstract class Job
    {
        /// <summary>Of the request that wants the unit: the writer's own context knows none.</summary>
        public AnswerScope? Answer { get; } = AnswerScope.Current;

        /// <summary>Runs the unit, unless nobody waits for it any more.</summary>
        public abstract Task RunAsync(Unit unit);

        public abstract void Fail(Exception exception);

        public abstract void Complete();
    }

    private sealed class Job<T>(Func<Unit, Task<T>> work, CancellationToken cancel) : Job
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Unit? _unit;
        private T? _value;

        public Task<T> Result => _done.Task;

        public override async Task RunAsync(Unit unit)
        {
            _unit = null; // It may have run before, in a transaction that was taken back.
            if (!cancel.IsCancellationRequested)
                (_value, _unit) = (await work(unit), unit);
        }

        public override void Fail(Exception exception) => _done.TrySetException(exception);

        public override void Complete()
        {
            if (_done.Task.IsCompleted)
                return;
            if (_unit is null)
            {
                _done.TrySetCanceled(cancel);
                return;
            }
            _unit.Committed();
            _done.TrySetResult(_value!);
        }
    }
}
