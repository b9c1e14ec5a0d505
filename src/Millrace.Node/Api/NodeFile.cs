namespace Millrace.Node.Api;

/// <summary>The file <c>node.json</c> in the data folder: where the node that works on this folder answers.</summary>
/// <param name="Address">The local address of the management API, without a trailing slash.</param>
/// <param name="Pid">The process that wrote the file; a crashed node leaves its file behind.</param>
public sealed record NodeFile(Uri Address, int Pid)
{
    public const string Name = "node.json";

    /// <summary>The file beside it that holds the bearer token of the management API.</summary>
    public const string TokenName = "admin.token";
}
