namespace Millrace.Node.Messaging;

/// <summary>The transfer formats on offer, as distributions and transfer requests name them.</summary>
public static class DataFormats
{
    /// <summary>The consumer fetches over HTTP, with the token of the data address.</summary>
    public const string HttpPull = "HttpData-PULL";
}
