using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Millrace.Benchmarks;

/// <summary>A node of its own: process, folder, keys and database.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    // Not an interrupt: in the background of a script those are ignored, by its nodes too.
    private const int SigTerm = 15;
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(1);
    private readonly Process _process;

    private NodeProcess(Process process, string folder, Uri address, TimeSpan started) =>
        (_process, Folder, Address, Started) = (process, folder, address, started);

    public string Folder { get; }

    public Uri Address { get; }

    /// <summary>From asking for the process to its first answer.</summary>
    public TimeSpan Started { get; }

    /// <summary>Starts a node and returns at its first answer.</summary>
    /// <param name="database">A PostgreSQL connection string; null: SQLite in the folder.</param>
    public static async Task<NodeProcess> StartAsync(
        Bench bench, string folder, string? database, CancellationToken cancel)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        List<string> arguments =
        [
            "serve", "--data", folder, "--listen", address.GetLeftPart(UriPartial.Authority), "--allow-private-peers",
        ];
        if (database is not null)
            arguments.AddRange(["--database", database]);
        var start = new ProcessStartInfo(bench.Program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var began = Stopwatch.GetTimestamp();
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, said) => SayFailure(said.Data); // All is read, so that the pipe never fills.
        process.ErrorDataReceived += (_, said) => Bench.Say(said.Data is null or "Stopping." ? "" : $"  {said.Data}");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        while (!await AnswersAsync(address, cancel))
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(began) > StartWithin)
                throw new InvalidOperationException($"The node in {folder} does not start.");
            await Task.Delay(LookEvery, bench.Time, cancel);
        }
        return new NodeProcess(process, folder, address, Stopwatch.GetElapsedTime(began));
    }

    /// <summary>Memory that the process holds in RAM now, its files mapped in among it, in MiB.</summary>
    public double ResidentMebibytes() => Status("VmRSS:");

    /// <summary>The most that it held since it began, or since <see cref="ForgetPeak"/>, in MiB.</summary>
    public double PeakMebibytes() => Status("VmHWM:");

    /// <summary>Lets the peak begin anew with what is held now.</summary>
    public void ForgetPeak() => File.WriteAllText($"/proc/{_process.Id}/clear_refs", "5");

    /// <summary>The part of it that belongs to this process alone, in MiB.</summary>
    public double AnonymousMebibytes() => Status("RssAnon:");

    /// <summary>Processor time used so far.</summary>
    public TimeSpan ProcessorTime()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _ = Kill(_process.Id, SigTerm);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
        _process.Dispose();
    }

    private static void SayFailure(string? line)
    {
        if (line?.StartsWith("fail:", StringComparison.Ordinal) == true)
            Bench.Say($"  {line}");
    }

    private double Status(string field)
    {
        var lines = File.ReadLines($"/proc/{_process.Id}/status");
        var line = lines.First(l => l.StartsWith(field, StringComparison.Ordinal));
        var kibibytes = line[field.Length..].Replace("kB", "", StringComparison.Ordinal);
        return double.Parse(kibibytes, CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>The cheapest client there is, so that the node's start is measured and not the client's.</summary>
    private static async Task<bool> AnswersAsync(Uri address, CancellationToken cancel)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, address.Port, cancel);
            await socket.SendAsync("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), cancel);
            var answer = new byte[256];
            var read = await socket.ReceiveAsync(answer, cancel);
            return answer.AsSpan(0, read).StartsWith("HTTP/1.1 200"u8);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
