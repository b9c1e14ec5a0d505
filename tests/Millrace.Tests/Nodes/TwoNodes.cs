using Millrace.Tests.Nodes;

[assembly: AssemblyFixture(typeof(TwoNodes))]

namespace Millrace.Tests.Nodes;

/// <summary>
/// One node per database for the whole test run, started when the first test asks. Tests do not meet on them: each adds
/// participants of its own, and no query crosses that line.
/// </summary>
public sealed class TwoNodes : IDisposable
{
    private readonly SemaphoreSlim _starting = new(1);
    private readonly Dictionary<string, TestNode> _nodes = [];
    private int _participants;

    /// <summary>The node over this database.</summary>
    public async Task<TestNode> OnAsync(string database)
    {
        await _starting.WaitAsync(TestNode.Cancel);
        try
        {
            if (!_nodes.TryGetValue(database, out var node))
            {
                _nodes[database] = node = await TestNode.StartAsync(database);
                (await TestNode.PostgresAsync()).DisposeFirst(node); // The order of fixtures is not ours to say.
            }
            return node;
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>A fresh participant on the node over this database.</summary>
    public async Task<TestParticipant> ParticipantAsync(string database, string name = "holder")
    {
        var node = await OnAsync(database);
        return await node.AddAsync($"{name}-{Interlocked.Increment(ref _participants)}");
    }

    /// <summary>A fresh participant on the node over the other database.</summary>
    public Task<TestParticipant> AcrossAsync(string database, string name = "reader") =>
        ParticipantAsync(database == "sqlite" ? "postgresql" : "sqlite", name);

    public void Dispose() => _starting.Dispose();
}
