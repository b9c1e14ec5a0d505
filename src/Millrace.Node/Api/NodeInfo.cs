namespace Millrace.Node.Api;

/// <summary>What a node says of itself: <c>GET /api/v1/node</c>.</summary>
/// <param name="Address">The address under which other participants reach this node, without a trailing slash.</param>
/// <param name="Database"><c>sqlite</c> or <c>postgresql</c>; never the connection string with its password.</param>
/// <param name="Flight">Where Arrow Flight is served; null: it is not.</param>
/// <param name="Objects">Where objects are kept: <c>folder</c> or <c>s3</c>.</param>
public sealed record NodeInfo(
    string Version, Uri Address, string Database, string DataFolder, string Objects,
    IReadOnlyList<Participant> Participants, Uri? Flight = null);
