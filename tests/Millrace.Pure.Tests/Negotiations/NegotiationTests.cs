using Millrace.Protocol;
using Millrace.Protocol.Negotiations;
using Millrace.Protocol.Policies;
using Millrace.Pure.Tests.OnTheWire;
using static Millrace.Protocol.Negotiations.NegotiationState;
using static Millrace.Pure.Tests.Negotiations.NegotiationSamples;
using static Millrace.Pure.Tests.OnTheWire.Samples;

namespace Millrace.Pure.Tests.Negotiations;

public sealed class NegotiationTests
{
    [Fact]
    public void A_consumer_opens_a_negotiation()
    {
        var negotiation = Golden.Accept(Negotiation.Open(Opening, OfProvider, ProviderPid));
        Assert.Equal((Role.Provider, Requested), (negotiation.Role, negotiation.State));
        Assert.Equal((ConsumerPid, ProviderPid), (negotiation.ConsumerPid, negotiation.ProviderPid));
        Assert.Equal((ConsumerId, ConsumerBase), (negotiation.Peer, negotiation.Callback));
        Assert.Equal((Role.Consumer, Offer), (negotiation.LastOffer.By, negotiation.LastOffer.Offer));
        Assert.Equal(Requested, negotiation.Status()?.State);
    }

    [Fact]
    public void A_provider_opens_a_negotiation()
    {
        var negotiation = Golden.Accept(Negotiation.Open(OpeningOffer, OfConsumer, ConsumerPid));
        Assert.Equal((Role.Consumer, Offered), (negotiation.Role, negotiation.State));
        Assert.Equal((ConsumerPid, ProviderPid), (negotiation.ConsumerPid, negotiation.ProviderPid));
        Assert.Equal((ProviderId, ProviderBase), (negotiation.Peer, negotiation.Callback));
        Assert.Equal(Role.Provider, negotiation.LastOffer.By);
    }

    [Fact]
    public void Who_starts_learns_the_pid_of_the_peer_from_its_answer()
    {
        var mine = Golden.Accept(Negotiation.Start(Opening, OfConsumer, ProviderBase));
        Assert.Equal((Requested, null, null), (mine.State, mine.ProviderPid, mine.Status()));
        var answer = new NegotiationStatus(null, ConsumerPid, ProviderPid, Requested);
        var answered = Golden.Accept(mine.Acknowledge(answer));
        Assert.Equal(ProviderPid, answered.ProviderPid);

        var offered = Golden.Accept(Negotiation.Start(OpeningOffer, OfProvider, ConsumerBase));
        Assert.Equal((Offered, null), (offered.State, offered.ConsumerPid));
        offered = Golden.Accept(offered.Acknowledge(answer with { State = Offered }));
        Assert.Equal(ConsumerPid, offered.ConsumerPid);
    }

    [Fact]
    public void A_message_that_overtakes_the_answer_teaches_the_pid_too()
    {
        var mine = Golden.Accept(Negotiation.Start(Opening, OfConsumer, ProviderBase));
        var agreed = Golden.Accept(mine.Receive(Messages["agreement"]));
        Assert.Equal((Agreed, ProviderPid), (agreed.State, agreed.ProviderPid));
        // The answer, coming late, still says REQUESTED; it changes nothing.
        var answered = agreed.Acknowledge(new NegotiationStatus(null, ConsumerPid, ProviderPid, Requested));
        Assert.Equal(agreed, Golden.Accept(answered));
    }

    [Fact]
    public void An_answer_with_another_pid_is_refused_once_one_is_known()
    {
        var answer = new NegotiationStatus(null, ConsumerPid, "urn:uuid:other", Requested);
        Assert.Equal("wrong-pid", Golden.Refuse(Opened(Role.Consumer).Acknowledge(answer)).Code);
    }

