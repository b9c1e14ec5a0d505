using System.Net;
using System.Text.Json.Nodes;
using Millrace.ConformanceHost;

namespace Millrace.Tests.Conformance;

/// <summary>A transfer, with the kit on either side.</summary>
internal sealed class TransferPlay : ProcessPlay
{
    private readonly string _agreement;
    private readonly string _format;
    private string? _callback;

    private TransferPlay(Kit kit, string test)
        : base(kit) =>
        (_agreement, _format) = (kit.Setting($"{test}_AGREEMENTID"), kit.Setting($"{test}_FORMAT"));

    protected override string Url => _callback is null
        ? $"{Kit.Connector}/transfers/{ProviderPid}"
        : $"{_callback}/transfers/{ConsumerPid}";

    /// <summary>The kit is the consumer.</summary>
    public static TransferPlay AsConsumer(Kit kit, string test) => new(kit, test) { ConsumerPid = KitMessage.NewId() };

    /// <summary>The kit is the provider; the connector is asked to begin, and its request is heard.</summary>
    public static async Task<TransferPlay> AsProviderAsync(Kit kit, string test)
    {
        var play = new TransferPlay(kit, test) { ProviderPid = KitMessage.NewId() };
        var heard = kit.Expect("transfers/request", play.Open);
        await kit.TriggerAsync("transfer", new JsonObject
        {
            ["providerId"] = AnyCaller.Kit,
            ["agreementId"] = play._agreement,
            ["format"] = play._format,
            ["connectorAddress"] = kit.Address,
        });
        await heard;
        return play;
    }

    public async Task RequestAsync()
    {
        var request = Messages.Of(
            "TransferRequestMessage", ("consumerPid", ConsumerPid), ("agreementId", _agreement), ("format", _format),
            ("callbackAddress", Kit.Address));
        var answer = await Kit.SendAsync($"{Kit.Connector}/transfers/request", request, HttpStatusCode.Created);
        Assert.Equal("TransferProcess", (string?)answer!["@type"]);
        Assert.Equal("REQUESTED", (string?)answer["state"]);
        Assert.Equal(ConsumerPid, (string?)answer["consumerPid"]);
        ProviderPid = (string?)answer["providerPid"];
        Move("REQUESTED");
    }

    /// <summary>From a provider it must bring an address, at every start.</summary>
    public Task ExpectStart() => Expect("transfers/*/start", "TransferStartMessage", "STARTED", message =>
    {
        Assert.NotNull(message["dataAddress"]);
        return Status("STARTED");
    });

    public Task ExpectSuspension() => Expect(
        "transfers/*/suspension", "TransferSuspensionMessage", "SUSPENDED", _ => Status("SUSPENDED"));

    public Task ExpectCompletion() => Expect(
        "transfers/*/completion", "TransferCompletionMessage", "COMPLETED", _ => Status("COMPLETED"));

    public Task ExpectTermination() => Expect(
        "transfers/*/termination", "TransferTerminationMessage", "TERMINATED", _ => Status("TERMINATED"));

    /// <param name="address">False on a resumption that leaves the old address in force.</param>
    public Task StartAsync(bool address = true) => SendAsync("start", Start(address), "STARTED");

    public Task StartIllegallyAsync() => SendIllegalAsync("start", Start(address: _callback is not null));

    public Task SuspendAsync() =>
        SendAsync("suspension", Message("TransferSuspensionMessage", ("code", "1")), "SUSPENDED");

    public Task SuspendIllegallyAsync() =>
        SendIllegalAsync("suspension", Message("TransferSuspensionMessage", ("code", "1")));

    public Task CompleteAsync() => SendAsync("completion", Message("TransferCompletionMessage"), "COMPLETED");

    public Task CompleteIllegallyAsync() => SendIllegalAsync("completion", Message("TransferCompletionMessage"));

    public Task TerminateAsync() =>
        SendAsync("termination", Message("TransferTerminationMessage", ("code", "1")), "TERMINATED");

    protected override IReadOnlyList<string> Next(string? state) => state switch
    {
        null => ["REQUESTED"],
        "REQUESTED" => ["STARTED", "TERMINATED"],
        "STARTED" => ["SUSPENDED", "COMPLETED", "TERMINATED"],
        "SUSPENDED" => ["STARTED", "TERMINATED"],
        _ => [],
    };

    private JsonObject? Open(JsonObject message)
    {
        Assert.Equal("TransferRequestMessage", (string?)message["@type"]);
        Assert.Equal(_agreement, (string?)message["agreementId"]);
        Assert.Equal(_format, (string?)message["format"]);
        ConsumerPid = (string?)message["consumerPid"];
        _callback = ((string?)message["callbackAddress"])!.TrimEnd('/');
        Move("REQUESTED");
        return Status("REQUESTED");
    }

    private JsonObject Start(bool address) => address
        ? Message("TransferStartMessage", ("dataAddress", KitMessage.DataAddress()))
        : Message("TransferStartMessage");

    private JsonObject Status(string state) => Message("TransferProcess", ("state", state));
}
