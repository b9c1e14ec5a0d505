using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Millrace.Benchmarks;

/// <summary>
/// A throw-away PostgreSQL with the settings it comes with, so that every commit is durable. As root it runs as the
/// user <c>postgres</c>, since PostgreSQL refuses to run as root. It hangs on a pipe: when this process ends, so does
/// it.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string Script = """
        set -eu
        "$1/initdb" -D "$2/data" -U millrace --auth=trust --encoding=UTF8 --locale=C >/dev/null
        "$1/postgres" -D "$2/data" -k "$2" -p "$3" -c listen_addresses=127.0.0.1 </dev/null &
        server=$!
        (cat; kill -INT "$server") <&3 >/dev/null 2>&1 &
        wait "$server"
        """;

    private readonly Process _script;
    private readonly int _port;
    private int _databases;

    private PostgresServer(Process script, int port) => (_script, _port) = (script, port);

    /// <returns>Null where PostgreSQL is not installed.</returns>
    public static async Task<PostgresServer?> StartAsync(Bench bench, CancellationToken cancel)
    {
        const string root = "/usr/lib/postgresql";
        var binaries = !Directory.Exists(root)
            ? null
            : Directory.EnumerateDirectories(root).Select(version => Path.Combine(version, "bin"))
                .LastOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")));
        if (binaries is null)
            return null;
        var folder = bench.NewFolder("postgres");
        var port = NodeProcess.FreePort();
        string[] command = ["bash", "-c", "exec 3<&0; " + Script, "postgres", binaries, folder, $"{port}"];
        if (Environment.IsPrivilegedProcess)
        {
            using (var chown = Process.Start("chown", ["postgres", folder]))
                await chown.WaitForExitAsync(cancel);
            command = ["runuser", "-u", "postgres", "--", .. command];
        }
        var script = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        })!;
        while (await script.StandardError.ReadLineAsync(cancel) is { } line)
        {
            if (!line.Contains("ready to accept connections", StringComparison.Ordinal))
                continue;
            _ = script.StandardError.ReadToEndAsync(CancellationToken.None); // So that the pipe never fills.
            return new PostgresServer(script, port);
        }
        throw new InvalidOperationException("PostgreSQL does not start.");
    }

    /// <returns>The connection string of a new database.</returns>
    public async Task<string> CreateAsync(CancellationToken cancel)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"bench{++_databases}");
        await using var source = NpgsqlDataSource.Create(Connection("postgres"));
        await using var command = source.CreateCommand($"CREATE DATABASE {name}");
        await command.ExecuteNonQueryAsync(cancel);
        return Connection(name);
    }

    public async ValueTask DisposeAsync()
    {
        _script.StandardInput.Close();
        await _script.WaitForExitAsync(CancellationToken.None);
        _script.Dispose();
    }

    private string Connection(string database) => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username=millrace;Database={database}");
}
