using System.Data.Common;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Millrace.Node.Storage;

/// <summary>
/// The control state of a node: SQLite by default, PostgreSQL by one setting, with the same statements on both.
/// Reads run on connections of their own; all writes of a process go through one writer that groups them.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    /// <summary>On PostgreSQL: statements that are run again and again are planned once on each connection.</summary>
    private const int PlannedMax = 100;

    private readonly DbDataSource _source;
    private readonly SemaphoreSlim _readers;
    private readonly Channel<Link> _idle;
    private readonly Writer _writer;

    private Database(DbDataSource source, bool isPostgres, int connectionsMax, Limits limits)
    {
        (_source, IsPostgres) = (source, isPostgres);
        _readers = new SemaphoreSlim(connectionsMax - 1); // One is the writer's.
        _idle = Channel.CreateBounded<Link>(limits.IdleReadersMax);
        _writer = new Writer(OpenForWritingAsync, limits);
    }

    public bool IsPostgres { get; }

    /// <summary>Opens the database and brings its tables to the newest form.</summary>
    /// <exception cref="DbException">It cannot be reached or opened.</exception>
    public static async Task<Database> OpenAsync(DatabaseOptions options, Limits limits, CancellationToken cancel)
    {
        var postgres = options.ConnectionString is { } given ? Settings(given, limits) : null;
        var source = postgres is not null
            ? NpgsqlDataSource.Create(postgres)
            : SqliteFactory.Instance.CreateDataSource(new SqliteConnectionStringBuilder
            {
                DataSource = options.SqliteFile,
                DefaultTimeout = 30,
            }.ConnectionString);
        var database = new Database(
            source, postgres is not null, postgres?.MaxPoolSize ?? limits.ConnectionsMax, limits);
        try
        {
            await using var link = await database.OpenForWritingAsync(cancel);
            await Migrations.ApplyAsync(link, options.IsPostgres, cancel);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
        return database;
    }

    /// <summary>Reads the committed state.</summary>
    public async Task<T> ReadAsync<T>(Func<Session, Task<T>> query, CancellationToken cancel)
    {
        await _readers.WaitAsync(cancel);
        try
        {
            if (!_idle.Reader.TryRead(out var link))
                link = new Link(await _source.OpenConnectionAsync(cancel));
            return await ReadAsync(link, query);
        }
        finally
        {
            _readers.Release();
        }
    }

    /// <summary>
    /// Runs a unit of work and returns once it is durable. A unit that lost a race is run again on the fresh state.
    /// </summary>
    /// <exception cref="ConflictException">It lost the race too often: the caller may try again later.</exception>
    public Task<T> WriteAsync<T>(Func<Unit, Task<T>> unit, CancellationToken cancel) => _writer.RunAsync(unit, cancel);

    /// <inheritdoc cref="WriteAsync{T}(Func{Unit, Task{T}}, CancellationToken)"/>
    public Task WriteAsync(Func<Unit, Task> unit, CancellationToken cancel) =>
        WriteAsync(
            async u =>
            {
                await unit(u);
                return true;
            },
            cancel);

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _idle.Writer.Complete();
        while (_idle.Reader.TryRead(out var link))
            await link.DisposeAsync();
        await _source.DisposeAsync();
        _readers.Dispose();
        if (!IsPostgres)
            SqliteConnection.ClearAllPools();
    }

    private async Task<T> ReadAsync<T>(Link link, Func<Session, Task<T>> query)
    {
        var keep = false;
        try
        {
            var answer = await query(new Session(link));
            keep = _idle.Writer.TryWrite(link);
            return answer;
        }
        finally
        {
            if (!keep) // Too many are idle; or it failed, and nobody knows in what state it is.
                await link.DisposeAsync();
        }
    }

    private async Task<Link> OpenForWritingAsync(CancellationToken cancel)
    {
        var connection = await _source.OpenConnectionAsync(cancel);
        if (!IsPostgres)
        {
            await using var command = connection.CreateCommand();
            // FULL: a commit that was acknowledged survives the loss of power, not only of the process. A log of 16 MiB
            // before its pages go to their places: most are written several times until then. What a statement of many
            // rows could have to undo stays in memory: in a file it is written page by page, for nothing.
            command.CommandText =
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4096; "
                + "PRAGMA temp_store = MEMORY;";
            await command.ExecuteNonQueryAsync(cancel);
        }
        return new Link(connection);
    }

    /// <summary>Of a keyword that stands twice the later one holds, which is what the operator wrote.</summary>
    private static NpgsqlConnectionStringBuilder Settings(string given, Limits limits)
    {
        var ours = new NpgsqlConnectionStringBuilder
        {
            NoResetOnClose = true, // A connection is left as it was found: resetting it would take a message.
            MaxAutoPrepare = PlannedMax, // 0 is for poolers that cannot do with it.
            MaxPoolSize = limits.ConnectionsMax,
        };
        var settings = new NpgsqlConnectionStringBuilder($"{ours.ConnectionString};{given}");
        settings.MaxPoolSize = Math.Max(2, settings.MaxPoolSize); // A reader and the writer.
        return settings;
    }
}
