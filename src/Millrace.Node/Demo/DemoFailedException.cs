namespace Millrace.Node.Demo;

/// <summary>A step of the demo did not hold. The message says which and why.</summary>
internal sealed class DemoFailedException(string message) : Exception(message);
