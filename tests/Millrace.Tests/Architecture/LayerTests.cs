using ArchUnitNET.Loader;
using Millrace.Protocol;

namespace Millrace.Tests.Architecture;

public sealed class LayerTests
{
    private static readonly Lazy<IReadOnlyList<Use>> _ours = new(() => UsesOf(
        typeof(Decision<>).Assembly,
        System.Reflection.Assembly.Load("Millrace.Log"),
        System.Reflection.Assembly.Load("Millrace.Engine"),
        System.Reflection.Assembly.Load("millrace")));

    public static TheoryData<string, string> Rules =>
        [.. LayerRules.All.Select(rule => (rule.From, rule.To)).Distinct()];

    [Theory, MemberData(nameof(Rules))]
    public void The_direction_holds(string from, string to) =>
        Findings.None(Rule(from, to).Broken(_ours.Value));

    [Theory, MemberData(nameof(Rules))]
    public void The_direction_can_fail(string from, string to) =>
        Assert.Single(
            Rule(from, to).Broken([new Use(from + ".Inner.Bad", to + ".Other"), new Use(to + ".A", from + ".B")]));

    [Fact]
    public void Every_folder_of_the_node_stands_in_the_table() =>
        Findings.None(LayerRules.Unruled(_ours.Value.Select(use => use.User).Distinct()));

    [Fact]
    public void A_folder_that_stands_in_no_table_is_found() =>
        Assert.Single(
            LayerRules.Unruled(["Millrace.Node.Misc.Thing", "Millrace.Node.Storage.Thing", "Millrace.Node.Ids"]));

    [Fact]
    public void Uses_are_seen_in_signatures_bodies_lambdas_and_awaits()
    {
        var seen = UsesOf(typeof(LayerTests).Assembly)
            .Where(use => use.User.StartsWith(typeof(Planted).FullName!, StringComparison.Ordinal))
            .Select(use => use.Used.Split('.')[^1])
            .ToHashSet();
        Assert.Superset(
            new HashSet<string> { "Version", "StringBuilder", "UriBuilder", "Stopwatch", "Random" }, seen);
    }

    private static LayerRule Rule(string from, string to) =>
        LayerRules.All.First(rule => rule.From == from && rule.To == to);

    private static List<Use> UsesOf(params System.Reflection.Assembly[] assemblies) =>
    [
        .. from type in new ArchLoader().LoadAssemblies(assemblies).Build().Types
           from dependency in type.Dependencies
           select new Use(type.FullName, dependency.Target.FullName) into use
           group use by use into once
           select once.Key,
    ];
}

/// <summary>Uses one type in each of the ways that a scan of dependencies may miss.</summary>
internal static class Planted
{
    internal static Version? Signature(Version? version) => version;

    internal static string Body() => new System.Text.StringBuilder().ToString();

    internal static Func<string> Lambda() => () => new UriBuilder().ToString();

    internal static async Task<object> AwaitAsync()
    {
        await Task.Yield();
        return new System.Diagnostics.Stopwatch();
    }

    internal static IEnumerable<int> Iterator()
    {
        yield return new Random().Next();
    }
}
