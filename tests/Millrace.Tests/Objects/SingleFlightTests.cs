using System.Globalization;
using Millrace.Node.Storage.Objects;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Objects;

public sealed class SingleFlightTests
{
    /// <summary>Often and side by side, so that someone is quick enough to find the failure still under way.</summary>
    [Fact]
    public async Task Who_was_told_of_a_failure_and_asks_again_is_served_anew()
    {
        var flights = new SingleFlight<int>();
        await Parallel.ForAsync(0, 50, TestNode.Cancel, async (n, cancel) =>
        {
            var key = n.ToString(CultureInfo.InvariantCulture);
            for (var round = 0; round < 2000; round++)
            {
                await Assert.ThrowsAsync<IOException>(() => flights.JoinAsync(key, FailAsync, cancel));
                var (said, file) = await flights.JoinAsync(
                    key, () => Task.FromResult((round, new LocalFile("a"))), cancel);
                file.Dispose();
                Assert.Equal(round, said);
            }
        });
    }

    private static async Task<(int Said, LocalFile File)> FailAsync()
    {
        await Task.Yield();
        throw new IOException("It is gone.");
    }
}
