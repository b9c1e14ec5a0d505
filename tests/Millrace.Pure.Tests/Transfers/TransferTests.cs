using Millrace.Protocol;
using Millrace.Protocol.Transfers;
using Millrace.Pure.Tests.OnTheWire;
using static Millrace.Protocol.Transfers.TransferState;
using static Millrace.Pure.Tests.OnTheWire.Samples;
using static Millrace.Pure.Tests.Transfers.TransferSamples;

namespace Millrace.Pure.Tests.Transfers;

public sealed class TransferTests
{
    [Fact]
    public void A_provider_opens_a_transfer_on_request()
    {
        var transfer = Opened(Role.Provider);
        Assert.Equal((Role.Provider, Requested), (transfer.Role, transfer.State));
        Assert.Equal((ConsumerPid, ProviderPid), (transfer.ConsumerPid, transfer.ProviderPid));
        Assert.Equal((ConsumerId, ConsumerBase), (transfer.Peer, transfer.Callback));
        Assert.Equal((Agreement.Id, "HttpData-PULL"), (transfer.AgreementId, transfer.Format));
        Assert.Equal("jws", transfer.SignedPurpose);
        Assert.Equal(Requested, transfer.Status()?.State);
    }

    [Fact]
    public void A_consumer_learns_the_pid_of_the_provider_from_its_answer_or_its_first_message()
    {
        var mine = Transfer.Start(Request, OfConsumer, ProviderBase);
        Assert.Equal((null, null), (mine.ProviderPid, mine.Status()));
        var answered = mine.Acknowledge(new TransferStatus(null, ConsumerPid, ProviderPid, Requested));
        Assert.Equal(ProviderPid, Golden.Accept(answered).ProviderPid);
        Assert.Equal(ProviderPid, Golden.Accept(mine.Receive(Messages["started"])).ProviderPid);
        Assert.Equal("wrong-pid", Golden.Refuse(mine.Send(Messages["ended"])).Code);
    }

    [Theory]
    [InlineData(Role.Consumer)]
    [InlineData(Role.Provider)]
    public void A_message_with_a_pid_of_another_process_is_refused(Role own)
    {
        foreach (var (consumer, provider) in new[] { (ConsumerPid, "x"), ("x", ProviderPid) })
        {
            var message = new TransferEnded(null, consumer, provider, null, []);
            Assert.Equal("wrong-pid", Golden.Refuse(Opened(own).Receive(message)).Code);
            Assert.Equal("wrong-pid", Golden.Refuse(Opened(own).Send(message)).Code);
        }
    }

    [Fact]
    public void A_repeated_request_changes_nothing_and_a_changed_one_is_refused()
    {
        var started = In(Role.Provider, Started);
        Assert.Same(started, Golden.Accept(started.Receive(Request with { Id = "urn:uuid:again" })));
        Assert.Equal("request-differs", Golden.Refuse(started.Receive(Request with { Format = "other" })).Code);
        Assert.Equal("request-differs", Golden.Refuse(started.Receive(Request with { AgreementId = "other" })).Code);
        Assert.Equal("wrong-pid", Golden.Refuse(started.Receive(Request with { ConsumerPid = "other" })).Code);
    }

    [Fact]
    public void A_pull_transfer_starts_with_an_address_and_may_resume_without()
    {
        var bare = new TransferStarted(null, ConsumerPid, ProviderPid);
        Assert.Equal("no-data-address", Golden.Refuse(Opened(Role.Consumer).Receive(bare)).Code);
        Assert.Equal("no-data-address", Golden.Refuse(Opened(Role.Provider).Send(bare)).Code);

        var started = Golden.Accept(Opened(Role.Consumer).Receive(Messages["started"]));
        Assert.Equal(Address, started.DataAddress);
        var suspended = Golden.Accept(started.Receive(Messages["suspended"]));
        Assert.Equal((Role.Provider, "2"), (suspended.Suspension?.By, suspended.Suspension?.Code));
        var resumed = Golden.Accept(suspended.Receive(bare));
        Assert.Equal((Started, Address, null), (resumed.State, resumed.DataAddress, resumed.Suspension));

        var fresh = DataAddress.Http(new Uri("https://provider.example/data/2"), "NEW");
        var moved = Golden.Accept(suspended.Receive(bare with { DataAddress = fresh }));
        Assert.Equal("NEW", moved.DataAddress?.Property(EndpointProperty.Authorization));
    }

