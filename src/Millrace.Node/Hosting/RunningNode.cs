namespace Millrace.Node.Hosting;

/// <summary>A node inside this process; disposing stops it.</summary>
/// <param name="Address">The local address of its management API.</param>
public sealed record RunningNode(Uri Address, string AdminToken, IAsyncDisposable Node) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Node.DisposeAsync();
}
