using System.Collections.Concurrent;
using System.Net;
using Millrace.Node.Storage;
using Millrace.Protocol;

namespace Millrace.Node.Messaging;

/// <summary>
/// Sends what the outbox holds: the messages of one process one by one and in order, those of different processes side
/// by side. A commit wakes it at once; a sweep recovers what a crash or a long pause left.
/// </summary>
public sealed partial class OutboxSender(
    Database database, Outbox outbox, PeerClient peers, IEnumerable<IOutboxListener> listeners, Clock clock,
    ILogger<OutboxSender> logger) : BackgroundService
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, IOutboxListener> _listeners = listeners.ToDictionary(l => l.Kind);
    private readonly ConcurrentDictionary<(string Participant, string Process), bool> _wanted = new();
    private readonly SemaphoreSlim _places = new(clock.Limits.SendersMax);
    private CancellationToken _stopping;

    /// <summary>Sends the messages of a process now.</summary>
    public void Wake(string participant, string process)
    {
        // The one who adds the process sends for it; a wake meanwhile makes that one look once more.
        if (_wanted.AddOrUpdate((participant, process), false, (_, _) => true))
            return;
        using (ExecutionContext.SuppressFlow()) // Whatever request woke us, the sending is not part of it.
            _ = Task.Run(() => SendAllAsync(participant, process), _stopping);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _stopping = stoppingToken;
        outbox.Added += Wake;
        using var sweep = new PeriodicTimer(SweepInterval, clock.Time);
        do
        {
            try
            {
                var due = await database.ReadAsync(
                    s => outbox.DueAsync(s, clock.Now, clock.Limits.PageMax, stoppingToken), stoppingToken);
                foreach (var (participant, process) in due)
                    Wake(participant, process);
            }
            catch (Exception broken) when (!stoppingToken.IsCancellationRequested)
            {
                SweepFailed(broken);
            }
        }
        while (await sweep.WaitForNextTickAsync(stoppingToken));
    }

    private async Task SendAllAsync(string participant, string process)
    {
        var key = (participant, process);
        try
        {
            await _places.WaitAsync(_stopping);
            try
            {
                do
                {
                    _wanted[key] = false;
                    while (await SendNextAsync(participant, process))
                    {
                    }
                }
                while (!_wanted.TryRemove(new(key, false)));
            }
            finally
            {
                _places.Release();
            }
        }
        catch (Exception broken)
        {
            _wanted.TryRemove(key, out _);
            if (!_stopping.IsCancellationRequested)
                SendFailed(broken, process); // The sweep tries again.
        }
    }

    /// <returns>True if there may be another message to send now.</returns>
    private async Task<bool> SendNextAsync(string participant, string process)
    {
        var next = await database.ReadAsync(
            s => outbox.NextAsync(s, participant, process, limit: 2, _stopping), _stopping);
        if (next is not [var message, ..] || message.Due > clock.Now)
            return false;
        var answer = await ExchangeAsync(message);
        if (answer.Status == HttpStatusCode.Unauthorized)
            answer = await ExchangeAsync(message); // A token serves once, and a lost request may have used it up.
        if (answer.IsSuccess)
        {
            await database.WriteAsync(u => DeliveredAsync(u, message, answer), _stopping);
            return next.Count > 1; // What was added since has woken us.
        }
        if (answer.IsFinal || message.Attempts + 1 >= AttemptsMax(message, answer))
        {
            await database.WriteAsync(u => RefusedAsync(u, message, answer.Refusal()), _stopping);
            return true;
        }
        var pause = Pause(message.Attempts);
        await database.WriteAsync(u => outbox.PostponeAsync(u, message, clock.Now + pause, _stopping), _stopping);
        if (pause > SweepInterval)
            return false;
        await Task.Delay(pause, clock.Time, _stopping);
        return true;
    }

    private Task<MessageAnswer> ExchangeAsync(OutboxMessage message) => message.IsQuestion
        ? peers.GetAsync(message.Participant, message.Peer, message.Url, _stopping)
        : peers.PostAsync(message.Participant, message.Peer, message.Url, message.Body, _stopping);

    private int AttemptsMax(OutboxMessage message, MessageAnswer answer) => answer.Status switch
    {
        HttpStatusCode.NotFound when message.IsQuestion => 1, // It has known the process, or never will.
        HttpStatusCode.NotFound => clock.Limits.NotFoundAttemptsMax,
        _ => clock.Limits.SendAttemptsMax,
    };

    internal static TimeSpan Pause(long attempts)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(attempts, 20));
        return pause < LongestPause ? pause : LongestPause;
    }

    private async Task DeliveredAsync(Unit unit, OutboxMessage message, MessageAnswer answer)
    {
        if (await outbox.RemoveAsync(unit, message, _stopping))
            await _listeners[message.Kind].DeliveredAsync(unit, message, answer.Body, _stopping);
    }

    private async Task RefusedAsync(Unit unit, OutboxMessage message, Refusal refusal)
    {
        if (!await outbox.RemoveAsync(unit, message, _stopping))
            return;
        if (refusal.Code == MessageAnswer.Unreachable) // Whatever else there is to say would not get there either.
            await outbox.RemoveAllAsync(unit, message.Participant, message.Process, _stopping);
        await _listeners[message.Kind].RefusedAsync(unit, message, refusal, _stopping);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The outbox could not be read.")]
    private partial void SweepFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A message of process {Process} could not be sent.")]
    private partial void SendFailed(Exception exception, string process);
}
