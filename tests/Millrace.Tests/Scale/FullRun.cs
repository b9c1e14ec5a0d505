namespace Millrace.Tests.Scale;

/// <summary>What takes minutes runs with <c>./test --full</c> only.</summary>
internal static class FullRun
{
    public static bool IsOn => Environment.GetEnvironmentVariable("MILLRACE_TESTS") == "full";

    public static void Require() => Assert.SkipUnless(IsOn, "It takes minutes: run it with ./test --full.");
}
