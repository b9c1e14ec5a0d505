using System.Text.Json;
using Millrace.Node.Api;
using Millrace.Tests.Delivery;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Transfers;

/// <summary>The consumer's own account of what it gets.</summary>
public sealed class ReceptionTests(StreamWorld world) : IClassFixture<StreamWorld>
{
    [Fact]
    public async Task What_comes_is_written_down_before_its_first_byte_is_passed_on_and_again_at_its_end()
    {
        var (consumer, agreement, reader) = await BeginAsync("early");
        using var open = reader;
        var begun = Assert.Single(await consumer.EvidenceAsync("read-begun"));
        Assert.Empty(await consumer.EvidenceAsync("read-received"));
        var announced = begun.Body.GetProperty("data");
        Assert.Equal(
            (reader.Read, 1, StreamWorld.Rows, reader.Length),
            (Text(announced, "read"), Number(announced, "version"), Number(announced, "rows"),
                Number(announced, "bytes")));
        var sha256 = Convert.FromHexString(Text(announced, "etag").Trim('"'));
        Assert.Equal($"sha-256=:{Convert.ToBase64String(sha256)}:", Text(announced, "digest"));
        var used = await consumer.AgreementAsync(agreement);
        Assert.Equal((1, StreamWorld.Rows), (used.Reads, used.Rows));

        Assert.Equal(reader.Length, await reader.ReadToEndAsync());
        var received = (await ReceivedAsync(consumer)).Body.GetProperty("data");
        Assert.Equal(
            (begun.Id, reader.Length, true),
            (Text(received, "begun"), Number(received, "bytes"), received.GetProperty("complete").GetBoolean()));
        used = await consumer.AgreementAsync(agreement);
        Assert.Equal((1, StreamWorld.Rows, reader.Length), (used.Reads, used.Rows, used.Bytes));
    }

    [Fact]
    public async Task Who_leaves_before_the_end_has_received_a_part()
    {
        var (consumer, agreement, reader) = await BeginAsync("hasty");
        reader.Dispose();
        var received = (await ReceivedAsync(consumer)).Body.GetProperty("data");
        Assert.False(received.GetProperty("complete").GetBoolean());
        Assert.InRange(Number(received, "bytes"), 1, reader.Length - 1);
        Assert.Equal(Number(received, "bytes"), (await consumer.AgreementAsync(agreement)).Bytes);
    }

    /// <summary>A consumer of its own, and someone who has begun to read the table through its node.</summary>
    private async Task<(TestParticipant Consumer, string Agreement, SlowReader Reader)> BeginAsync(string name)
    {
        var consumer = await world.Node.AddAsync(name);
        var agreement = await consumer.AgreeAsync(world.Holder, world.Product);
        var transfer = await consumer.TransferAsync(agreement);
        var http = world.Node.Http;
        var csv = new Uri(http.BaseAddress!, consumer.Path($"transfers/{transfer.Id}/data?format=csv"));
        var token = http.DefaultRequestHeaders.Authorization!.Parameter!;
        return (consumer, agreement, await SlowReader.OpenAsync(csv, token));
    }

    private static async Task<EvidenceEntry> ReceivedAsync(TestParticipant consumer) =>
        Assert.Single(await Until.SeenAsync(() => consumer.EvidenceAsync("read-received"), e => e.Count > 0));

    private static string Text(JsonElement data, string member) => data.GetProperty(member).GetString()!;

    private static long Number(JsonElement data, string member) => data.GetProperty(member).GetInt64();
}
