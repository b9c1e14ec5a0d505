using Millrace.Engine.Supply.Conversions;
using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Node.Sources;
using Millrace.Tests.Nodes;
using Millrace.Tests.Supply;

namespace Millrace.Tests.Sources;

/// <summary>A node that may read sources on this machine, a participant on it, and a folder for its files.</summary>
public sealed class SourceWorld : IAsyncDisposable
{
    private readonly Workshop _work = new();

    private SourceWorld()
    {
    }

    public TestNode Node { get; private set; } = null!;

    public TestParticipant Holder { get; private set; } = null!;

    /// <summary>The folder that the operator allows.</summary>
    public string Folder => Path.Combine(_work.Folder, "allowed");

    /// <param name="isAllowed">Whether the operator allows this machine and the folder.</param>
    public static async Task<SourceWorld> StartAsync(
        bool isAllowed = true, bool allowsPrivate = true, Millrace.Node.Limits? limits = null,
        string database = "sqlite", TimeProvider? time = null)
    {
        var world = new SourceWorld();
        Directory.CreateDirectory(world.Folder);
        world.Node = await TestNode.StartAsync(
            new NodeOptions
            {
                DataFolder = "",
                Database = database == "postgresql" ? await TestNode.NewDatabaseAsync() : null,
                Listen = new Uri("http://127.0.0.1:0"),
                AllowPrivatePeers = allowsPrivate,
                SourceFolders = isAllowed ? [world.Folder] : [],
                SourceHosts = isAllowed ? ["127.0.0.1"] : [],
                Limits = (limits ?? Millrace.Node.Limits.Default) with { SourcePause = TimeSpan.Zero },
            },
            time);
        world.Holder = await world.Node.AddAsync("shop");
        return world;
    }

    public Task<HttpResponseMessage> PostAsync(
        SourceDocument source, string id = "orders", IReadOnlyList<Conversion>? convert = null) => Holder.PostAsync(
        "products", System.Net.Http.Json.JsonContent.Create(
            new ProductDraft(id, Source: source, Convert: convert), ApiJson.Wire.ProductDraft));

    public async Task<Product> PublishAsync(
        SourceDocument source, string id = "orders", IReadOnlyList<Conversion>? convert = null)
    {
        using var answer = await PostAsync(source, id, convert);
        return await TestNode.ReadAsync(answer, ApiJson.Wire.Product);
    }

    /// <summary>Sees that a source is refused, and that nothing is left of it.</summary>
    public async Task<Problem> RefusedAsync(SourceDocument source)
    {
        using var answer = await PostAsync(source);
        var problem = await TestNode.ProblemAsync(answer);
        Assert.Empty(await Holder.GetAsync("products", ApiJson.Wire.IReadOnlyListProduct));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(Node.Options.DataFolder, "incoming")));
        return problem;
    }

    /// <summary>What is said of a source that is refused.</summary>
    public async Task<Problem> ProblemAsync(SourceDocument source)
    {
        using var answer = await PostAsync(source, "other");
        return await TestNode.ProblemAsync(answer);
    }

    /// <summary>The cells of the newest version, as texts.</summary>
    public List<string?[]> Cells(Product product)
    {
        var files = product.Latest.Files.Select(
            f => $"'{Path.Combine(Node.Options.DataFolder, "objects", f.Sha256[..2], f.Sha256)}'");
        return _work.Cells($"read_parquet([{string.Join(", ", files)}])");
    }

    /// <summary>Reads the source of a product again.</summary>
    public async Task<Product> RefreshAsync(bool whole = false, string id = "orders")
    {
        using var answer = await Holder.PostAsync($"products/{id}/refresh{(whole ? "?whole=true" : "")}", null);
        return await TestNode.ReadAsync(answer, ApiJson.Wire.Product);
    }

    /// <summary>What is said where that is refused.</summary>
    public async Task<Problem> RefreshRefusedAsync(bool whole = false, string id = "orders")
    {
        using var answer = await Holder.PostAsync($"products/{id}/refresh{(whole ? "?whole=true" : "")}", null);
        return await TestNode.ProblemAsync(answer);
    }

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        _work.Dispose();
    }
}
