using System.Data.Common;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using DuckDB.NET.Data;
using Millrace.Engine.Delivery;

namespace Millrace.Engine.Duck;

/// <summary>One job's hardened DuckDB: it reaches the files it was given and nothing else. Not thread-safe.</summary>
internal sealed class DuckSession : IDisposable
{
    private readonly DuckDBConnection _connection;
    private readonly CancellationToken _cancel;

    private DuckSession(DuckDBConnection connection, string folder, int threads, CancellationToken cancel) =>
        (_connection, Folder, Threads, _cancel) = (connection, folder, threads, cancel);

    /// <summary>The job's own folder; what lies in it can be read and written by statements.</summary>
    public string Folder { get; }

    /// <summary>What the job may use at a time.</summary>
    public int Threads { get; }

    /// <summary>An open instance that has nothing in it and is not hardened yet.</summary>
    public static DuckDBConnection NewInstance()
    {
        var instance = new DuckDBConnection("DataSource=:memory:");
        instance.Open();
        return instance;
    }

    /// <summary>Hardens a new instance: it may use <paramref name="folder"/> and <paramref name="files"/>.</summary>
    /// <param name="instance">Belongs to the session afterwards, also when this fails.</param>
    /// <param name="prepare">Registers functions; runs before the configuration is locked.</param>
    public static DuckSession Open(
        DuckDBConnection instance, EngineOptions options, string folder, IReadOnlyList<string> files,
        Action<DuckDBConnection>? prepare, CancellationToken cancel)
    {
        try
        {
            prepare?.Invoke(instance);
            var session = new DuckSession(instance, folder, options.Threads, cancel);
            foreach (var statement in Hardening(options, folder, files)) session.Execute(statement);
            return session;
        }
        catch
        {
            instance.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Lets statements see a file as <paramref name="link"/>, a plain name in the job's folder: names from outside
    /// never reach a statement, where <c>*</c> or <c>[</c> would mean other files. The file itself must be allowed too.
    /// </summary>
    public string Link(string path, string link)
    {
        Check.That(Path.GetDirectoryName(link) == Folder, "links lie in the job's folder");
        return File.CreateSymbolicLink(link, Path.GetFullPath(path)).FullName;
    }

    /// <summary>
    /// Tells now and then how far the statement is that runs, from 0 to 1, until what this returns is disposed.
    /// </summary>
    public IDisposable Watch(IProgress<double> progress) => new DuckWatch(_connection, progress);

    /// <summary>Runs a statement without an answer; the rows that a COPY wrote.</summary>
    public long Execute(string statement) => Run(statement, static command => command.ExecuteNonQuery());

    /// <summary>
    /// Hands over what a SELECT gives, in its order, a batch at a time; the next is computed while one is read.
    /// </summary>
    public void ReadArrow(string select, Action<RecordBatch> read) => Run(select, command =>
    {
        using var batches = Stream(command);
        var next = NextAsync();
        try
        {
            while (next.GetAwaiter().GetResult() is { } batch)
            {
                using (batch)
                {
                    next = NextAsync();
                    read(batch);
                }
            }
        }
        finally
        {
            // The stream is not disposed while it is computing, whatever the reader threw.
            Task.WaitAny(next);
            (next.IsCompletedSuccessfully ? next.Result : null)?.Dispose();
        }
        return 0;

        Task<RecordBatch?> NextAsync() => Task.Run(() => batches.ReadNextRecordBatchAsync(_cancel).AsTask()!);
    });

    /// <summary>Writes what a SELECT gives as an Arrow IPC file, a batch at a time; the rows written.</summary>
    public long WriteArrow(string select, string path) => Run(select, command =>
    {
        using var batches = Stream(command);
        using var file = File.Create(path);
        using var writer = new ArrowFileWriter(file, batches.Schema);
        writer.WriteStart();
        var rows = 0L;
        // The stream answers at once: the engine computes on this thread.
        while (batches.ReadNextRecordBatchAsync(_cancel).AsTask().GetAwaiter().GetResult() is { } batch)
        {
            using (batch)
            {
                writer.WriteRecordBatch(ArrowCells.Cleared(batch));
                rows += batch.Length;
            }
        }
        writer.WriteEnd();
        return rows;
    });

    /// <summary>Puts rows behind those of a table.</summary>
    public void Append(string table, Action<DuckDBAppender> rows)
    {
        try
        {
            using var appender = _connection.CreateAppender(table);
            rows(appender);
        }
        catch (DuckDBException error)
        {
            _cancel.ThrowIfCancellationRequested();
            throw DuckErrors.Translate(error);
        }
    }

    /// <summary>The one row of a statement that has exactly one.</summary>
    public object?[] Row(string statement) => Rows(statement).Single();

    /// <summary>All rows; for statements with few.</summary>
    public List<object?[]> Rows(string statement) => Run(statement, static command =>
    {
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            var row = new object?[reader.FieldCount];
            for (var i = 0; i < row.Length; i++) row[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
            rows.Add(row);
        }
        return rows;
    });

    /// <summary>Each row of a statement that may have many, one after the other.</summary>
    public void Each(string statement, Action<DbDataReader> row) => Run(statement, command =>
    {
        ((DuckDBCommand)command).UseStreamingMode = true;
        using var reader = command.ExecuteReader();
        while (reader.Read()) row(reader);
        return 0;
    });

    /// <summary>The first row of each answer that several statements give, by column name.</summary>
    public List<IReadOnlyDictionary<string, object?>> FirstRows(string statements) => Run(statements, static command =>
    {
        using var reader = command.ExecuteReader();
        var rows = new List<IReadOnlyDictionary<string, object?>>();
        do
        {
            if (reader.Read())
                rows.Add(Enumerable.Range(0, reader.FieldCount).ToDictionary(
                    reader.GetName, i => reader.IsDBNull(i) ? null : reader.GetValue(i)));
        }
        while (reader.NextResult());
        return rows;
    });

    public void Dispose() => _connection.Dispose();

    /// <summary>As it is computed: else the engine would hold the whole answer, beside its share of memory.</summary>
    private static IArrowArrayStream Stream(DbCommand command)
    {
        var duck = (DuckDBCommand)command;
        duck.UseStreamingMode = true;
        return duck.ExecuteArrowStream();
    }

    private T Run<T>(string statement, Func<DbCommand, T> run)
    {
        _cancel.ThrowIfCancellationRequested();
        using var command = _connection.CreateCommand();
        command.CommandText = statement;
        using var interrupt = _cancel.Register(static c => ((DuckDBCommand)c!).Cancel(), command);
        try
        {
            return run(command);
        }
        catch (DuckDBException error)
        {
            _cancel.ThrowIfCancellationRequested();
            throw DuckErrors.Translate(error);
        }
    }

    private static IEnumerable<string> Hardening(EngineOptions options, string folder, IReadOnlyList<string> files) =>
    [
        $"SET memory_limit = '{options.MemoryMegabytesOfAJob}MiB'",
        $"SET threads = {options.Threads}",
        "SET allocator_background_threads = true", // What is free goes back while a job runs, not some time after it.
        // An answer is computed a batch ahead, not more: the engine counts a text as sixteen bytes, however long it is.
        "SET streaming_buffer_size = '1KB'",
        "SET enable_external_file_cache = false", // It keeps what was read, beside the limit; the system does so too.
        $"SET temp_directory = {Sql.Text(Path.Combine(folder, "spill"))}",
        "SET enable_progress_bar = true", // So that it counts; it prints nothing.
        "SET enable_progress_bar_print = false",
        "SET preserve_insertion_order = true", // Same input, same bytes.
        "SET TimeZone = 'UTC'",
        "SET autoinstall_known_extensions = false",
        "SET autoload_known_extensions = false",
        "SET allow_community_extensions = false",
        $"SET allowed_directories = {Sql.List([Sql.Text(folder + Path.DirectorySeparatorChar)])}",
        $"SET allowed_paths = {Sql.List(files.Select(f => Sql.Text(Path.GetFullPath(f))))}",
        "SET enable_external_access = false",
        "SET lock_configuration = true",
    ];
}
