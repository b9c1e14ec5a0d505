using Millrace.Protocol.Queries;

namespace Millrace.Node.Messaging;

/// <summary>The transfer formats on offer, as distributions and transfer requests name them.</summary>
public static class DataFormats
{
    /// <summary>The consumer fetches over HTTP, with the token of the data address.</summary>
    public const string HttpPull = "HttpData-PULL";

    /// <summary>The consumer calls a query over HTTP; its table can be had in no way.</summary>
    public const string HttpCall = "HttpCall-PULL";

    /// <summary>The one format in which a product can be had.</summary>
    public static string Of(QueryDefinition? query) => query is null ? HttpPull : HttpCall;
}
