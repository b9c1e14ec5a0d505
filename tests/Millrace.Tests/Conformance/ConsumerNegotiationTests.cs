namespace Millrace.Tests.Conformance;

/// <summary>The kit's tests CN_C: it is the provider, the node the consumer.</summary>
public sealed class ConsumerNegotiationTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task An_offer_is_accepted_and_its_agreement_verified()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = await NegotiationPlay.AsProviderAsync(kit, "CN_C_01_01");
        var accepted = play.ExpectAccepted();
        await play.OfferAsync();
        await accepted;
        var verification = play.ExpectVerification();
        await play.AgreeAsync();
        await verification;
        await play.FinalizeAsync();
        await play.MustBeAsync("FINALIZED");
        kit.Verify();
    }

    [Fact]
    public async Task An_offer_is_answered_with_another()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = await NegotiationPlay.AsProviderAsync(kit, "CN_C_01_02");
        var counterOffer = play.ExpectCounterOffer();
        await play.OfferAsync();
        await counterOffer;
        await play.TerminateAsync();
        await play.MustBeAsync("TERMINATED");
        kit.Verify();
    }

    [Fact]
    public async Task An_offer_is_answered_by_ending_it()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = await NegotiationPlay.AsProviderAsync(kit, "CN_C_01_03");
        var termination = play.ExpectTermination();
        await play.OfferAsync();
        await termination;
        await play.MustBeAsync("TERMINATED");
        kit.Verify();
    }

    [Fact]
    public async Task An_agreement_to_the_request_is_verified()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = await NegotiationPlay.AsProviderAsync(kit, "CN_C_01_04");
        var verification = play.ExpectVerification();
        await play.AgreeAsync();
        await verification;
        await play.FinalizeAsync();
        await play.MustBeAsync("FINALIZED");
        kit.Verify();
    }

    [Fact]
    public async Task The_provider_ends_a_request()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = await NegotiationPlay.AsProviderAsync(kit, "CN_C_02_01");
        await play.TerminateAsync();
        await play.MustBeAsync("TERMINATED");
        kit.Verify();
    }

    [Fact]
    public async Task The_consumer_ends_its_own_request()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = await NegotiationPlay.AsProviderAsync(kit, "CN_C_02_02");
        var termination = play.ExpectTermination();
        await termination;
        await play.MustBeAsync("TERMINATED");
        kit.Verify();
    }

    [Fact]
    public async Task The_consumer_ends_what_was_agreed()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = await NegotiationPlay.AsProviderAsync(kit, "CN_C_02_03");
        var termination = play.ExpectTermination();
        await play.AgreeAsync();
        await termination;
        await play.MustBeAsync("TERMINATED");
        kit.Verify();
    }

    [Fact]
    public async Task The_provider_ends_what_it_offered()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = await NegotiationPlay.AsProviderAsync(kit, "CN_C_02_04");
        await play.OfferAsync();
        await play.MustBeAsync("OFFERED");
        await play.TerminateAsync();
        await play.MustBeAsync("TERMINATED");
        kit.Verify();
    }

    [Fact]
    public async Task The_provider_ends_what_was_accepted()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = await NegotiationPlay.AsProviderAsync(kit, "CN_C_02_05");
        var accepted = play.ExpectAccepted();
        await play.OfferAsync();
        await accepted;
        await play.TerminateAsync();
        await play.MustBeAsync("TERMINATED");
        kit.Verify();
    }

    [Fact]
    public async Task The_provider_ends_what_was_verified()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = await NegotiationPlay.AsProviderAsync(kit, "CN_C_02_06");
        var verification = play.ExpectVerification();
        await play.AgreeAsync();
        await verification;
        await play.TerminateAsync();
        await play.MustBeAsync("TERMINATED");
        kit.Verify();
    }

    [Fact]
    public async Task A_request_cannot_be_finalized()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = await NegotiationPlay.AsProviderAsync(kit, "CN_C_03_01");
        await play.FinalizeIllegallyAsync();
        await play.MustBeAsync("REQUESTED");
        kit.Verify();
    }

    [Fact]
    public async Task An_offer_that_was_not_accepted_cannot_be_agreed_on()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = await NegotiationPlay.AsProviderAsync(kit, "CN_C_03_02");
        await play.OfferAsync();
        await play.MustBeAsync("OFFERED");
        await play.AgreeIllegallyAsync();
        await play.MustBeAsync("OFFERED");
        kit.Verify();
    }

    [Fact]
    public async Task An_offer_cannot_be_finalized()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = await NegotiationPlay.AsProviderAsync(kit, "CN_C_03_03");
        await play.OfferAsync();
        await play.FinalizeIllegallyAsync();
        await play.MustBeAsync("OFFERED");
        kit.Verify();
    }

    [Fact]
    public async Task An_accepted_offer_cannot_be_finalized()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = await NegotiationPlay.AsProviderAsync(kit, "CN_C_03_04");
        var accepted = play.ExpectAccepted();
        await play.OfferAsync();
        await accepted;
        await play.FinalizeIllegallyAsync();
        await play.MustBeAsync("ACCEPTED");
        kit.Verify();
    }

    [Fact]
    public async Task After_an_accepted_offer_no_other_can_be_made()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = await NegotiationPlay.AsProviderAsync(kit, "CN_C_03_05");
        var accepted = play.ExpectAccepted();
        await play.OfferAsync();
        await accepted;
        await play.OfferIllegallyAsync();
        await play.MustBeAsync("ACCEPTED");
        kit.Verify();
    }

    [Fact]
    public async Task An_agreement_that_was_not_verified_cannot_be_finalized()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = await NegotiationPlay.AsProviderAsync(kit, "CN_C_03_06");
        var accepted = play.ExpectAccepted();
        await play.OfferAsync();
        await accepted;
        await play.AgreeAsync();
        await play.FinalizeIllegallyAsync();
        await play.MustBeAsync("AGREED");
        kit.Verify();
    }
}
