using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Millrace.Node.Hosting;

namespace Millrace.Tests.Crashes;

/// <summary>
/// A node as a process of its own, which can be killed without warning and started again on the same folder, database
/// and port.
/// </summary>
/// <remarks>
/// The process hangs on the standard input of a small shell script: closing it is SIGKILL for the node, and it closes
/// by itself when the test ends, in whatever way.
/// </remarks>
internal sealed class NodeProcess : IAsyncDisposable
{
    private const int LinesMax = 60;
    private const int FirstPort = 9300;
    private const int Ports = 100;

    private const string Script = """
        exec 3<&0
        "$@" </dev/null &
        node=$!
        { cat <&3 >/dev/null; kill -KILL "$node"; } 2>/dev/null &
        watch=$!
        wait "$node"
        kill "$watch" 2>/dev/null
        """;

    private readonly string? _database;
    private readonly Queue<string> _said = new();
    private Process? _script;
    private TaskCompletionSource _serving = new();

    public NodeProcess(string name, string? database)
    {
        (Name, _database) = (name, database);
        Folder = Directory.CreateTempSubdirectory("millrace-crash-").FullName;
        Address = new Uri($"http://127.0.0.1:{FreePort()}");
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(60) };
    }

    /// <summary>The participant that it hosts.</summary>
    public string Name { get; }

    public string Folder { get; }

    public Uri Address { get; }

    public Uri Management => new(Address, $"api/v1/participants/{Name}/");

    /// <summary>Carries the admin token once the node has run.</summary>
    public HttpClient Client { get; }

    public string Did => $"did:web:127.0.0.1%3A{Address.Port}:{Name}";

    /// <summary>What the node said last, on both outputs.</summary>
    public string Said
    {
        get
        {
            lock (_said)
                return string.Join('\n', _said);
        }
    }

    /// <summary>Begins a start; <see cref="ServingAsync"/> tells when the node answers.</summary>
    public void Launch()
    {
        Protocol.Check.That(_script is null, "a node is started only when it does not run");
        string[] node =
        [
            "dotnet", typeof(NodeProgram).Assembly.Location, "serve", "--data", Folder,
            "--listen", Address.AbsoluteUri.TrimEnd('/'), "--allow-private-peers",
        ];
        if (_database is not null)
            node = [.. node, "--database", _database];
        _serving = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _script = new Process
        {
            StartInfo = new ProcessStartInfo("bash", ["-c", Script, "node", .. node])
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            },
        };
        // Short lives gain nothing from code that is measured to be made faster later.
        _script.StartInfo.Environment["DOTNET_TieredPGO"] = "0";
        _script.OutputDataReceived += (_, line) => Heard(line.Data, _serving);
        _script.ErrorDataReceived += (_, line) => Heard(line.Data, null);
        Protocol.Check.That(_script.Start(), "the shell starts");
        _script.BeginOutputReadLine();
        _script.BeginErrorReadLine();
    }

    /// <summary>Waits until the node answers.</summary>
    /// <exception cref="InvalidOperationException">It ended instead, as one does that refuses to start.</exception>
    public async Task ServingAsync(CancellationToken cancel)
    {
        var ended = _script!.WaitForExitAsync(cancel);
        if (await Task.WhenAny(_serving.Task, ended).WaitAsync(TimeSpan.FromSeconds(60), cancel) == ended)
            throw new InvalidOperationException($"The node of {Name} does not start:\n{Said}");
        var token = await File.ReadAllTextAsync(Path.Combine(Folder, "admin.token"), cancel);
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Trim());
    }

    public async Task StartAsync(CancellationToken cancel)
    {
        Launch();
        await ServingAsync(cancel);
    }

    /// <summary>The most memory that the node's process held since it was started.</summary>
    public int PeakMebibytes()
    {
        var children = File.ReadAllText($"/proc/{_script!.Id}/task/{_script.Id}/children").Split(' ');
        var node = children.First(
            c => File.ReadAllText($"/proc/{c}/cmdline").StartsWith("dotnet", StringComparison.Ordinal));
        var line = File.ReadLines($"/proc/{node}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        var kibibytes = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1];
        return int.Parse(kibibytes, CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>SIGKILL, and waits until the process is gone.</summary>
    public async Task KillAsync()
    {
        if (_script is null)
            return;
        _script.StandardInput.Close();
        await _script.WaitForExitAsync(CancellationToken.None);
        _script.Dispose();
        _script = null;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Client.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private void Heard(string? line, TaskCompletionSource? serving)
    {
        if (line is null)
            return;
        lock (_said)
        {
            _said.Enqueue(line);
            if (_said.Count > LinesMax)
                _said.Dequeue();
        }
        if (line.Contains("Millrace is running", StringComparison.Ordinal))
            serving?.TrySetResult();
    }

    /// <summary>
    /// A port below those that the system hands out for outgoing connections: nobody takes it while the node is down.
    /// </summary>
    private static int FreePort()
    {
        foreach (var port in Enumerable.Range(FirstPort, Ports).OrderBy(_ => Random.Shared.Next()))
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            try
            {
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: the next one.
            }
        }
        throw new InvalidOperationException($"No port from {FirstPort} to {FirstPort + Ports - 1} is free.");
    }
}
