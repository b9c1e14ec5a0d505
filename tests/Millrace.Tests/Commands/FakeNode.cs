using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Millrace.Node.Api;

namespace Millrace.Tests.Commands;

/// <summary>A management API that answers what a test says, on real Kestrel, with its own data folder.</summary>
internal sealed class FakeNode : IAsyncDisposable
{
    public const string Token = "secret-token";
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, RequestDelegate> _answers = new();

    private FakeNode(WebApplication app) => _app = app;

    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("millrace-test-");

    public Uri Address => new(_app.Urls.Single());

    /// <summary>What was asked: method, path and query, body.</summary>
    public ConcurrentQueue<(string Request, string Body)> Asked { get; } = new();

    public static async Task<FakeNode> StartAsync(CancellationToken cancel, params string[] participants)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var node = new FakeNode(app);
        app.Run(node.AnswerAsync);
        await app.StartAsync(cancel);
        await node.WriteFilesAsync(node.Address, cancel);
        node.Gives("GET /api/v1/participants", $"[{string.Join(',', participants.Select(Participant))}]");
        return node;
    }

    public static string Participant(string id) =>
        $$"""
        {"id":"{{id}}","did":"did:web:n.example:{{id}}","title":"{{id}}","operator":false,
         "createdAt":"2026-01-02T03:04:05Z","catalogue":"http://n.example/{{id}}/dsp/2025-1/catalog"}
        """;

    public Task WriteFilesAsync(Uri address, CancellationToken cancel) => Task.WhenAll(
        File.WriteAllTextAsync(
            InFolder(NodeFile.Name), JsonSerializer.Serialize(new NodeFile(address, 1), ApiJson.Wire.NodeFile), cancel),
        File.WriteAllTextAsync(InFolder(NodeFile.TokenName), Token + "\n", cancel));

    public string InFolder(string name) => Path.Combine(Folder.FullName, name);

    /// <param name="request">Method and path, without the query.</param>
    public FakeNode Gives(string request, string body, int status = 200) => Gives(request, async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body);
    });

    public FakeNode Gives(string request, RequestDelegate answer)
    {
        _answers[request] = answer;
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Folder.Delete(recursive: true);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = $"{context.Request.Method} {context.Request.Path}";
        if (path is "GET /healthz")
            return;
        context.Request.EnableBuffering();
        using var reader = new StreamReader(context.Request.Body, leaveOpen: true);
        Asked.Enqueue(($"{path}{context.Request.QueryString}", await reader.ReadToEndAsync(context.RequestAborted)));
        context.Request.Body.Position = 0;
        if (context.Request.Headers.Authorization != $"Bearer {Token}")
            context.Response.StatusCode = (int)HttpStatusCode.Unauthorized;
        else if (_answers.TryGetValue(path, out var answer))
            await answer(context);
        else
            context.Response.StatusCode = (int)HttpStatusCode.NotFound;
    }
}
