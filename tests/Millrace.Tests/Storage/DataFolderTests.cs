using System.Text.Json;
using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Storage;

public sealed class DataFolderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("millrace-folder-");

    private NodeOptions Options => new()
    {
        DataFolder = _folder.FullName,
        Listen = new Uri("http://127.0.0.1:0"),
        AllowPrivatePeers = true,
    };

    [Fact]
    public async Task A_second_node_over_the_same_folder_is_refused_and_does_no_harm_to_the_first()
    {
        await using (var first = await NodeProgram.StartAsync(Options, TestNode.Cancel))
        {
            var taken = await Assert.ThrowsAsync<IOException>(() => NodeProgram.StartAsync(Options, TestNode.Cancel));
            Assert.Contains(_folder.FullName, taken.Message, StringComparison.Ordinal);
            var file = await File.ReadAllBytesAsync(At(NodeFile.Name), TestNode.Cancel);
            Assert.Equal(first.Address, JsonSerializer.Deserialize(file, ApiJson.Wire.NodeFile)!.Address);
            using var http = new HttpClient();
            Assert.Equal("ok", await http.GetStringAsync(new Uri(first.Address, "/healthz"), TestNode.Cancel));
        }
        Assert.False(File.Exists(At(NodeFile.Name)));
        await using var next = await NodeProgram.StartAsync(Options, TestNode.Cancel);
        Assert.True(File.Exists(At(NodeFile.Name)));
    }

    [Fact]
    public async Task A_start_that_fails_leaves_the_folder_free()
    {
        var broken = Options with { Database = "Host=127.0.0.1;Port=1;Username=x;Database=x" };
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(
            () => NodeProgram.StartAsync(broken, TestNode.Cancel));
        await using var node = await NodeProgram.StartAsync(Options, TestNode.Cancel);
        Assert.True(File.Exists(At(NodeFile.TokenName)));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
