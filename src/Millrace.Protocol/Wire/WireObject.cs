using System.Text.Json;
using Millrace.Protocol.Policies;

namespace Millrace.Protocol;

/// <summary>What went wrong while a message was read: the first thing counts, later ones may follow from it.</summary>
internal sealed class WireFindings
{
    public Refusal? First { get; private set; }

    /// <summary>Whether any name was used that only the DSP context explains.</summary>
    public bool UsesContext { get; set; }

    public void Refuse(string code, string reason, string? rule = null) =>
        First ??= new Refusal(code, reason, rule);
}

/// <summary>
/// One JSON object, asked for its members by their compact names. A wrong member leaves a finding and yields a
/// stand-in, so that readers list members as the schemas do; whoever reads looks at the findings first.
/// <para>
/// Lenient as JSON-LD peers need: names with prefix or as full IRI, a single value for an array, an array of one for a
/// value, <c>{"@id"}</c> and <c>{"@value"}</c> for strings, null for absent.
/// </para>
/// </summary>
internal sealed class WireObject
{
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly string _path;
    private readonly WireFindings _findings;

    public WireObject(JsonElement json, string path, WireFindings findings)
    {
        (_path, _findings) = (path, findings);
        json = One(json);
        if (json.ValueKind != JsonValueKind.Object)
        {
            findings.Refuse("malformed", $"{(path.Length == 0 ? "The message" : path)} must be a JSON object.");
            return;
        }

        foreach (var member in json.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null) continue;
            var name = Dspace.Compact(member.Name, out var usesContext);
            findings.UsesContext |= usesContext;
            if (!_members.TryAdd(name, member.Value)) findings.Refuse("malformed", $"{At(name)} is there twice.");
        }
    }

    /// <summary>All members by compact name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Members => _members;

    public bool Has(string name) => _members.ContainsKey(name);

    /// <summary>The types that the object claims, without their namespaces.</summary>
    public IReadOnlyList<string> Types()
    {
        if (!_members.TryGetValue("@type", out var types)) return [];
        var words = new List<string>();
        foreach (var type in Items(types))
        {
            if (type.ValueKind != JsonValueKind.String) continue;
            words.Add(Dspace.Word(type.GetString()!, out var full));
            _findings.UsesContext |= !full;
        }

        return words;
    }

    /// <summary>Demands an <c>@type</c>: without it a JSON-LD peer loses the members of the object.</summary>
    public void Expect(string type)
    {
        if (!Has("@type")) Missing("@type");
        else if (!Types().Contains(type)) Refuse("@type", $"must be {type}");
    }

    public string Text(string name) => OptionalText(name) ?? Missing(name);

    /// <summary>A string of at least one character; null if absent.</summary>
    public string? OptionalText(string name)
    {
        if (!_members.TryGetValue(name, out var member)) return null;
        if (Scalar(member) is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 } found)
            return found;
        Refuse(name, "must be a string and not empty");
        return "";
    }

    /// <summary>An absolute URL of http or https, without credentials; null if absent.</summary>
    public Uri? OptionalUrl(string name)
    {
        if (OptionalText(name) is not { Length: > 0 } text) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "https" or "http"
            && url.UserInfo.Length == 0)
            return url;
        _findings.Refuse("bad-address", $"{At(name)} must be an absolute http or https URL.");
        return null;
    }

    /// <summary>Where the peer takes our messages: their paths are put behind it.</summary>
    public Uri? OptionalCallback()
    {
        const string name = "callbackAddress";
        if (OptionalUrl(name) is not { } url) return null;
        if (url.Query.Length == 0 && url.Fragment.Length == 0) return url;
        _findings.Refuse("bad-address", $"{At(name)} must have neither query nor fragment.");
        return null;
    }

    public Uri Callback()
    {
        if (!Has("callbackAddress")) Missing("callbackAddress");
        return OptionalCallback() ?? new Uri("https://invalid.invalid");
    }

    public Uri Url(string name)
    {
        if (!Has(name)) Missing(name);
        return OptionalUrl(name) ?? new Uri("https://invalid.invalid");
    }

    /// <summary>Strings; of an object the first string in it, since some peers send <c>{"message":"…"}</c>.</summary>
    public IReadOnlyList<string> Texts(string name, bool mayBeEmpty = false)
    {
        var texts = new List<string>();
        foreach (var item in List(name, mayBeEmpty))
        {
            var value = Scalar(item);
            if (value.ValueKind == JsonValueKind.Object)
                value = value.EnumerateObject().Select(m => m.Value)
                    .FirstOrDefault(v => v.ValueKind == JsonValueKind.String, value);
            if (value.ValueKind == JsonValueKind.String) texts.Add(value.GetString()!);
            else if (value.ValueKind == JsonValueKind.Object) texts.Add(value.GetRawText());
            else Refuse(name, "must be strings");
        }

        return texts;
    }

    /// <summary>Texts for people, of which no schema speaks: what is no string is passed over.</summary>
    public IReadOnlyList<string> FreeTexts(string name) =>
    [
        .. List(name, mayBeEmpty: true).Select(Scalar)
            .Where(value => value.ValueKind == JsonValueKind.String).Select(value => value.GetString()!),
    ];

    /// <summary>A word of an enumeration, written in capitals.</summary>
    public T Word<T>(string name)
        where T : struct, Enum
    {
        var word = Dspace.Word(Text(name), out _);
        foreach (var value in Enum.GetValues<T>())
            if (WireWriting.Capitals(value) == word) return value;
        Refuse(name, "must be one of " + string.Join(", ", Enum.GetValues<T>().Select(WireWriting.Capitals)));
        return default;
    }

    /// <summary>The items of an array; absent is empty, but an empty array is against the schemas.</summary>
    public IEnumerable<JsonElement> List(string name, bool mayBeEmpty = false)
    {
        if (!_members.TryGetValue(name, out var member)) return [];
        var items = Items(member);
        if (items.Count == 0 && !mayBeEmpty) Refuse(name, "must not be an empty array: leave it out");
        return items;
    }

    public IReadOnlyList<T> Objects<T>(string name, Func<WireObject, T> read) =>
        [.. List(name).Select((item, i) => read(new WireObject(item, $"{At(name)}[{i}]", _findings)))];

    /// <summary>Those that can be used; the others are left out, and it is said why.</summary>
    public IReadOnlyList<T> UsableObjects<T>(string name, Func<WireObject, T> read, out IReadOnlyList<string> leftOut)
    {
        var (usable, reasons) = (new List<T>(), new List<string>());
        foreach (var (i, item) in List(name, mayBeEmpty: true).Index())
        {
            var findings = new WireFindings();
            var value = read(new WireObject(item, $"{At(name)}[{i}]", findings));
            _findings.UsesContext |= findings.UsesContext;
            if (findings.First is { } refusal)
                reasons.Add(refusal.Reason);
            else
                usable.Add(value);
        }
        leftOut = reasons;
        return usable;
    }

    public T? OptionalObject<T>(string name, Func<WireObject, T> read)
        where T : class =>
        _members.TryGetValue(name, out var member) ? read(new WireObject(member, At(name), _findings)) : null;

    /// <summary>The offer or agreement of a message.</summary>
    public Policy Policy(string name, PolicyKind kind)
    {
        if (!_members.TryGetValue(name, out var member))
        {
            Missing(name);
            return Absent(kind);
        }

        new WireObject(member, At(name), _findings).Expect(kind.ToString());
        var policy = Policy(member, At(name), kind);
        if (policy.Target is null) Missing(name + ".target");
        return policy;
    }

    /// <summary>The offers of a catalogue; their target is the data set that they stand in.</summary>
    public IReadOnlyList<Policy> Offers(string name)
    {
        var offers = new List<Policy>();
        foreach (var item in List(name))
        {
            var path = $"{At(name)}[{offers.Count}]";
            var offer = Policy(item, path, PolicyKind.Offer);
            if (offer.Target is not null)
                _findings.Refuse("forbidden-member", $"{path}.target is not allowed: the data set is the target.");
            offers.Add(offer);
        }

        return offers;
    }

    public void Refuse(string name, string must) => _findings.Refuse("wrong-member", $"{At(name)} {must}.");

    public string Missing(string name)
    {
        _findings.Refuse("missing-member", $"{At(name)} is missing.");
        return "";
    }

    /// <summary>Exactly one of two members: the schemas' <c>oneOf</c>.</summary>
    public void ExactlyOne(string one, string other)
    {
        if (Has(one) && Has(other))
            _findings.Refuse("forbidden-member", $"{At(one)} and {At(other)} exclude each other.");
        if (!Has(one) && !Has(other))
            _findings.Refuse("missing-member", $"{At(one)} or {At(other)} is missing.");
    }

    /// <summary>A value without the wrapping of JSON-LD.</summary>
    public static JsonElement Scalar(JsonElement json)
    {
        json = One(json);
        if (json.ValueKind != JsonValueKind.Object) return json;
        if (json.TryGetProperty("@value", out var value)) return value;
        return json.GetPropertyCount() == 1 && json.TryGetProperty("@id", out var id) ? id : json;
    }

    private Policy Policy(JsonElement json, string path, PolicyKind kind)
    {
        if (PolicyJson.Read(One(json)).Refused(out var refusal, out var policy))
        {
            _findings.Refuse(refusal.Code, $"{path}: {refusal.Reason}", refusal.Rule);
            return Absent(kind);
        }

        if (policy.Kind != kind) _findings.Refuse("wrong-member", $"{path}.@type must be {kind}.");
        return policy;
    }

    private static Policy Absent(PolicyKind kind) => new() { Kind = kind, Id = "", Target = "" };

    private static JsonElement One(JsonElement json) =>
        json.ValueKind == JsonValueKind.Array && json.GetArrayLength() == 1 ? json[0] : json;

    private static List<JsonElement> Items(JsonElement json) =>
        json.ValueKind == JsonValueKind.Array ? [.. json.EnumerateArray()] : [json];

    private string At(string name) => _path.Length == 0 ? name : $"{_path}.{name}";
}
