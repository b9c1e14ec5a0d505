using System.Net;
using System.Text.Json.Nodes;

namespace Millrace.ConformanceHost;

/// <summary>Plays the scripts: follows the node's events and acts through its management API.</summary>
/// <param name="pause">Before each act: the kit needs a moment to be ready for the next message.</param>
public sealed class Player(ManagementClient node, TimeSpan pause, TimeProvider time)
{
    /// <summary>An act can only be taken once the kit has answered our first message.</summary>
    private const int TriesMax = 100;

    private readonly Dictionary<string, int> _done = [];

    /// <summary>Plays until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        await foreach (var happened in node.EventsAsync(Seed.Participant, cancel))
        {
            if (happened["data"] is not JsonObject data)
                continue;
            switch ((string?)happened["type"])
            {
                case "dev.millrace.negotiation-moved":
                    Follow("negotiations", "negotiation", "product", data, cancel);
                    break;
                case "dev.millrace.transfer-moved":
                    Follow("transfers", "transfer", "agreement", data, cancel);
                    break;
            }
        }
    }

    private void Follow(string kind, string process, string subject, JsonObject data, CancellationToken cancel)
    {
        var pid = (string)data[process]!;
        var steps = Scripts.Of((string)data[subject]!);
        var done = _done.GetValueOrDefault(pid);
        if (done >= steps.Count || steps[done].State != (string?)data["state"])
            return;
        _done[pid] = done + 1;
        var path = $"participants/{Seed.Participant}/{kind}/{Uri.EscapeDataString(pid)}/acts";
        _ = ActAsync(path, steps[done].Act, cancel);
    }

    private async Task ActAsync(string path, string act, CancellationToken cancel)
    {
        for (var tries = 1; !cancel.IsCancellationRequested; tries++)
        {
            try
            {
                await Task.Delay(pause, time, cancel);
                var body = new JsonObject { ["act"] = act };
                if (act is "terminate" or "suspend")
                    (body["code"], body["reason"]) = ("script", "So says the script of this test.");
                await node.PostAsync(path, body, cancel);
                return;
            }
            catch (HttpRequestException refused) when (
                refused.StatusCode == HttpStatusCode.Conflict && tries < TriesMax &&
                refused.Message.Contains("peer-silent", StringComparison.Ordinal))
            {
                // Once more, after another pause.
            }
            catch (HttpRequestException refused)
            {
                await Console.Error.WriteLineAsync($"{act} is not possible: {refused.Message}");
                return;
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
