namespace Millrace.Tests.Conformance;

/// <summary>The kit's tests TP_C: it is the provider, the node the consumer.</summary>
public sealed class ConsumerTransferTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task The_provider_starts_and_ends()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = await TransferPlay.AsProviderAsync(kit, "TP_C_01_01");
        await play.StartAsync();
        await play.MustBeAsync("STARTED");
        await play.TerminateAsync();
        await play.MustBeAsync("TERMINATED");
        kit.Verify();
    }

    [Fact]
    public async Task The_provider_starts_and_completes()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = await TransferPlay.AsProviderAsync(kit, "TP_C_01_02");
        await play.StartAsync();
        await play.MustBeAsync("STARTED");
        await play.CompleteAsync();
        await play.MustBeAsync("COMPLETED");
        kit.Verify();
    }

    [Fact]
    public async Task The_provider_starts_suspends_and_ends()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = await TransferPlay.AsProviderAsync(kit, "TP_C_01_03");
        await play.StartAsync();
        await play.MustBeAsync("STARTED");
        await play.SuspendAsync();
        await play.MustBeAsync("SUSPENDED");
        await play.TerminateAsync();
        await play.MustBeAsync("TERMINATED");
        kit.Verify();
    }

    [Fact]
    public async Task The_provider_starts_suspends_resumes_and_completes()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = await TransferPlay.AsProviderAsync(kit, "TP_C_01_04");
        await play.StartAsync();
        await play.MustBeAsync("STARTED");
        await play.SuspendAsync();
        await play.MustBeAsync("SUSPENDED");
        await play.StartAsync(address: false);
        await play.MustBeAsync("STARTED");
        await play.CompleteAsync();
        await play.MustBeAsync("COMPLETED");
        kit.Verify();
    }

    [Fact]
    public async Task The_provider_ends_a_request()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = await TransferPlay.AsProviderAsync(kit, "TP_C_01_05");
        await play.TerminateAsync();
        await play.MustBeAsync("TERMINATED");
        kit.Verify();
    }

    [Fact]
    public async Task The_consumer_ends_what_was_started()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = await TransferPlay.AsProviderAsync(kit, "TP_C_02_01");
        var termination = play.ExpectTermination();
        await play.StartAsync();
        await termination;
        await play.MustBeAsync("TERMINATED");
        kit.Verify();
    }

    [Fact]
    public async Task The_consumer_completes_what_was_started()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = await TransferPlay.AsProviderAsync(kit, "TP_C_02_02");
        var completion = play.ExpectCompletion();
        await play.StartAsync();
        await completion;
        await play.MustBeAsync("COMPLETED");
        kit.Verify();
    }

    [Fact]
    public async Task The_consumer_suspends_and_ends_what_was_started()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = await TransferPlay.AsProviderAsync(kit, "TP_C_02_03");
        var suspension = play.ExpectSuspension();
        await play.StartAsync();
        await suspension;
        var termination = play.ExpectTermination();
        await termination;
        await play.MustBeAsync("TERMINATED");
        kit.Verify();
    }

    [Fact]
    public async Task The_consumer_ends_its_own_request()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = await TransferPlay.AsProviderAsync(kit, "TP_C_02_05");
        var termination = play.ExpectTermination();
        await termination;
        await play.MustBeAsync("TERMINATED");
        kit.Verify();
    }

    [Fact]
    public async Task A_request_cannot_be_completed()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = await TransferPlay.AsProviderAsync(kit, "TP_C_03_01");
        await play.MustBeAsync("REQUESTED");
        await play.CompleteIllegallyAsync();
        await play.MustBeAsync("REQUESTED");
        kit.Verify();
    }

    [Fact]
    public async Task A_request_cannot_be_suspended()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = await TransferPlay.AsProviderAsync(kit, "TP_C_03_02");
        await play.MustBeAsync("REQUESTED");
        await play.SuspendIllegallyAsync();
        await play.MustBeAsync("REQUESTED");
        kit.Verify();
    }

    [Fact]
    public async Task What_is_suspended_cannot_be_completed()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = await TransferPlay.AsProviderAsync(kit, "TP_C_03_03");
        await play.StartAsync();
        await play.MustBeAsync("STARTED");
        await play.SuspendAsync();
        await play.MustBeAsync("SUSPENDED");
        await play.CompleteIllegallyAsync();
        await play.MustBeAsync("SUSPENDED");
        kit.Verify();
    }

    [Fact]
    public async Task What_has_ended_cannot_be_started()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = await TransferPlay.AsProviderAsync(kit, "TP_C_03_04");
        await play.MustBeAsync("REQUESTED");
        await play.StartAsync();
        await play.MustBeAsync("STARTED");
        await play.TerminateAsync();
        await play.MustBeAsync("TERMINATED");
        await play.StartIllegallyAsync();
        await play.MustBeAsync("TERMINATED");
        kit.Verify();
    }

    [Fact]
    public async Task What_has_ended_cannot_be_suspended()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = await TransferPlay.AsProviderAsync(kit, "TP_C_03_05");
        await play.MustBeAsync("REQUESTED");
        await play.StartAsync();
        await play.MustBeAsync("STARTED");
        await play.TerminateAsync();
        await play.MustBeAsync("TERMINATED");
        await play.SuspendIllegallyAsync();
        await play.MustBeAsync("TERMINATED");
        kit.Verify();
    }

    [Fact]
    public async Task What_has_ended_cannot_be_completed()
    {
        await using var kit = await Kit.StartAsync(host);
        var play = await TransferPlay.AsProviderAsync(kit, "TP_C_03_06");
        await play.MustBeAsync("REQUESTED");
        await play.StartAsync();
        await play.MustBeAsync("STARTED");
        await play.TerminateAsync();
        await play.MustBeAsync("TERMINATED");
        await play.CompleteIllegallyAsync();
        await play.MustBeAsync("TERMINATED");
        kit.Verify();
    }
}
