namespace Millrace.Protocol;

/// <summary>What travels as a body of its own: <see cref="Wire"/> reads and writes it.</summary>
public abstract record Message;