    [Fact]
    public void Nothing_can_be_sent_before_the_pid_of_the_peer_is_known()
    {
        var mine = Golden.Accept(Negotiation.Start(Opening, OfConsumer, ProviderBase));
        Assert.Equal("wrong-pid", Golden.Refuse(mine.Send(Messages["ended"])).Code);
    }

    [Theory]
    [InlineData(Role.Consumer)]
    [InlineData(Role.Provider)]
    public void A_message_with_a_pid_of_another_process_is_refused(Role own)
    {
        var negotiation = Opened(own);
        var strangers = new[] { (ConsumerPid, "x"), ("x", ProviderPid), (ProviderPid, ConsumerPid) };
        foreach (var (consumer, provider) in strangers)
        {
            var message = new NegotiationEnded(null, consumer, provider, null, []);
            Assert.Equal("wrong-pid", Golden.Refuse(negotiation.Receive(message)).Code);
            Assert.Equal("wrong-pid", Golden.Refuse(negotiation.Send(message)).Code);
        }

        Assert.Equal("wrong-pid", Golden.Refuse(negotiation.Receive(Opening)).Code);
    }

    [Fact]
    public void An_opening_message_must_say_where_to_answer_and_name_no_other_pid()
    {
        Assert.Equal("no-callback", Golden.Refuse(
            Negotiation.Open(Opening with { CallbackAddress = null }, OfProvider, ProviderPid)).Code);
        Assert.Equal("wrong-pid", Golden.Refuse(
            Negotiation.Open((ContractRequest)Messages["request"], OfProvider, ProviderPid)).Code);
        Assert.Equal("wrong-pid", Golden.Refuse(
            Negotiation.Start((ContractOffer)Messages["offer"], OfProvider, ConsumerBase)).Code);
    }

    [Fact]
    public void An_offer_must_be_one_and_name_its_data_set()
    {
        var noTarget = new ContractOffer(null, ConsumerPid, ProviderPid, Offer with { Target = null }, null);
        Assert.Equal("no-target", Golden.Refuse(Opened(Role.Consumer).Receive(noTarget)).Code);
        Assert.Equal("no-target", Golden.Refuse(
            Negotiation.Open(Opening with { Offer = Offer with { Target = null } }, OfProvider, ProviderPid)).Code);
        Assert.Equal("no-offer", Golden.Refuse(
            Negotiation.Open(Opening with { Offer = Agreement }, OfProvider, ProviderPid)).Code);
    }

    [Fact]
    public void Offers_go_back_and_forth_only_so_often()
    {
        var negotiation = Opened(Role.Provider);
        while (negotiation.Offers.Count < Negotiation.OffersMax)
        {
            var (sends, message) = negotiation.State == Requested ? (true, "offer") : (false, "request");
            negotiation = Golden.Accept(
                sends ? negotiation.Send(Messages[message]) : negotiation.Receive(Messages[message]));
            Assert.Equal(sends ? Role.Provider : Role.Consumer, negotiation.LastOffer.By);
        }

        Assert.Equal("too-many-offers", Golden.Refuse(negotiation.Receive(Messages["request"])).Code);
        Assert.Equal(Accepted, Golden.Accept(negotiation.Receive(Messages["accepted"])).State);
    }

    public static TheoryData<string, string> Agreements => new()
    {
        { "as offered", "" },
        { "rules in another order and a new id", "" },
        { "no timestamp", "no-timestamp" },
        { "an offer", "no-agreement" },
        { "another assigner", "agreement-differs" },
        { "another assignee", "agreement-differs" },
        { "another target", "agreement-differs" },
        { "a rule less", "agreement-differs" },
        { "a rule more", "agreement-differs" },
        { "another value", "agreement-differs" },
        { "a foreign profile", "agreement-differs" },
    };

