using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Millrace.Node.Flight;

/// <summary>
/// Arrow Flight, on a port of its own: gRPC without TLS cannot share one with HTTP/1.1. That port answers nothing else,
/// and no other port answers it.
/// </summary>
public static class FlightRoutes
{
    /// <summary>The settings of its port.</summary>
    public static void Configure(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http2;
        listen.Use(next => connection =>
        {
            connection.Features.Set(new FlightPort());
            return next(connection);
        });
    }

    public static void AddServices(IServiceCollection services, Limits limits)
    {
        services.AddSingleton<FlightTickets>().AddSingleton<FlightReaders>().AddSingleton<Flights>();
        services.AddSingleton<FlightSender>();
        services
            .AddGrpc(grpc =>
            {
                grpc.MaxReceiveMessageSize = limits.FlightRequestBytesMax;
                grpc.IgnoreUnknownServices = true; // On the other port such a path is like any other.
                grpc.Interceptors.Add<FlightErrors>();
            })
            .AddFlightServer<FlightService>();
    }

    public static void Map(IEndpointRouteBuilder root) => root.MapFlightEndpoint().WithMetadata(new FlightRoute());

    /// <summary>Middleware after routing: on the wrong port nothing is there.</summary>
    public static Task GuardAsync(HttpContext http, RequestDelegate next)
    {
        var isFlight = http.GetEndpoint()?.Metadata.GetMetadata<FlightRoute>() is not null;
        var isItsPort = http.Features.Get<FlightPort>() is not null;
        if (isFlight == isItsPort)
            return next(http);
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    /// <summary>Marks a connection to the port.</summary>
    private sealed record FlightPort;

    /// <summary>Marks what is answered there.</summary>
    private sealed record FlightRoute;
}
