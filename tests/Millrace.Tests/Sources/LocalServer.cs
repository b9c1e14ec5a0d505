using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Sources;

/// <summary>A server of HTTP on this machine that answers as a test wishes.</summary>
internal static class LocalServer
{
    /// <summary>Starts it at an address of its own; whoever asks ends it.</summary>
    public static async Task<WebApplication> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.Run(answer);
        await server.StartAsync(TestNode.Cancel);
        return server;
    }
}
