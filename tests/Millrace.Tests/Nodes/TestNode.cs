using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using Millrace.Node;
using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Node.Identity;
using Millrace.Node.Storage;
using Millrace.Tests.Databases;

namespace Millrace.Tests.Nodes;

/// <summary>
/// A node as in production, inside the test: real Kestrel on a free port of 127.0.0.1, a folder and a database of its
/// own.
/// </summary>
public sealed class TestNode : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private RunningNode _node;

    private TestNode(DirectoryInfo folder, NodeOptions options, TimeProvider time, RunningNode node)
    {
        (_folder, Options, Time, _node) = (folder, options, time, node);
        Http = Client();
    }

    /// <summary>Both databases: every test of what is stored runs on each.</summary>
    public static TheoryData<string> Databases { get; } = ["sqlite", "postgresql"];

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public NodeOptions Options { get; }

    public TimeProvider Time { get; }

    public Uri Address => _node.Address;

    /// <summary>Where it serves Arrow Flight.</summary>
    public Uri Flight => _node.Flight!;

    /// <summary>A client of the management API, with the admin token.</summary>
    public HttpClient Http { get; private set; }

    /// <param name="database"><c>sqlite</c> or <c>postgresql</c>.</param>
    public static async Task<TestNode> StartAsync(
        string database, TimeProvider? time = null, Limits? limits = null, bool allowPrivatePeers = true)
    {
        var connection = database == "postgresql" ? await NewDatabaseAsync() : null;
        return await StartAsync(new NodeOptions
        {
            DataFolder = "",
            Listen = new Uri("http://127.0.0.1:0"),
            FlightPort = 0,
            Database = connection,
            AllowPrivatePeers = allowPrivatePeers,
            Limits = limits ?? Limits.Default,
        }, time);
    }

    /// <summary>Starts a node with these options, but in a folder of its own.</summary>
    public static async Task<TestNode> StartAsync(
        NodeOptions options, TimeProvider? time = null, Action<string>? prepare = null)
    {
        var folder = Directory.CreateTempSubdirectory("millrace-node-");
        prepare?.Invoke(folder.FullName);
        options = options with { DataFolder = folder.FullName };
        var clock = time ?? TimeProvider.System;
        return new TestNode(folder, options, clock, await NodeProgram.StartAsync(options, Cancel, clock));
    }

    /// <summary>An empty database on the PostgreSQL of the test run.</summary>
    public static async Task<string> NewDatabaseAsync() => await (await PostgresAsync()).CreateDatabaseAsync();

    internal static async Task<PostgresServer> PostgresAsync() =>
        await TestContext.Current.GetFixture<PostgresServer>()
        ?? throw new InvalidOperationException("The test run has no PostgreSQL.");

    /// <summary>Stops the node and starts it again over the same folder and database.</summary>
    /// <param name="between">What is done while it does not run.</param>
    public async Task RestartAsync(Action? between = null)
    {
        Http.Dispose();
        await _node.DisposeAsync();
        between?.Invoke();
        _node = await NodeProgram.StartAsync(Options, Cancel, Time);
        Http = Client();
    }

    /// <summary>Adds an organisation; ids are shared by all tests on this node, so each takes one of its own.</summary>
    public async Task<TestParticipant> AddAsync(string id, bool isOperator = false)
    {
        var added = await PostAsync(
            "participants", new ParticipantDraft(id, id.ToUpperInvariant(), isOperator), ApiJson.Wire.ParticipantDraft,
            ApiJson.Wire.Participant);
        return new TestParticipant(this, added.Id, added.Did);
    }

    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type)
    {
        using var answer = await Http.GetAsync(path, Cancel);
        return await ReadAsync(answer, type);
    }

    public async Task<T> PostAsync<TBody, T>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type)
    {
        using var answer = await Http.PostAsync(path, JsonContent.Create(body, bodyType), Cancel);
        return await ReadAsync(answer, type);
    }

    /// <summary>The body of a success; what went wrong otherwise is the failure's text.</summary>
    public static async Task<T> ReadAsync<T>(HttpResponseMessage answer, JsonTypeInfo<T> type)
    {
        Assert.True(answer.IsSuccessStatusCode, await DescribeAsync(answer));
        return (await answer.Content.ReadFromJsonAsync(type, Cancel))!;
    }

    /// <summary>The body of an error; a success is a failure.</summary>
    public static async Task<Problem> ProblemAsync(HttpResponseMessage answer)
    {
        Assert.False(answer.IsSuccessStatusCode, await DescribeAsync(answer));
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = (await answer.Content.ReadFromJsonAsync(ApiJson.Wire.Problem, Cancel))!;
        Assert.NotEmpty(problem.Code ?? "");
        Assert.NotEmpty(problem.Detail ?? "");
        return problem;
    }

    /// <summary>The database itself, beside the node: to look where no interface leads, and to tamper.</summary>
    public Task<Database> OpenDatabaseAsync() => Database.OpenAsync(Options.DatabaseOptions, Options.Limits, Cancel);

    /// <summary>The signing key of a participant, as only whoever owns the node's folder can get at it.</summary>
    public async Task<ParticipantKey> KeyOfAsync(string participant)
    {
        await using var database = await OpenDatabaseAsync();
        var row = await database.ReadAsync(s => Tables.Secrets.FindAsync(s, participant, "signing", Cancel), Cancel);
        var box = new SecretBox(MasterKey.OpenOrCreate(Options.DataFolder));
        return ParticipantKey.Import(Convert.FromBase64String(row!.Value.Sealed), box, participant, "key-1");
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _node.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private HttpClient Client()
    {
        var client = new HttpClient { BaseAddress = new Uri(_node.Address, "api/v1/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _node.AdminToken);
        return client;
    }

    private static async Task<string> DescribeAsync(HttpResponseMessage answer) =>
        $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(Cancel)}";
}
