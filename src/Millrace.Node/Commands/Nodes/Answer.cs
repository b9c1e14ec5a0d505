namespace Millrace.Node.Commands.Nodes;

/// <summary>An answer of the management API: understood, and as it came.</summary>
internal sealed record Answer<T>(T Value, string Json);
