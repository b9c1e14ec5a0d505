namespace Millrace.Node.Hosting;

/// <summary>A node inside this process; disposing stops it.</summary>
/// <param name="Address">The local address of its management API.</param>
/// <param name="Flight">Where Arrow Flight is served; null: it is not.</param>
public sealed record RunningNode(Uri Address, string AdminToken, IAsyncDisposable Node, Uri? Flight = null)
    : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Node.DisposeAsync();
}
