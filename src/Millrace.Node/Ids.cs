namespace Millrace.Node;

/// <summary>Makes ids: UUIDs of version 7, so that rows sort by their creation.</summary>
public sealed class Ids(TimeProvider time)
{
    /// <summary>A URI such as <c>urn:uuid:0192…</c>, as policies and protocol processes need.</summary>
    public string NewUrn() => $"urn:uuid:{Guid.CreateVersion7(time.GetUtcNow())}";

    /// <summary>32 hexadecimal digits.</summary>
    public string New() => Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
}
