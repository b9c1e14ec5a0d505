using Millrace.Node.Hosting;
namespace Millrace.Node.Commands.Nodes;

/// <summary>A node to talk to; one that was started for the command ends with it.</summary>
internal sealed record NodeConnection(NodeClient Client, RunningNode? Own) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (Own is not null)
            await Own.DisposeAsync();
    }
}
