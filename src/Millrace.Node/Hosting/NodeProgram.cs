using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Millrace.Node.Flight;
using Millrace.Node.Identity;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Objects;

namespace Millrace.Node.Hosting;

/// <summary>
/// Starts a node: the composition root of production, of the tests and of commands without a running node.
/// </summary>
public static class NodeProgram
{
    /// <summary>Starts a node; it answers when this returns.</summary>
    /// <param name="time">The clock; a test hands in its own.</param>
    /// <param name="replace">
    /// Registers other services than the node's own, last: who embeds a node puts in what its data space needs, such as
    /// another <see cref="IPeerAuthentication"/>.
    /// </param>
    /// <exception cref="ArgumentException">The options have errors; the message names all of them.</exception>
    /// <exception cref="IOException">The folder, the object store or the address cannot be used.</exception>
    /// <exception cref="System.Data.Common.DbException">The database cannot be used.</exception>
    public static async Task<RunningNode> StartAsync(
        NodeOptions options, CancellationToken cancel, TimeProvider? time = null,
        Action<IServiceCollection>? replace = null)
    {
        if (options.Errors() is { Count: > 0 } errors)
            throw new ArgumentException(string.Join(' ', errors), nameof(options));
        var folder = new DataFolder(options.DataFolder);
        try
        {
            options = options with { DataFolder = folder.Path };
            var admin = AdminToken.OpenOrCreate(folder.Path);
            var database = await Database.OpenAsync(options.DatabaseOptions, options.Limits, cancel);
            var clock = new Clock(time ?? TimeProvider.System, options.Limits);
            var app = Build(options, database, admin, clock, replace);
            var node = new Node(app, database, folder);
            try
            {
                app.Services.GetRequiredService<FileCache>(); // Its bound may be lower than before.
                await app.Services.GetRequiredService<IObjectStore>().CheckAsync(cancel);
                var local = await ListenAsync(app, options, cancel);
                folder.Announce(local);
                return new RunningNode(local, admin.Text, node, app.Services.GetRequiredService<NodeAddress>().Flight);
            }
            catch
            {
                await node.DisposeAsync();
                throw;
            }
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private static WebApplication Build(
        NodeOptions options, Database database, AdminToken admin, Clock clock, Action<IServiceCollection>? replace)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "millrace" });
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.Limits.UploadBytesMax;
            Listen(kestrel, options.Listen, options.Listen.Port, _ => { });
            if (options.FlightPort is { } port)
                Listen(kestrel, options.Listen, port, FlightRoutes.Configure);
        });
        // What is flushed goes to the socket before the flush returns: our next message cannot overtake our answer. It
        // runs on the threads of the pool, as without; what is unsafe is to do so on a transport's own few threads.
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.Services.AddNode(options, database, admin, clock);
        replace?.Invoke(builder.Services);
        var app = builder.Build();
        Pipeline.Map(app, options.FlightPort is not null);
        return app;
    }

    private static async Task<Uri> ListenAsync(WebApplication app, NodeOptions options, CancellationToken cancel)
    {
        // Requests may come the moment the socket is open, so the address is set before where it is known.
        var address = app.Services.GetRequiredService<NodeAddress>();
        var known = options.PublicAddress ?? (options.Listen.Port != 0 ? options.Listen : null);
        if (known is not null)
            (address.Public, address.Flight) = (known, Flight(known, options.FlightPort));
        await app.StartAsync(cancel);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        var bound = new Uri(addresses.First());
        var host = bound.Host is "[::]" or "0.0.0.0" ? "127.0.0.1" : bound.Host;
        var local = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://{host}:{bound.Port}"));
        address.Public = known ?? local;
        address.Flight = Flight(address.Public, options.FlightPort is null ? null : new Uri(addresses.Last()).Port);
        return local;
    }

    /// <summary>The address of Arrow Flight: who ends TLS before the node does so before both of its ports.</summary>
    private static Uri? Flight(Uri node, int? port) => port is { } known
        ? new UriBuilder(node.Scheme == Uri.UriSchemeHttps ? "grpc+tls" : "grpc+tcp", node.Host, known).Uri
        : null;

    private static void Listen(KestrelServerOptions kestrel, Uri host, int port, Action<ListenOptions> configure)
    {
        var address = Resolve(host);
        if (address is null)
            kestrel.ListenAnyIP(port, configure);
        else
            kestrel.Listen(address, port, configure);
    }

    /// <summary>The address to bind; null for every one.</summary>
    private static IPAddress? Resolve(Uri listen) =>
        listen.Host is "localhost" ? IPAddress.Loopback
        : IPAddress.TryParse(listen.Host.Trim('[', ']'), out var literal)
            && !literal.Equals(IPAddress.Any) && !literal.Equals(IPAddress.IPv6Any) ? literal
        : null;

    private sealed class Node(WebApplication app, Database database, DataFolder folder) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await app.StopAsync();
            await app.DisposeAsync();
            await database.DisposeAsync();
            folder.Dispose();
        }
    }
}
