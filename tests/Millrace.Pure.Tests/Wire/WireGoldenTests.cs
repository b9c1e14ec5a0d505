using Millrace.Protocol;
using Millrace.Protocol.Negotiations;
using Millrace.Protocol.Transfers;

namespace Millrace.Pure.Tests.OnTheWire;

public sealed class WireGoldenTests
{
    public static TheoryData<string> Names => [.. Samples.ByFile.Keys];

    [Fact]
    public void Every_golden_file_has_its_message() =>
        Assert.Equal(
            Samples.ByFile.Keys.Append("versions").Order(StringComparer.Ordinal),
            Golden.Names.Order(StringComparer.Ordinal));

    [Theory, MemberData(nameof(Names))]
    public void A_message_is_written_exactly_like_its_golden_file(string name) =>
        Assert.Equal(Golden.Compact(name), Golden.Written(Samples.ByFile[name]));

    [Theory, MemberData(nameof(Names))]
    public void A_golden_file_is_read_and_written_without_loss(string name)
    {
        var message = Golden.Message<Message>(name);
        Assert.Equal(Samples.ByFile[name].GetType(), message.GetType());
        Assert.Equal(Golden.Compact(name), Golden.Written(message));
    }

    [Theory, MemberData(nameof(Names))]
    public void A_message_is_refused_where_another_protocol_speaks(string name)
    {
        var bytes = Golden.Bytes(Golden.Json(name));
        var refusal = Samples.ByFile[name] is NegotiationMessage
            ? Golden.Refuse(Wire.Read<TransferMessage>(bytes))
            : Golden.Refuse(Wire.Read<NegotiationMessage>(bytes));
        Assert.Equal("wrong-type", refusal.Code);
    }

    [Fact]
    public void One_event_is_not_the_other() =>
        Assert.Equal("wrong-type", Golden.Refuse(
            Wire.Read<OfferAccepted>(Golden.Bytes(Golden.Json("negotiation-finalized")))).Code);

    [Fact]
    public void The_text_of_an_address_names_no_secret()
    {
        var text = new TransferStarted(null, Samples.ConsumerPid, Samples.ProviderPid, Samples.Address).ToString();
        Assert.Contains("https://provider.example/data/1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("TOKEN", text, StringComparison.Ordinal);
        Assert.DoesNotContain("TOKEN", Samples.Address.Properties[0].ToString(), StringComparison.Ordinal);
    }
}
