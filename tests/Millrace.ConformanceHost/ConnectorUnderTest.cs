using Microsoft.Extensions.DependencyInjection;
using Millrace.Node.Hosting;
using Millrace.Node.Identity;

namespace Millrace.ConformanceHost;

/// <summary>A running node with all that the kit asks for; disposing stops it and removes its folder.</summary>
public sealed class ConnectorUnderTest : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("millrace-conformance-");
    private RunningNode? _node;
    private ManagementClient? _client;
    private Triggers? _triggers;
    private Task _playing = Task.CompletedTask;

    private ConnectorUnderTest()
    {
    }

    /// <summary>What the kit has to be told.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; private set; } = [];

    /// <summary>Starts it; the kit may begin when this returns.</summary>
    public static async Task<ConnectorUnderTest> StartAsync(HostOptions options, CancellationToken cancel)
    {
        var connector = new ConnectorUnderTest();
        try
        {
            await connector.OpenAsync(options, cancel);
            return connector;
        }
        catch
        {
            await connector.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _playing;
        }
        catch (OperationCanceledException)
        {
            // As asked.
        }
        if (_triggers is not null)
            await _triggers.DisposeAsync();
        _client?.Dispose();
        if (_node is not null)
            await _node.DisposeAsync();
        _folder.Delete(recursive: true);
        _stop.Dispose();
    }

    private async Task OpenAsync(HostOptions options, CancellationToken cancel)
    {
        var bind = options.PublicName is null ? "127.0.0.1" : "0.0.0.0";
        _node = await NodeProgram.StartAsync(
            new NodeOptions
            {
                DataFolder = _folder.FullName,
                Listen = new Uri($"http://{bind}:{options.Port}"),
                PublicAddress = options.PublicName is { } name ? new Uri($"http://{name}:{options.Port}") : null,
                AllowPrivatePeers = true, // The kit runs on this machine or next to it.
            },
            cancel, replace: services => services.AddSingleton<IPeerAuthentication, AnyCaller>());
        _client = new ManagementClient(_node.Address, _node.AdminToken);
        var participant = await new Seed(_client).RunAsync(cancel);
        _playing = new Player(_client, options.Pause, TimeProvider.System).RunAsync(_stop.Token);
        var triggerPort = options.TriggerPort ?? (options.Port == 0 ? 0 : options.Port + 1);
        _triggers = await Triggers.StartAsync(
            _client, options.PublicName is null ? "127.0.0.1" : "*", triggerPort, cancel);
        var known = options.PublicName ?? "127.0.0.1";
        Settings = KitSettings.Of(
            participant, new Uri($"http://{known}:{_node.Address.Port}/{Seed.Participant}/dsp"),
            new Uri($"http://{known}:{_triggers.Port}/"));
    }
}
