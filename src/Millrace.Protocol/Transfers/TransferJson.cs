using System.Text.Json;

namespace Millrace.Protocol.Transfers;

/// <summary>The wire form of the transfer messages (DSP 2025-1, schemas below <c>transfer/</c>).</summary>
internal static class TransferJson
{
    public static readonly IReadOnlyList<WireType> Types =
    [
        WireType.Of("TransferRequestMessage", o => new TransferRequest(
            Id(o), Consumer(o), o.Text("agreementId"), o.Text("format"), o.Callback(), Address(o),
            o.OptionalText(Purpose))),
        WireType.Of("TransferStartMessage", o => new TransferStarted(Id(o), Consumer(o), Provider(o), Address(o))),
        WireType.Of("TransferSuspensionMessage", o => new TransferSuspended(
            Id(o), Consumer(o), Provider(o), o.OptionalText("code"), o.Texts("reason"))),
        WireType.Of("TransferCompletionMessage", o => new TransferCompleted(Id(o), Consumer(o), Provider(o))),
        WireType.Of("TransferTerminationMessage", o => new TransferEnded(
            Id(o), Consumer(o), Provider(o), o.OptionalText("code"), o.Texts("reason"))),
        WireType.Of("TransferProcess", o => new TransferStatus(
            Id(o), Consumer(o), Provider(o), o.Word<TransferState>("state"))),
        WireType.Of("TransferError", o => new TransferRefused(
            Id(o), Consumer(o), Provider(o), o.OptionalText("code"), o.Texts("reason"))),
    ];

    // Peers that do not know it ignore it, as they do every absolute IRI.
    private const string Purpose = Dspace.MillraceNamespace + "purpose";

    public static void Write(Utf8JsonWriter writer, TransferMessage message)
    {
        writer.WriteType(TypeOf(message), message.Id);
        writer.WriteOptional("providerPid", message.ProviderPid);
        writer.WriteString("consumerPid", message.ConsumerPid);
        switch (message)
        {
            case TransferRequest m: WriteRequest(writer, m); break;
            case TransferStarted m: WriteAddress(writer, m.DataAddress); break;
            case TransferSuspended m: WriteWhy(writer, m.Code, m.Reasons); break;
            case TransferEnded m: WriteWhy(writer, m.Code, m.Reasons); break;
            case TransferRefused m: WriteWhy(writer, m.Code, m.Reasons); break;
            case TransferStatus m: writer.WriteWord("state", m.State); break;
        }
    }

    private static string TypeOf(TransferMessage message) => message switch
    {
        TransferRequest => "TransferRequestMessage",
        TransferStarted => "TransferStartMessage",
        TransferSuspended => "TransferSuspensionMessage",
        TransferCompleted => "TransferCompletionMessage",
        TransferEnded => "TransferTerminationMessage",
        TransferStatus => "TransferProcess",
        TransferRefused => "TransferError",
        _ => throw new ArgumentException($"{message.GetType().Name} is no message of the protocol."),
    };

    private static void WriteRequest(Utf8JsonWriter writer, TransferRequest request)
    {
        writer.WriteString("agreementId", request.AgreementId);
        writer.WriteString("format", request.Format);
        WriteAddress(writer, request.DataAddress);
        writer.WriteOptional("callbackAddress", request.CallbackAddress);
        writer.WriteOptional(Purpose, request.SignedPurpose);
    }

    private static void WriteAddress(Utf8JsonWriter writer, DataAddress? address)
    {
        if (address is null) return;
        writer.WriteStartObject("dataAddress");
        writer.WriteString("@type", "DataAddress");
        writer.WriteString("endpointType", address.EndpointType);
        writer.WriteOptional("endpoint", address.Endpoint);
        writer.WriteList("endpointProperties", address.Properties, property =>
        {
            writer.WriteStartObject();
            writer.WriteString("@type", "EndpointProperty");
            writer.WriteString("name", property.Name);
            writer.WriteString("value", property.Value);
            writer.WriteEndObject();
        });
        writer.WriteEndObject();
    }

    private static DataAddress? Address(WireObject message) => message.OptionalObject("dataAddress", o =>
    {
        o.Expect("DataAddress");
        return new DataAddress(
            o.Text("endpointType"), o.OptionalText("endpoint"), o.Objects("endpointProperties", Property));
    });

    private static EndpointProperty Property(WireObject o)
    {
        o.Expect("EndpointProperty");
        return new EndpointProperty(o.Text("name"), o.Text("value"));
    }

    private static void WriteWhy(Utf8JsonWriter writer, string? code, IReadOnlyList<string> reasons)
    {
        writer.WriteOptional("code", code);
        writer.WriteTexts("reason", reasons);
    }

    private static string? Id(WireObject o) => o.OptionalText("@id");

    private static string Consumer(WireObject o) => o.Text("consumerPid");

    private static string Provider(WireObject o) => o.Text("providerPid");
}
