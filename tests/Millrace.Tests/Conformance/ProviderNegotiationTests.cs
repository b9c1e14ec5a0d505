namespace Millrace.Tests.Conformance;

/// <summary>The kit's tests CN: it is the consumer, the node the provider.</summary>
public sealed class ProviderNegotiationTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task An_offer_is_made_and_the_consumer_ends_it()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = NegotiationPlay.AsConsumer(kit, "CN_01_01");
        var offer = play.ExpectOffer();
        await play.RequestAsync();
        await offer;
        await play.TerminateAsync();
        await play.MustBeAsync("TERMINATED");
        kit.Verify();
    }

    [Fact]
    public async Task A_counter_offer_is_answered_by_ending_it()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = NegotiationPlay.AsConsumer(kit, "CN_01_02");
        var offer = play.ExpectOffer();
        await play.RequestAsync();
        await offer;
        var termination = play.ExpectTermination();
        await play.CounterAsync("CD123:ACN0102:456", "ACN0102");
        await termination;
        await play.MustBeAsync("TERMINATED");
        kit.Verify();
    }

    [Fact]
    public async Task An_accepted_offer_is_agreed_on_and_finalized()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = NegotiationPlay.AsConsumer(kit, "CN_01_03");
        var offer = play.ExpectOffer();
        await play.RequestAsync();
        await offer;
        var agreement = play.ExpectAgreement();
        await play.AcceptAsync();
        await agreement;
        var finalized = play.ExpectFinalized();
        await play.VerifyAsync();
        await finalized;
        await play.MustBeAsync("FINALIZED");
        kit.Verify();
    }

    [Fact]
    public async Task A_request_is_agreed_to_and_finalized()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = NegotiationPlay.AsConsumer(kit, "CN_01_04");
        var agreement = play.ExpectAgreement();
        await play.RequestAsync();
        await agreement;
        var finalized = play.ExpectFinalized();
        await play.VerifyAsync();
        await finalized;
        await play.MustBeAsync("FINALIZED");
        kit.Verify();
    }

    [Fact]
    public async Task A_request_is_answered_by_ending_it()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = NegotiationPlay.AsConsumer(kit, "CN_02_01");
        await play.RequestAsync();
        var termination = play.ExpectTermination();
        await termination;
        await play.MustBeAsync("TERMINATED");
        kit.Verify();
    }

    [Fact]
    public async Task The_consumer_ends_its_own_request()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = NegotiationPlay.AsConsumer(kit, "CN_02_02");
        await play.RequestAsync();
        await play.TerminateAsync();
        await play.MustBeAsync("TERMINATED");
        kit.Verify();
    }

    [Fact]
    public async Task The_consumer_ends_what_was_agreed()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = NegotiationPlay.AsConsumer(kit, "CN_02_03");
        var agreement = play.ExpectAgreement();
        await play.RequestAsync();
        await agreement;
        await play.TerminateAsync();
        await play.MustBeAsync("TERMINATED");
        kit.Verify();
    }

    [Fact]
    public async Task The_consumer_ends_what_was_offered()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = NegotiationPlay.AsConsumer(kit, "CN_02_04");
        var offer = play.ExpectOffer();
        await play.RequestAsync();
        await offer;
        await play.TerminateAsync();
        await play.MustBeAsync("TERMINATED");
        kit.Verify();
    }

    [Fact]
    public async Task The_provider_ends_what_it_offered()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = NegotiationPlay.AsConsumer(kit, "CN_02_05");
        var offer = play.ExpectOffer();
        await play.RequestAsync();
        await offer;
        var termination = play.ExpectTermination();
        await termination;
        await play.MustBeAsync("TERMINATED");
        kit.Verify();
    }

    [Fact]
    public async Task The_provider_ends_what_the_consumer_accepted()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = NegotiationPlay.AsConsumer(kit, "CN_02_06");
        var offer = play.ExpectOffer();
        await play.RequestAsync();
        await offer;
        await play.AcceptAsync();
        var termination = play.ExpectTermination();
        await termination;
        await play.MustBeAsync("TERMINATED");
        kit.Verify();
    }

    [Fact]
    public async Task The_provider_ends_what_the_consumer_verified()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = NegotiationPlay.AsConsumer(kit, "CN_02_07");
        var agreement = play.ExpectAgreement();
        await play.RequestAsync();
        await agreement;
        var termination = play.ExpectTermination();
        await play.VerifyAsync();
        await termination;
        await play.MustBeAsync("TERMINATED");
        kit.Verify();
    }

    [Fact]
    public async Task A_finalized_negotiation_cannot_be_ended()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = NegotiationPlay.AsConsumer(kit, "CN_03_01");
        var agreement = play.ExpectAgreement();
        await play.RequestAsync();
        await agreement;
        var finalized = play.ExpectFinalized();
        await play.VerifyAsync();
        await finalized;
        await play.TerminateIllegallyAsync();
        await play.MustBeAsync("FINALIZED");
        kit.Verify();
    }

    [Fact]
    public async Task An_offer_cannot_be_verified()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = NegotiationPlay.AsConsumer(kit, "CN_03_02");
        var offer = play.ExpectOffer();
        await play.RequestAsync();
        await offer;
        await play.VerifyIllegallyAsync();
        await play.MustBeAsync("OFFERED");
        kit.Verify();
    }

    [Fact]
    public async Task An_accepted_offer_cannot_be_verified()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = NegotiationPlay.AsConsumer(kit, "CN_03_03");
        var offer = play.ExpectOffer();
        await play.RequestAsync();
        await offer;
        await play.AcceptAsync();
        await play.VerifyIllegallyAsync();
        await play.MustBeAsync("ACCEPTED");
        kit.Verify();
    }

    [Fact]
    public async Task A_second_counter_offer_is_refused()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = NegotiationPlay.AsConsumer(kit, "CN_03_04");
        var offer = play.ExpectOffer();
        await play.RequestAsync();
        await offer;
        await play.CounterAsync();
        await play.CounterIllegallyAsync();
        await play.MustBeAsync("REQUESTED");
        kit.Verify();
    }
}
