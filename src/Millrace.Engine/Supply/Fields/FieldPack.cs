using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Millrace.Engine.Supply.Fields;

/// <summary>
/// What a field of work (transport, finance …) calls its data: common data elements, code lists, rules, and terms to
/// begin with. A pack proposes; people decide.
/// </summary>
/// <param name="Field">Its name, as it is typed.</param>
/// <param name="Standards">By short name, the standards that elements and lists are taken from.</param>
/// <param name="Lists">Code lists by name.</param>
/// <param name="Weights">By dimension of the quality report, as a contract's <c>millrace.weights</c>.</param>
/// <param name="Offer">Terms to begin with; null for the pack that all fields share.</param>
public sealed record FieldPack(
    string Field, int Version, Named Title, IReadOnlyDictionary<string, string> Standards,
    IReadOnlyList<DataElement> Elements, IReadOnlyDictionary<string, CodeList> Lists,
    IReadOnlyDictionary<string, decimal> Weights, OfferBlank? Offer = null)
{
    /// <summary>
    /// What stands for the codes of a list, in lower case, each with its code: the codes, what they mean in both
    /// languages, and what others write.
    /// </summary>
    public IEnumerable<(string Written, string Code)> Readings(CodeList list) =>
        list.All.Select(c => (c, c))
            .Concat((list.Values ?? EmptyValues).SelectMany(v => new[] { (v.Value.En, v.Key), (v.Value.Zh, v.Key) }))
            .Concat((list.Same ?? EmptySame).Select(s => (s.Key, s.Value)))
            .Concat(list.Mirrors is { } other ? Mirrored(list, Lists[other]) : [])
            .Select(r => (r.Item1.ToLowerInvariant(), r.Item2)).Distinct();

    /// <summary>All that stands for a code of the other list stands for its own code.</summary>
    private IEnumerable<(string Written, string Code)> Mirrored(CodeList list, CodeList other)
    {
        var own = other.Same!.Where(s => list.Has(s.Key)).ToDictionary(s => s.Value, s => s.Key);
        return Readings(other).Where(r => own.ContainsKey(r.Code)).Select(r => (r.Written, own[r.Code]));
    }

    private static readonly Dictionary<string, Named> EmptyValues = [];
    private static readonly Dictionary<string, string> EmptySame = [];
}

/// <summary>The same in both languages.</summary>
public sealed record Named(string En, string Zh);

/// <summary>What an element is called and means, in one language.</summary>
public sealed record Meaning(string Term, string Definition);

/// <summary>What a column of a field can hold.</summary>
/// <param name="Id">Unique over all packs, and never given to another element.</param>
/// <param name="Source">Each as <c>standard: place in it</c>.</param>
/// <param name="Names">What columns that hold it are called, in lower case, words apart.</param>
/// <param name="Weak">Names that others use as well: they need more than the name.</param>
/// <param name="Unit">A UCUM code.</param>
/// <param name="Lists">Code lists of the pack, each of which may be meant.</param>
public sealed record DataElement(
    string Id, Meaning En, Meaning Zh, ElementType Type, IReadOnlyList<string> Source, IReadOnlyList<string> Names,
    IReadOnlyList<string>? Weak = null, string? Unit = null, IReadOnlyList<string>? Lists = null,
    ElementRules? Rules = null);

/// <summary>An element with the field whose pack has it.</summary>
public sealed record FieldElement(string Field, DataElement Element)
{
    /// <summary>What it is called wherever one is named: <c>common/calendar-date</c>.</summary>
    public string Name => $"{Field}/{Element.Id}";

    /// <summary>
    /// Whether equal values of it mean the same thing: a date or the code of a station does, a temperature or a count
    /// does not.
    /// </summary>
    public bool Identifies => Element.Type is ElementType.Text or ElementType.Date or ElementType.Timestamp;
}

[JsonConverter(typeof(JsonStringEnumConverter<ElementType>))]
[SuppressMessage("Naming", "CA1720", Justification = "The type of a value.")]
public enum ElementType
{
    [JsonStringEnumMemberName("text")]
    Text,
    [JsonStringEnumMemberName("integer")]
    Integer,
    [JsonStringEnumMemberName("number")]
    Number,
    [JsonStringEnumMemberName("boolean")]
    Boolean,
    [JsonStringEnumMemberName("date")]
    Date,
    [JsonStringEnumMemberName("time")]
    Time,

    /// <summary>A date with a time of day.</summary>
    [JsonStringEnumMemberName("timestamp")]
    Timestamp,
}

/// <summary>What holds of every value; named as in a data contract.</summary>
/// <param name="Pattern">Of the whole value.</param>
public sealed record ElementRules(
    bool Required = false, bool Unique = false, decimal? Minimum = null, decimal? Maximum = null,
    string? Pattern = null);

/// <summary>The values that a standard allows.</summary>
/// <param name="Values">Each with what it means.</param>
/// <param name="Codes">Values of a list that is too long to explain here.</param>
/// <param name="Same">By what others write, the code.</param>
/// <param name="Mirrors">A list of the pack whose <paramref name="Same"/> also says these codes, the other way.</param>
public sealed record CodeList(
    string Source, IReadOnlyDictionary<string, Named>? Values = null, IReadOnlyList<string>? Codes = null,
    IReadOnlyDictionary<string, string>? Same = null, string? Mirrors = null)
{
    private readonly HashSet<string> _all = new(
        (Values?.Keys ?? []).Concat(Codes ?? []), StringComparer.OrdinalIgnoreCase);

    [JsonIgnore]
    public IReadOnlyList<string> All => [.. (Values?.Keys ?? []).Concat(Codes ?? [])];

    /// <summary>Upper and lower case are the same.</summary>
    public bool Has(string value) => _all.Contains(value);
}

/// <summary>A template of offers with its blanks filled in, except for those that only the holder knows.</summary>
public sealed record OfferBlank(string Template, IReadOnlyDictionary<string, string> Values);
