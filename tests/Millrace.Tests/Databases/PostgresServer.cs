using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Millrace.Tests.Databases;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace Millrace.Tests.Databases;

/// <summary>
/// One throw-away PostgreSQL for a whole test run, started when the first test asks for a database, stopped and deleted
/// at the end. A test class takes it as a parameter of its constructor.
/// </summary>
/// <remarks>
/// The server hangs on the standard input of a small shell script: when this process ends, in whatever way, the input
/// closes, the server stops and its folder goes. It keeps nothing (<c>fsync</c> off) and listens on 127.0.0.1 only.
/// As root it runs as the user <c>postgres</c>, since PostgreSQL refuses to run as root.
/// </remarks>
public sealed class PostgresServer : IAsyncLifetime
{
    private const int AttemptsMax = 3;
    private const int LogLinesMax = 40;

    private const string Script = """
        set -eu
        binaries=$1 folder=$2 port=$3
        cleanup() { rm -rf "$folder"; }
        trap cleanup EXIT
        "$binaries/initdb" -D "$folder/data" -U millrace --auth=trust --encoding=UTF8 --locale=C --no-sync >/dev/null
        "$binaries/postgres" -D "$folder/data" -k "$folder" -p "$port" \
          -c listen_addresses=127.0.0.1 -c max_connections=200 \
          -c fsync=off -c synchronous_commit=off -c full_page_writes=off </dev/null &
        server=$!
        (cat; kill -INT "$server") <&3 >/dev/null 2>&1 &
        wait "$server"
        """;

    private readonly SemaphoreSlim _starting = new(1);
    private readonly List<IAsyncDisposable> _users = [];
    private Process? _script;
    private Task? _draining;
    private string? _folder;
    private int _port;
    private int _databases;

    /// <summary>Makes an empty database that nobody else has.</summary>
    /// <returns>Its connection string, for Npgsql.</returns>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed, or does not start.</exception>
    public async Task<string> CreateDatabaseAsync()
    {
        var cancel = TestContext.Current.CancellationToken;
        await _starting.WaitAsync(cancel);
        try
        {
            if (_script is null) await StartAsync(cancel);
            var name = string.Create(CultureInfo.InvariantCulture, $"test{++_databases}");
            await using var connection = new NpgsqlConnection(ConnectionString("postgres", pooling: false));
            await connection.OpenAsync(cancel);
            await using var command = connection.CreateCommand();
            command.CommandText = $"CREATE DATABASE {name}";
            await command.ExecuteNonQueryAsync(cancel);
            return ConnectionString(name, pooling: true);
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Disposes this before the server stops; what a single test uses, the test disposes.</summary>
    public void DisposeFirst(IAsyncDisposable user) => _users.Add(user);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var user in _users)
            await user.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        if (_script is not null) await StopAsync();
        _starting.Dispose();
    }

    /// <summary>The programs of the newest PostgreSQL, as Debian lays them out; null: none is installed.</summary>
    internal static string? FindBinaries(string root) =>
        Directory.Exists(root)
            ? Directory.EnumerateDirectories(root)
                .Select(version => Path.Combine(version, "bin"))
                .Where(bin => File.Exists(Path.Combine(bin, "initdb")))
                .OrderByDescending(bin => int.TryParse(Path.GetFileName(Path.GetDirectoryName(bin)), out var n) ? n : 0)
                .FirstOrDefault()
            : null;

    private async Task StartAsync(CancellationToken cancel)
    {
        var binaries = FindBinaries("/usr/lib/postgresql")
                       ?? throw new InvalidOperationException("Tests need PostgreSQL: apt-get install postgresql");
        var said = new Queue<string>();
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            // Another program may take the free port before the server does: then once more.
            if (await TryStartAsync(binaries, FreePort(), said, cancel)) return;
            await StopAsync();
        }

        throw new InvalidOperationException($"PostgreSQL does not start: {string.Join(" | ", said)}");
    }

    private async Task<bool> TryStartAsync(
        string binaries, int port, Queue<string> said, CancellationToken cancel)
    {
        var asRoot = Environment.IsPrivilegedProcess;
        _port = port;
        _folder = Directory.CreateTempSubdirectory("millrace-postgres-").FullName;
        if (asRoot) await RunAsync("chown", "postgres", _folder);

        string[] command = ["bash", "-c", "exec 3<&0; " + Script, "postgres", binaries, _folder, $"{port}"];
        if (asRoot) command = ["runuser", "-u", "postgres", "--", .. command];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true, RedirectStandardError = true, WorkingDirectory = _folder,
        };
        start.Environment["LC_ALL"] = "C";
        _script = Process.Start(start)!;
        while (await _script.StandardError.ReadLineAsync(cancel) is { } line)
        {
            said.Enqueue(line);
            if (said.Count > LogLinesMax) said.Dequeue();
            if (!line.Contains("database system is ready to accept connections", StringComparison.Ordinal)) continue;
            // Whatever it says from here on is read away, so that the pipe never fills.
            _draining = _script.StandardError.ReadToEndAsync(CancellationToken.None);
            return true;
        }

        return false;
    }

    private async Task StopAsync()
    {
        _script!.StandardInput.Close();
        await _script.WaitForExitAsync(CancellationToken.None);
        if (_draining is not null) await _draining;
        _script.Dispose();
        (_script, _draining) = (null, null);
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync(CancellationToken.None);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string ConnectionString(string database, bool pooling) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = _port,
        Username = "millrace",
        Database = database,
        Pooling = pooling,
        ConnectionIdleLifetime = 10,
        ConnectionPruningInterval = 5,
    }.ConnectionString;
}
