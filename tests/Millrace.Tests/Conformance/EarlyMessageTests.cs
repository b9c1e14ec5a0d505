namespace Millrace.Tests.Conformance;

public sealed class EarlyMessageTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task A_message_that_the_peer_does_not_know_yet_comes_again_and_the_next_one_waits_for_it()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = NegotiationPlay.AsConsumer(kit, "CN_02_05"); // An offer, and right after it the ending.
        await play.RequestAsync();
        await kit.EarlyAsync();
        var offer = play.ExpectOffer();
        var termination = play.ExpectTermination();
        await offer;
        await termination;
        await play.MustBeAsync("TERMINATED");
        kit.Verify();
    }
}
