using System.Data.Common;
using System.Net.Sockets;
using System.Text.Json;
using Millrace.Node.Api;
using Millrace.Node.Hosting;

namespace Millrace.Node.Commands.Nodes;

/// <summary>Finds the node that works on a data folder, or starts one for the time of the command.</summary>
internal static class NodeFinder
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);
    private static readonly Uri AnyFreePort = new("http://127.0.0.1:0");

    /// <param name="mayMake">Whether a folder without a node becomes one.</param>
    public static async Task<NodeConnection> ConnectAsync(
        string folder, bool mayMake, Surroundings world, CancellationToken cancel)
    {
        if (await RunningAsync(folder, world.Time, cancel) is { } client)
            return new NodeConnection(client, null);
        // A mistyped folder must not become a node, empty and with keys of its own.
        if (!mayMake && !File.Exists(Path.Combine(folder, NodeFile.TokenName)))
            throw CommandFailedException.BadInput(
                $"There is no node in {folder}: name the data folder of one with --data, or make one with "
                + "millrace publish FILE or millrace participant add NAME.");
        // The DIDs of participants made now are those of the node that will serve at the usual address.
        var options = StorageOptions.Apply(new NodeOptions
        {
            DataFolder = folder,
            Listen = AnyFreePort,
            PublicAddress = NodeOptions.UsualAddress,
            RunsSchedules = false,
        }, world);
        var own = await StartAsync(options, world, cancel);
        return new NodeConnection(new NodeClient(own.Address, own.AdminToken), own);
    }

    /// <summary>Starts a node in this process; what is wrong becomes a sentence.</summary>
    public static async Task<RunningNode> StartAsync(NodeOptions options, Surroundings world, CancellationToken cancel)
    {
        if (options.Errors() is { Count: > 0 } errors)
            throw CommandFailedException.BadInput(string.Join(' ', errors));
        try
        {
            return await world.StartNode(options, cancel);
        }
        catch (ArgumentException e)
        {
            throw CommandFailedException.BadInput(e.Message);
        }
        catch (Exception e) when (
            e is IOException or UnauthorizedAccessException or InvalidOperationException or DbException)
        {
            throw CommandFailedException.NoNode(
                $"A node could not be started on the data folder {options.DataFolder}: {e.Message}");
        }
    }

    /// <summary>The running node; null where none runs, as after a crash that left its file behind.</summary>
    public static async Task<NodeClient?> RunningAsync(string folder, TimeProvider time, CancellationToken cancel)
    {
        var file = Path.Combine(folder, NodeFile.Name);
        if (!File.Exists(file))
            return null;
        try
        {
            var text = await File.ReadAllTextAsync(file, cancel);
            var node = JsonSerializer.Deserialize(text, ApiJson.Wire.NodeFile)!;
            if (!await AnswersAsync(node.Address, time, cancel))
                return null;
            var token = await File.ReadAllTextAsync(Path.Combine(folder, NodeFile.TokenName), cancel);
            return new NodeClient(node.Address, token.Trim());
        }
        catch (JsonException)
        {
            throw CommandFailedException.NoNode($"{file} is damaged; delete it and start the node again.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandFailedException.NoNode(
                $"A node runs on {folder}, but its address or token cannot be read: {e.Message}");
        }
    }

    private static async Task<bool> AnswersAsync(Uri address, TimeProvider time, CancellationToken cancel)
    {
        using var http = NodeClient.Open(address);
        using var limit = new CancellationTokenSource(AnswerWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            using var answer = await http.GetAsync("healthz", either.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or SocketException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw CommandFailedException.NoNode($"The node at {address} does not answer.");
        }
    }
}
