namespace Millrace.Tests.Architecture;

/// <summary>What a rule found in the repository.</summary>
internal static class Findings
{
    /// <summary>Fails with every finding on a line of its own.</summary>
    internal static void None(IEnumerable<string> findings)
    {
        var all = findings.ToList();
        if (all.Count > 0) Assert.Fail($"{all.Count} found:\n{string.Join('\n', all)}");
    }
}
