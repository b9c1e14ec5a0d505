using System.Text.Json.Nodes;

namespace Millrace.Tests.Conformance;

/// <summary>A process as the kit keeps it: its own state, which only moves as the protocol allows.</summary>
internal abstract class ProcessPlay(Kit kit)
{
    private readonly Lock _lock = new();

    protected Kit Kit { get; } = kit;

    protected KitMessage Messages { get; } = new();

    protected string? ConsumerPid { get; set; }

    protected string? ProviderPid { get; set; }

    /// <summary>The kit's own state; null before the first answer was read.</summary>
    protected string? State { get; private set; }

    /// <summary>Where the connector serves this process, below which its messages go.</summary>
    protected abstract string Url { get; }

    /// <summary>The arrows out of a state.</summary>
    protected abstract IReadOnlyList<string> Next(string? state);

    /// <summary>What the connector says must be what the kit holds.</summary>
    public async Task MustBeAsync(string state)
    {
        Assert.Equal(state, State);
        Assert.Equal(state, await Kit.StateAsync(Url));
    }

    protected void Move(string state)
    {
        lock (_lock)
        {
            Assert.True(
                Next(State).Contains(state), $"{State} → {state}: a message came too early, or should not have come");
            State = state;
        }
    }

    protected JsonObject Message(string type, params ReadOnlySpan<(string Name, JsonNode? Value)> members)
    {
        var message = Messages.Of(type, members);
        message["providerPid"] = ProviderPid;
        message["consumerPid"] = ConsumerPid;
        return message;
    }

    /// <summary>Sends a message that moves both sides; ours has moved before the answer to it can come.</summary>
    protected async Task SendAsync(string path, JsonObject message, string state)
    {
        Move(state);
        await Kit.SendAsync($"{Url}/{path}", message);
    }

    protected Task SendIllegalAsync(string path, JsonObject message) => Kit.SendIllegalAsync($"{Url}/{path}", message);

    /// <summary>Waits for a message of the connector that moves both sides.</summary>
    protected Task Expect(string path, string type, string state, Func<JsonObject, JsonObject?>? more = null) =>
        Kit.Expect(path, message =>
        {
            Assert.Equal(type, (string?)message["@type"]);
            Assert.Equal(ConsumerPid, (string?)message["consumerPid"]);
            Assert.Equal(ProviderPid, (string?)message["providerPid"]);
            Move(state);
            return more?.Invoke(message);
        });
}
