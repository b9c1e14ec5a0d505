namespace Millrace.Node.Commands;

/// <summary>What the command line says about the node to start.</summary>
/// <param name="DataFolder">An absolute path; made if it is not there.</param>
/// <param name="Listen">Where to listen; port 0 takes a free one.</param>
/// <param name="Public">The address that others reach, basis of the DIDs; null: the address listened on.</param>
/// <param name="Database">A PostgreSQL connection string; null: SQLite in the data folder.</param>
/// <param name="AllowPrivatePeers">Whether peers may have private and loopback addresses.</param>
public sealed record ServeOptions(
    string DataFolder, Uri Listen, Uri? Public = null, string? Database = null, bool AllowPrivatePeers = false);

/// <summary>Starts a node inside this process.</summary>
/// <exception cref="ArgumentException">An option is wrong; the message is a sentence for the user.</exception>
/// <exception cref="IOException">The folder, the database or the address cannot be used.</exception>
public delegate Task<RunningNode> NodeStart(ServeOptions options, CancellationToken cancel);

/// <summary>A node inside this process; disposing stops it.</summary>
/// <param name="Address">The local address of its management API.</param>
public sealed record RunningNode(Uri Address, string AdminToken, IAsyncDisposable Node) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Node.DisposeAsync();
}
