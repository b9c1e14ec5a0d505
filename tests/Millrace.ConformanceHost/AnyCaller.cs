using Microsoft.AspNetCore.Http;
using Millrace.Node.Identity;
using Millrace.Protocol;

namespace Millrace.ConformanceHost;

/// <summary>Whoever calls, with any token or none, is the kit: the one service of the node that is replaced.</summary>
public sealed class AnyCaller : IPeerAuthentication
{
    /// <summary>The participant that the kit plays.</summary>
    public const string Kit = "TCK_PARTICIPANT";

    public Task<Decision<Caller>> AuthenticateAsync(HttpRequest request, string ownDid, CancellationToken cancel) =>
        Task.FromResult<Decision<Caller>>(new Caller(Kit));
}
