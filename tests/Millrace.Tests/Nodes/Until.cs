namespace Millrace.Tests.Nodes;

/// <summary>Waits for what follows an answer and is no part of it. Each look is a request, which paces it.</summary>
internal static class Until
{
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(30);

    /// <summary>Looks again until what is seen is as it should be; the test fails with what was seen last.</summary>
    public static async Task<T> SeenAsync<T>(Func<Task<T>> look, Func<T, bool> right)
    {
        using var end = new CancellationTokenSource(AtMost);
        while (true)
        {
            var seen = await look();
            if (right(seen))
                return seen;
            Assert.False(end.IsCancellationRequested, $"Still {seen}");
            TestNode.Cancel.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
