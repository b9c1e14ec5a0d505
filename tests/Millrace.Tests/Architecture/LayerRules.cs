namespace Millrace.Tests.Architecture;

/// <summary>That one type uses another, both by full name.</summary>
public readonly record struct Use(string User, string Used);

/// <summary>What lies in one namespace must not use another.</summary>
public sealed record LayerRule(string From, string To, string Reason)
{
    /// <summary>The uses that break this rule, as sentences.</summary>
    public IEnumerable<string> Broken(IEnumerable<Use> uses) =>
        from use in uses
        where LayerRules.IsIn(use.User, From) && LayerRules.IsIn(use.Used, To)
        select $"{use.User} uses {use.Used}: {Reason}";
}

/// <summary>The directions of docs/ARCHITECTURE.md as one table.</summary>
public static class LayerRules
{
    private const string Node = "Millrace.Node.";

    /// <summary>What Millrace is for: a folder a feature.</summary>
    public static readonly IReadOnlyList<string> Features =
    [
        "Participants", "Products", "Catalogues", "Negotiations", "Agreements", "Transfers",
        "Downloads", "Queries", "Sharing", "Flight", "Rooms", "Corpus", "Metering", "Scenarios",
    ];

    /// <summary>
    /// What serves the features and knows none of them. Delivery is the one gate, which every way of reading passes.
    /// </summary>
    public static readonly IReadOnlyList<string> Services =
        ["Api", "Delivery", "Evidence", "Identity", "Messaging", "Sources", "Storage"];

    /// <summary>What people touch; it reads through features, and nothing reads through it.</summary>
    public static readonly IReadOnlyList<string> Faces = ["Commands", "Portal"];

    /// <summary>What puts the parts together; it may use all.</summary>
    public static readonly IReadOnlyList<string> Roots = ["Hosting", "Demo"];

    public static readonly IReadOnlyList<LayerRule> All = [.. Projects(), .. Folders()];

    /// <summary>The folders of the node that no list above names: no rule would hold them.</summary>
    public static IEnumerable<string> Unruled(IEnumerable<string> typeNames) =>
        from name in typeNames
        where name.StartsWith(Node, StringComparison.Ordinal)
        let parts = name[Node.Length..].Split('.')
        where parts.Length > 1 // Types of the node's own namespace serve all.
        let folder = parts[0]
        where !Features.Concat(Services).Concat(Faces).Concat(Roots).Contains(folder)
        select $"{name}: name the folder {folder} in LayerRules, as a feature, a service, a face or a root.";

    /// <summary>Whether a type lies in a namespace, or is the type that a rule names.</summary>
    public static bool IsIn(string type, string space) =>
        type == space || type.StartsWith(space + ".", StringComparison.Ordinal);

    private static IEnumerable<LayerRule> Projects()
    {
        (string From, string[] To, string Reason)[] table =
        [
            ("Millrace.Protocol", ["Millrace.Log", "Millrace.Engine", "Millrace.Node"], "Protocol stands alone."),
            ("Millrace.Log", ["Millrace.Protocol", "Millrace.Engine", "Millrace.Node"], "Log stands alone."),
            ("Millrace.Engine", ["Millrace.Log", "Millrace.Node"], "Engine uses only Protocol."),
            ("Millrace.Node", ["DuckDB"], "Only Engine touches DuckDB."),
            ("Millrace.Protocol", ["System.IO.File", "System.IO.Directory", "System.Net.Http"], "Protocol is pure."),
            ("Millrace.Log", ["System.IO.File", "System.IO.Directory", "System.Net.Http"], "Log is pure."),
        ];
        return from row in table from to in row.To select new LayerRule(row.From, to, row.Reason);
    }

    private static IEnumerable<LayerRule> Folders()
    {
        foreach (var feature in Features)
        {
            foreach (var other in Features.Where(other => other != feature))
                yield return new LayerRule(
                    Node + feature, Node + other, "Features meet in Protocol records and Storage tables only.");
            foreach (var service in Services)
                yield return new LayerRule(Node + service, Node + feature, "What serves features knows none of them.");
        }

        foreach (var face in Faces)
            foreach (var other in Features.Concat(Services).Concat(Faces).Where(other => other != face))
                yield return new LayerRule(Node + other, Node + face, "Nothing reads through the faces.");
    }
}
