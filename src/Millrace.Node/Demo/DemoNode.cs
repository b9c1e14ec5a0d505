using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using Millrace.Node.Api;

namespace Millrace.Node.Demo;

/// <summary>A node of the demo: a process of its own, with its own folder, keys and database.</summary>
internal sealed class DemoNode : IAsyncDisposable
{
    private const int SigInt = 2;

    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(20);

    private readonly Process _process;

    private DemoNode(Process process, string folder, Uri address) =>
        (_process, Folder, Address) = (process, folder, address);

    public string Folder { get; }

    public Uri Address { get; }

    public int ProcessId => _process.Id;

    /// <summary>The address of the portal, with the token that signs in.</summary>
    public Uri Portal =>
        new(Address, $"login?token={File.ReadAllText(Path.Combine(Folder, NodeFile.TokenName)).Trim()}");

    /// <summary>Starts a node on the port wished for, or on a free one.</summary>
    /// <exception cref="DemoFailedException">It did not start.</exception>
    public static async Task<DemoNode> StartAsync(
        string folder, int wishedPort, TimeProvider time, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        var address = new Uri($"http://127.0.0.1:{FreePort(wishedPort)}");
        var log = Path.Combine(folder, "node.log");
        var process = Process.Start(Command(folder, address))
            ?? throw new DemoFailedException("The program could not be started a second time.");
        var node = new DemoNode(process, folder, address);
        try
        {
            _ = KeepLogAsync(process, log);
            await node.WaitAsync(time, log, cancel);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks the process to end as Ctrl-C would; one that does not is ended.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _ = Kill(_process.Id, SigInt);
            using var limit = new CancellationTokenSource(StopWithin, TimeProvider.System);
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }
        _process.Dispose();
    }

    private async Task WaitAsync(TimeProvider time, string log, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        while (!File.Exists(Path.Combine(Folder, NodeFile.Name)))
        {
            if (_process.HasExited || time.GetElapsedTime(began) > StartWithin)
                throw new DemoFailedException($"A node did not start; its log is {log}.");
            await Task.Delay(Breath, time, cancel);
        }
        var file = JsonSerializer.Deserialize(
            await File.ReadAllTextAsync(Path.Combine(Folder, NodeFile.Name), cancel), ApiJson.Wire.NodeFile);
        if (file?.Address.Port != Address.Port)
            throw new DemoFailedException($"A node answers at another address than it was given; its log is {log}.");
    }

    private static ProcessStartInfo Command(string folder, Uri address)
    {
        var program = Environment.ProcessPath ?? "millrace";
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        // Run from source, the process is the runtime and the program its first argument.
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "millrace.dll"));
        foreach (var argument in (string[])
            ["serve", "--data", folder, "--listen", address.GetLeftPart(UriPartial.Authority), "--allow-private-peers"])
        {
            start.ArgumentList.Add(argument);
        }
        return start;
    }

    private static async Task KeepLogAsync(Process process, string path)
    {
        await using var log = new StreamWriter(path) { AutoFlush = true };
        var output = CopyAsync(process.StandardOutput);
        await CopyAsync(process.StandardError);
        await output;

        async Task CopyAsync(StreamReader from)
        {
            while (await from.ReadLineAsync() is { } line)
            {
                lock (log)
                    log.WriteLine(line);
            }
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);

    private static int FreePort(int wished)
    {
        foreach (var port in (int[])[wished, 0])
        {
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return ((IPEndPoint)probe.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Taken: any other will do.
            }
        }
        throw new DemoFailedException("There is no free port on this machine.");
    }
}
