using Millrace.Node.Hosting;

namespace Millrace.Node.Commands;

/// <summary>Starts a node inside this process.</summary>
/// <exception cref="ArgumentException">An option is wrong; the message is a sentence for the user.</exception>
/// <exception cref="IOException">The folder or the address cannot be used, or another node uses them.</exception>
/// <exception cref="System.Data.Common.DbException">The database cannot be used.</exception>
public delegate Task<RunningNode> NodeStart(NodeOptions options, CancellationToken cancel);
