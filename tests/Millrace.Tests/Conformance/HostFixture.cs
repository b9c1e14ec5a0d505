using Millrace.ConformanceHost;

namespace Millrace.Tests.Conformance;

/// <summary>A running conformance host, for the tests of one class.</summary>
public sealed class HostFixture : IAsyncLifetime
{
    private ConnectorUnderTest? _connector;
    private Dictionary<string, string> _settings = [];

    /// <summary>What the host tells the kit.</summary>
    public string this[string setting] => _settings[setting];

    public async ValueTask InitializeAsync()
    {
        _connector = await ConnectorUnderTest.StartAsync(
            new HostOptions { Port = 0, Pause = TimeSpan.FromSeconds(0.3) }, TestContext.Current.CancellationToken);
        _settings = _connector.Settings.ToDictionary();
    }

    public async ValueTask DisposeAsync()
    {
        if (_connector is not null)
            await _connector.DisposeAsync();
    }
}
