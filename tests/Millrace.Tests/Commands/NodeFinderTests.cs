using Millrace.Node.Commands;
using Millrace.Node.Hosting;

namespace Millrace.Tests.Commands;

public sealed class NodeFinderTests
{
    [Fact]
    public async Task A_running_node_is_used_with_its_token()
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "cta");
        var result = await CommandRunner.RunAsync(node, "participant", "list");
        Assert.Equal((ExitCode.Done, ""), (result.ExitCode, result.Error));
        Assert.Equal(
            "id   title  DID                    operator\ncta  cta    did:web:n.example:cta\n", result.Output);
    }

    [Fact]
    public async Task Where_a_crash_left_its_file_a_node_is_started_for_the_command_and_ended_after_it()
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "cta");
        await node.WriteFilesAsync(new Uri("http://127.0.0.1:1"), CommandRunner.Cancel);
        var (asked, ended) = (default(NodeOptions), new Ended());

        var result = await CommandRunner.RunAsync(
            (options, _) =>
            {
                asked = options;
                return Task.FromResult(new RunningNode(node.Address, FakeNode.Token, ended));
            },
            "participant", "list", "--data", node.Folder.FullName);

        Assert.Equal((ExitCode.Done, ""), (result.ExitCode, result.Error));
        Assert.Equal(
            new NodeOptions
            {
                DataFolder = node.Folder.FullName,
                Listen = new Uri("http://127.0.0.1:0"),
                PublicAddress = NodeOptions.UsualAddress,
                RunsSchedules = false,
            },
            asked);
        Assert.True(ended.Yes);
    }

    [Theory]
    [InlineData(false, "participant", "list")]
    [InlineData(false, "peer", "list")]
    [InlineData(false, "negotiations", "show", "n1")]
    [InlineData(true, "participant", "add", "cta")]
    public async Task Only_a_command_that_may_be_the_first_makes_a_node_of_a_folder(bool makes, params string[] command)
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel); // Its folder is cleared away after.
        var (folder, asked) = (node.InFolder("mistyped"), false);
        var result = await CommandRunner.RunAsync(
            (_, _) =>
            {
                asked = true;
                throw new IOException("Enough.");
            },
            [.. command, "--data", folder]);
        Assert.Equal((makes, makes ? ExitCode.NoNode : ExitCode.BadInput), (asked, result.ExitCode));
        Assert.Contains(folder, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    public async Task An_id_of_dots_leads_nowhere(string id)
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "cta");
        var result = await CommandRunner.RunAsync(node, "negotiations", "show", id);
        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains("An id must be neither empty nor just dots", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_file_of_a_node_is_named()
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel);
        await File.WriteAllTextAsync(node.InFolder("node.json"), "{", CommandRunner.Cancel);
        var result = await CommandRunner.RunAsync(node, "participant", "list");
        Assert.Equal(ExitCode.NoNode, result.ExitCode);
        Assert.Contains("node.json is damaged", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_node_on_the_same_folder_is_refused()
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel);
        var result = await CommandRunner.RunAsync(node, "serve");
        Assert.Equal(ExitCode.Refused, result.ExitCode);
        Assert.Contains("already runs", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serving_prints_the_address_and_ends_with_the_node_when_interrupted()
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel);
        File.Delete(node.InFolder("node.json"));
        var ended = new Ended();
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(CommandRunner.Cancel);
        using var output = new StringWriter();
        var code = await CommandLine.RunAsync(
            ["serve", "--data", node.Folder.FullName, "--flight-port", "8815"],
            CommandRunner.World(output, TextWriter.Null, (options, _) =>
            {
                Assert.Equal(8815, options.FlightPort);
                interrupt.CancelAfter(0);
                var flight = new Uri("grpc+tcp://127.0.0.1:8815");
                return Task.FromResult(new RunningNode(node.Address, FakeNode.Token, ended, flight));
            }),
            interrupt.Token);
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains(
            $"portal   {node.Address}login?token={FakeNode.Token}", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("flight   grpc+tcp://127.0.0.1:8815\n", output.ToString(), StringComparison.Ordinal);
        Assert.True(ended.Yes);
    }

    private sealed class Ended : IAsyncDisposable
    {
        public bool Yes { get; private set; }

        public ValueTask DisposeAsync()
        {
            Yes = true;
            return ValueTask.CompletedTask;
        }
    }
}
