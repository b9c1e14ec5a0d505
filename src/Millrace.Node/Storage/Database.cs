using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Millrace.Node.Storage;

/// <summary>
/// The control state of a node: SQLite by default, PostgreSQL by one setting, with the same statements on both.
/// Reads run on connections of their own; all writes of a process go through one writer that groups them.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    private readonly DbDataSource _source;
    private readonly Writer _writer;

    private Database(DbDataSource source, bool isPostgres, Limits limits)
    {
        (_source, IsPostgres) = (source, isPostgres);
        _writer = new Writer(OpenForWritingAsync, limits);
    }

    public bool IsPostgres { get; }

    /// <summary>Opens the database and brings its tables to the newest form.</summary>
    /// <exception cref="DbException">It cannot be reached or opened.</exception>
    public static async Task<Database> OpenAsync(DatabaseOptions options, Limits limits, CancellationToken cancel)
    {
        var source = options.ConnectionString is { } postgres
            ? NpgsqlDataSource.Create(postgres)
            : SqliteFactory.Instance.CreateDataSource(new SqliteConnectionStringBuilder
            {
                DataSource = options.SqliteFile,
                DefaultTimeout = 30,
            }.ConnectionString);
        var database = new Database(source, options.IsPostgres, limits);
        try
        {
            await using var connection = await database.OpenForWritingAsync(cancel);
            await Migrations.ApplyAsync(connection, options.IsPostgres, cancel);
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
        await using var connection = await _source.OpenConnectionAsync(cancel);
        return await query(new Session(connection));
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
        await _source.DisposeAsync();
        if (!IsPostgres)
            SqliteConnection.ClearAllPools();
    }

    private async Task<DbConnection> OpenForWritingAsync(CancellationToken cancel)
    {
        var connection = await _source.OpenConnectionAsync(cancel);
        if (IsPostgres)
            return connection;
        await using var command = connection.CreateCommand();
        // FULL: a commit that was acknowledged survives the loss of power, not only of the process.
        command.CommandText = string.Create(
            CultureInfo.InvariantCulture, $"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
        await command.ExecuteNonQueryAsync(cancel);
        return connection;
    }
}
