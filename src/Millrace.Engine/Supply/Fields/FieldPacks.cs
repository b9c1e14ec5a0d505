using System.Reflection;

namespace Millrace.Engine.Supply.Fields;

/// <summary>The packs that the program brings along, checked when they are first asked for.</summary>
public static class FieldPacks
{
    /// <summary>The pack of elements that every field has.</summary>
    public const string Common = "common";

    private const string Prefix = "sectors/";

    private static readonly Lazy<IReadOnlyList<FieldPack>> _all = new(Load);

    private static readonly Lazy<Dictionary<string, FieldElement>> _elements = new(() =>
        All.SelectMany(p => p.Elements.Select(e => new FieldElement(p.Field, e)))
            .SelectMany(e => new[] { (Key: e.Name, e), (Key: e.Element.Id, e) })
            .ToDictionary(e => e.Key, e => e.e, StringComparer.Ordinal));

    /// <summary>By name.</summary>
    public static IReadOnlyList<FieldPack> All => _all.Value;

    public static FieldPack? Find(string field) => All.FirstOrDefault(p => p.Field == field);

    /// <summary>An element by its name, <c>field/id</c>, or by its id alone; null: no pack has it.</summary>
    public static FieldElement? FindElement(string name) => _elements.Value.GetValueOrDefault(name);

    /// <summary>The names of all code lists.</summary>
    public static IReadOnlyList<string> Lists =>
        [.. All.SelectMany(p => p.Lists.Keys).Order(StringComparer.Ordinal)];

    /// <summary>
    /// By what stands for it, in lower case, the code of a list; null: no pack has that list.
    /// </summary>
    public static IReadOnlyDictionary<string, string>? Codes(string list) =>
        All.FirstOrDefault(p => p.Lists.ContainsKey(list)) is { } pack
            ? pack.Readings(pack.Lists[list]).ToDictionary(r => r.Written, r => r.Code)
            : null;

    private static List<FieldPack> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return
        [
            .. assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal).Select(name => PackReader.Read(Text(assembly, name))),
        ];
    }

    private static string Text(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
