using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Millrace.Engine.Supply.Contracts;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.Fields;

/// <summary>Reads a pack and takes nothing that it does not know, and no element whose standard is not named.</summary>
public static class PackReader
{
    /// <exception cref="PackException">Its message names each fault by its place.</exception>
    public static FieldPack Read(string yaml)
    {
        FieldPack pack;
        try
        {
            pack = JsonSerializer.Deserialize(YamlText.Read(yaml), PackJson.Default.FieldPack)
                ?? throw new PackException("The pack is empty.");
        }
        catch (JsonException e)
        {
            throw new PackException($"The pack cannot be read at {e.Path}: {e.Message}");
        }
        catch (ContractException e)
        {
            throw new PackException(e.Message.Replace("contract", "pack", StringComparison.Ordinal));
        }
        var faults = Faults(pack).ToList();
        return faults.Count == 0 ? pack : throw new PackException(
            $"The pack {pack.Field} cannot be taken: {string.Join(" ", faults)}");
    }

    private static IEnumerable<string> Faults(FieldPack pack)
    {
        var ids = new HashSet<string>();
        foreach (var element in pack.Elements)
        {
            if (!ids.Add(element.Id)) yield return $"{element.Id} stands there twice.";
            foreach (var fault in Faults(pack, element)) yield return $"{element.Id}: {fault}";
        }
        foreach (var (name, list) in pack.Lists)
        {
            if (!Cites(pack, list.Source)) yield return $"{name}: {list.Source} names no standard of the pack.";
            if (list.All.Count == 0) yield return $"{name}: the list is empty.";
            if (list.Values?.Values.Any(v => IsBlank(v.En) || IsBlank(v.Zh)) == true)
                yield return $"{name}: each value needs both languages.";
            foreach (var fault in Faults(pack, list)) yield return $"{name}: {fault}";
        }
        foreach (var fault in Offered(pack.Offer)) yield return fault;
    }

    private static IEnumerable<string> Faults(FieldPack pack, DataElement element)
    {
        if (new[] { element.En, element.Zh }.Any(m => IsBlank(m.Term) || IsBlank(m.Definition)))
            yield return "term and definition are needed in both languages.";
        if (!element.Zh.Definition.Any(IsHan)) yield return "its Chinese definition holds no Chinese.";
        if (element.Source.Count == 0) yield return "no standard is cited.";
        foreach (var source in element.Source.Where(s => !Cites(pack, s)))
            yield return $"{source} names no standard of the pack and a place in it.";
        var names = element.Names.Concat(element.Weak ?? []).ToList();
        if (names.Count == 0) yield return "no name by which a column calls it.";
        foreach (var name in names.Where(n => ColumnWords.Of(n).Text != n))
            yield return $"the name {name} must be in lower case, words apart.";
        if (element.Unit is { } unit && Units.Find(unit) is null) yield return $"the unit {unit} is not known.";
        foreach (var list in (element.Lists ?? []).Where(l => !pack.Lists.ContainsKey(l)))
            yield return $"there is no list {list}.";
        if (element.Rules is { Minimum: { } low, Maximum: { } high } && low > high)
            yield return "its minimum is above its maximum.";
        if (element.Rules?.Pattern is { } pattern && !IsPattern(pattern)) yield return $"{pattern} is no pattern.";
    }

    private static IEnumerable<string> Faults(FieldPack pack, CodeList list)
    {
        if (list.Mirrors is { } other && pack.Lists.GetValueOrDefault(other)?.Same is null)
        {
            yield return $"it mirrors {other}, which says nothing of other codes.";
            yield break;
        }
        foreach (var (_, code) in pack.Readings(list).Where(r => !list.Has(r.Code)))
            yield return $"{code} is no code of it.";
        foreach (var same in pack.Readings(list).GroupBy(r => r.Written).Where(g => g.Count() > 1))
            yield return $"{same.Key} stands for {string.Join(" and ", same.Select(s => s.Code))}.";
    }

    private static IEnumerable<string> Offered(OfferBlank? offer)
    {
        if (offer is null) yield break;
        if (PolicyTemplates.Find(offer.Template) is not { } template)
        {
            yield return $"There is no template of offers {offer.Template}.";
            yield break;
        }
        foreach (var name in offer.Values.Keys.Where(n => template.Blanks.All(b => b.Name != n)))
            yield return $"The template {offer.Template} has no blank {name}.";
    }

    private static bool Cites(FieldPack pack, string source) =>
        source.Split(": ", 2) is [var standard, { Length: > 0 }] && pack.Standards.ContainsKey(standard);

    private static bool IsPattern(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking).ToString().Length > 0;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    private static bool IsBlank(string text) => string.IsNullOrWhiteSpace(text);

    private static bool IsHan(char c) => c is >= '一' and <= '鿿';
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(FieldPack))]
internal sealed partial class PackJson : JsonSerializerContext;
