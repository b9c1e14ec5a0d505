using Millrace.Tests.Delivery;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Sharing;

/// <summary>A file that is being sent by a signed URL when the contract ends.</summary>
public sealed class OpenFileTests(StreamWorld world) : IClassFixture<StreamWorld>
{
    [Fact]
    public async Task A_withdrawal_cuts_it_and_only_what_left_is_counted()
    {
        var (holder, agreement, access) = await world.BeginAsync();
        var client = new SharingClient(holder, agreement, access.Token, world.Product.Id);
        using var reader = await SlowReader.OpenAsync(new Uri((await client.QueryAsync()).Url), access.Token);
        Assert.Equal(reader.Length, (await holder.AgreementAsync(agreement)).Bytes);
        await holder.WithdrawAsync(agreement);
        world.Time.Advance(world.Node.Options.Limits.GateInterval);
        // Only now may the reader go on: what it took before the gate was asked again, it would have had rightly.
        var used = await Until.SeenAsync(() => holder.AgreementAsync(agreement), a => a.Bytes < reader.Length);
        Assert.True(await reader.ReadToEndAsync() < reader.Length, "The stream was not cut.");
        Assert.Equal((1, StreamWorld.Rows), (used.Reads, used.Rows));
        var refused = (await holder.EvidenceAsync("read-refused")).Select(e => e.Body.GetProperty("data"))
            .Single(d => d.GetProperty("agreement").GetString() == agreement);
        Assert.Equal("withdrawn", refused.GetProperty("code").GetString());
    }
}