    [Fact]
    public void A_consumer_that_resumes_cannot_change_where_the_data_is()
    {
        var suspended = In(Role.Provider, Suspended) with { DataAddress = Address };
        var start = new TransferStarted(
            null, ConsumerPid, ProviderPid, DataAddress.Http(new Uri("https://mallory.example"), "x"));
        Assert.Equal(Address, Golden.Accept(suspended.Receive(start)).DataAddress);
    }

    [Theory, InlineData(Role.Consumer), InlineData(Role.Provider)]
    public void What_the_provider_holds_only_the_provider_lets_go_on(Role own)
    {
        var started = Golden.Accept(Said(Opened(own), Role.Provider, Messages["started"]));
        var held = Golden.Accept(Said(started, Role.Provider, Messages["suspended"]));
        var start = new TransferStarted(null, ConsumerPid, ProviderPid);
        Assert.Equal("on-hold", Golden.Refuse(Said(held, Role.Consumer, start)).Code);
        Assert.Equal(Started, Golden.Accept(Said(held, Role.Provider, start)).State);

        // The consumer resumes what it suspended itself, unless the provider's suspension crossed its own.
        var paused = Golden.Accept(Said(started, Role.Consumer, Messages["suspended"]));
        Assert.Equal(Started, Golden.Accept(Said(paused, Role.Consumer, start)).State);
        var crossed = Golden.Accept(Said(paused, Role.Provider, Messages["suspended"]));
        Assert.Equal("on-hold", Golden.Refuse(Said(crossed, Role.Consumer, start)).Code);
        Assert.Equal("bad-transition", Golden.Refuse(Said(held, Role.Consumer, Messages["suspended"])).Code);
    }

    [Fact]
    public void A_push_transfer_starts_without_an_address_and_sends_to_that_of_the_request()
    {
        var push = Transfer.Open(Request with { DataAddress = Address }, OfProvider, ProviderPid);
        Assert.True(push.IsPush);
        var started = Golden.Accept(push.Send(new TransferStarted(null, ConsumerPid, ProviderPid)));
        Assert.Equal(Address, started.DataAddress);
    }

    [Fact]
    public void It_is_remembered_who_ended_it_and_why()
    {
        var ended = Golden.Accept(In(Role.Consumer, Suspended).Receive(Messages["ended"]));
        Assert.Equal((Role.Provider, "1", null), (ended.Ending?.By, ended.Ending?.Code, ended.Suspension));
        Assert.True(ended.IsFinal);
    }

    [Theory]
    [InlineData(Started, Started, Standing.Same)]
    [InlineData(Completed, Completed, Standing.Same)]
    [InlineData(Requested, Started, Standing.PeerAhead)]
    [InlineData(Started, Suspended, Standing.PeerAhead)]
    [InlineData(Suspended, Started, Standing.PeerAhead)]
    [InlineData(Suspended, Completed, Standing.PeerAhead)]
    [InlineData(Started, Requested, Standing.Apart)]
    [InlineData(Started, Terminated, Standing.Apart)]
    [InlineData(Completed, Started, Standing.Apart)]
    public void A_peer_in_another_state_is_ahead_where_messages_of_its_own_lead_there(
        TransferState ours, TransferState theirs, Standing expected) =>
        Assert.Equal(
            expected,
            In(Role.Consumer, ours).Reconcile(new TransferStatus(null, ConsumerPid, ProviderPid, theirs)));

    [Fact]
    public void A_side_that_ends_it_tells_the_peer_where_it_can_be_told()
    {
        var why = new Refusal("withdrawn", "The agreement was withdrawn.");
        var (ended, message, tells) = In(Role.Provider, Suspended).End("urn:end", why);
        Assert.True(tells);
        Assert.Equal((Terminated, Role.Provider, "withdrawn"), (ended.State, ended.Ending?.By, ended.Ending?.Code));
        Assert.Equal(Terminated, Golden.Accept(In(Role.Consumer, Started).Receive(message)).State);
        Assert.True(In(Role.Provider, Completed).End("urn:end", why).Tells);
        Assert.False(ended.End("urn:again", why).Tells);
        Assert.Same(ended, ended.End("urn:again", why with { Code = "other" }).Next);
    }

    private static Decision<Transfer> Said(Transfer transfer, Role sender, TransferMessage message) =>
        transfer.Role == sender ? transfer.Send(message) : transfer.Receive(message);
}