    [Theory, MemberData(nameof(Agreements))]
    public void An_agreement_must_say_what_was_offered(string change, string code)
    {
        var derive = new Rule { Action = Terms.Derive };
        var offer = Offer with { Permissions = [.. Offer.Permissions, derive] };
        var agreement = Agreement with { Permissions = offer.Permissions };
        var changed = change switch
        {
            "rules in another order and a new id" => agreement with
            {
                Id = "x", Permissions = [.. agreement.Permissions.Reverse()],
            },
            "no timestamp" => agreement with { Timestamp = null },
            "an offer" => agreement with { Kind = PolicyKind.Offer },
            "another assigner" => agreement with { Assigner = ConsumerId },
            "another assignee" => agreement with { Assignee = "did:web:mallory.example" },
            "another target" => agreement with { Target = "urn:uuid:other" },
            "a rule less" => agreement with { Permissions = [derive] },
            "a rule more" => agreement with { Prohibitions = [derive] },
            "another value" => agreement with
            {
                Permissions = [derive, new Rule
                {
                    Action = Terms.Use,
                    Constraints = [new AtomicConstraint(
                        Terms.DateTime, Operator.Lteq, RightOperand.Of("2027-12-31T06:00:00Z", "xsd:dateTime"))],
                }],
            },
            "a foreign profile" => agreement with { Profiles = ["https://foreign.example/profile"] },
            _ => agreement,
        };
        var message = new ContractAgreement(null, ConsumerPid, ProviderPid, changed);
        var table = new Proposal(Role.Consumer, offer);
        var received = (Opened(Role.Consumer) with { Offers = [table] }).Receive(message);
        var sent = (Opened(Role.Provider) with { Offers = [table] }).Send(message);
        foreach (var decision in new[] { received, sent })
        {
            if (code.Length > 0) Assert.Equal(code, Golden.Refuse(decision).Code);
            else Assert.Equal(changed, Golden.Accept(decision).Agreement);
        }
    }

    [Fact]
    public void It_is_remembered_who_ended_it_and_why()
    {
        var ended = Golden.Accept(Opened(Role.Provider).Receive(Messages["ended"]));
        Assert.Equal((Role.Consumer, "1"), (ended.Ending?.By, ended.Ending?.Code));
        Assert.Equal(["Enough."], ended.Ending!.Reasons);
        Assert.True(ended.IsFinal);
    }

    [Fact]
    public void A_peer_in_another_state_is_ahead_where_a_message_of_its_own_leads_there()
    {
        foreach (var own in Enum.GetValues<Role>())
            foreach (var state in Enum.GetValues<NegotiationState>())
                foreach (var theirs in Enum.GetValues<NegotiationState>())
                {
                    var ours = In(own, state);
                    var comes = Messages.Values.Any(m =>
                        m is not NegotiationEnded && !ours.Receive(m).Refused(out _, out var n) && n.State == theirs);
                    var expected = state == theirs ? Standing.Same : comes ? Standing.PeerAhead : Standing.Apart;
                    var status = new NegotiationStatus(null, ConsumerPid, ProviderPid, theirs);
                    Assert.Equal(expected, ours.Reconcile(status));
                }
    }

    [Fact]
    public void A_side_that_ends_it_tells_the_peer_where_it_can_be_told()
    {
        var why = new Refusal("state-differs", "Not where we are.");
        var (ended, message, tells) = In(Role.Provider, Verified).End("urn:end", why);
        Assert.True(tells);
        Assert.Equal(
            (Terminated, Role.Provider, "state-differs"), (ended.State, ended.Ending?.By, ended.Ending?.Code));
        Assert.Equal(Terminated, Golden.Accept(In(Role.Consumer, Agreed).Receive(message)).State);

        Assert.True(In(Role.Provider, Finalized).End("urn:end", why).Tells);
        Assert.False(ended.End("urn:again", why).Tells);
        var unanswered = Golden.Accept(Negotiation.Start(Opening, OfConsumer, ProviderBase));
        Assert.False(unanswered.End("urn:end", why).Tells);
        Assert.Same(ended, ended.End("urn:again", why with { Code = "other" }).Next);
    }
}
