using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Millrace.ConformanceHost;

/// <summary>
/// Where the kit asks us, as consumer, to begin: two addresses that take plain JSON. What they do goes through the
/// management API.
/// </summary>
public sealed class Triggers : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Triggers(WebApplication app) => _app = app;

    public int Port => new Uri(_app.Urls.First()).Port;

    /// <param name="host">An address to listen on, or <c>*</c>.</param>
    public static async Task<Triggers> StartAsync(
        ManagementClient node, string host, int port, CancellationToken cancel)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://{host}:{port}");
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        app.UseRouting();
        app.MapPost("/negotiations", (HttpRequest request) => StartAsync(node, "negotiations", request, Negotiation));
        app.MapPost("/transfers", (HttpRequest request) => StartAsync(node, "transfers", request, Transfer));
        await app.StartAsync(cancel);
        return new Triggers(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task<IResult> StartAsync(
        ManagementClient node, string kind, HttpRequest request, Func<JsonObject, JsonObject> draft)
    {
        var cancel = request.HttpContext.RequestAborted;
        try
        {
            var asked = await JsonNode.ParseAsync(request.Body, cancellationToken: cancel);
            var started = await node.PostAsync(
                $"participants/{Seed.Participant}/{kind}", draft(asked!.AsObject()), cancel);
            return Results.Text(started.ToJsonString(), "application/json");
        }
        catch (HttpRequestException refused)
        {
            await Console.Error.WriteLineAsync($"{kind} cannot begin: {refused.Message}");
            return Results.StatusCode(StatusCodes.Status502BadGateway);
        }
    }

    private static JsonObject Negotiation(JsonObject asked) => new()
    {
        ["provider"] = Text(asked, "providerId"),
        ["dataset"] = Text(asked, "datasetId"),
        ["offer"] = Text(asked, "offerId"),
        ["policy"] = Seed.Use(),
        ["address"] = Text(asked, "connectorAddress"),
        ["manual"] = true,
    };

    private static JsonObject Transfer(JsonObject asked) => new()
    {
        ["provider"] = Text(asked, "providerId"),
        ["agreement"] = Text(asked, "agreementId"),
        ["format"] = Text(asked, "format"),
        ["address"] = Text(asked, "connectorAddress"),
    };

    private static string Text(JsonObject asked, string name) => (string)asked[name]!;
}
