using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Millrace.Engine.Supply.Contracts;

/// <summary>What reading a contract found wrong, and what in it nothing acts on; one sentence each.</summary>
internal sealed record ContractNotes(List<string> Faults, List<string> Warnings);

/// <summary>An object of a contract that knows its path. What is asked for and is of another kind is a fault.</summary>
internal sealed class ContractNode(JsonObject members, string path, ContractNotes notes)
{
    private const int TypoEditsMax = 1;

    /// <summary>What promises something: misspelt, it would promise nothing and nobody would see it.</summary>
    private static readonly string[] _promises =
    [
        "mustBe", "mustNotBe", "mustBeGreaterThan", "mustBeGreaterOrEqualTo", "mustBeLessThan", "mustBeLessOrEqualTo",
        "mustBeBetween", "mustNotBeBetween", "required", "unique", "primaryKey", "minimum", "maximum",
        "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "pattern", "quality", "properties",
        "relationships", "arguments", "validValues", "missingValues", "severity", "slaProperties", "customProperties",
        "logicalTypeOptions", "implementation", "condition",
    ];

    private readonly HashSet<string> _read = [];

    public string Path { get; } = path;

    public string PathOf(string name) => Path.Length == 0 ? name : $"{Path}.{name}";

    public bool Has(string name) => members[name] is not null;

    public string? Text(string name) => Scalar(name) is { } value ? TextOf(value) : null;

    public bool Flag(string name) => Scalar(name) switch
    {
        null => false,
        var v when v.GetValueKind() is JsonValueKind.True or JsonValueKind.False => v.GetValue<bool>(),
        _ => Fault(name, "must be true or false", false),
    };

    public decimal? Number(string name) => Scalar(name) switch
    {
        null => null,
        var v when v.GetValueKind() is JsonValueKind.Number => v.GetValue<decimal>(),
        _ => Fault<decimal?>(name, "must be a number", null),
    };

    /// <summary>A whole number from 0 on.</summary>
    public long? Count(string name) => Number(name) switch
    {
        null => null,
        var n when n >= 0 && n == decimal.Truncate(n.Value) && n <= long.MaxValue => (long)n,
        _ => Fault<long?>(name, "must be a whole number from 0 on", null),
    };

    public ContractNode? Node(string name) => Member(name) switch
    {
        null => null,
        JsonObject o => new ContractNode(o, PathOf(name), notes),
        _ => Fault<ContractNode?>(name, "must be an object", null),
    };

    public IReadOnlyList<ContractNode> Nodes(string name)
    {
        var nodes = new List<ContractNode>();
        foreach (var (item, i) in Items(name).Select((item, i) => (item, i)))
        {
            if (item is JsonObject o) nodes.Add(new ContractNode(o, $"{PathOf(name)}[{i}]", notes));
            else notes.Faults.Add($"{PathOf(name)}[{i}] must be an object.");
        }
        return nodes;
    }

    /// <summary>The texts of a list; null in it is left out.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        var items = Items(name).Where(i => i is not null).ToList();
        if (items.Exists(i => i is not JsonValue))
            Fault(name, "must be a list of single values");
        return [.. items.OfType<JsonValue>().Select(TextOf)];
    }

    /// <summary>All numbers of an object, by name.</summary>
    public IReadOnlyDictionary<string, decimal> Numbers(string name) =>
        Node(name) is not { } node ? new Dictionary<string, decimal>() : node.Names
            .Select(n => (n, Value: node.Number(n)))
            .Where(n => n.Value is not null).ToDictionary(n => n.n, n => n.Value!.Value);

    public IEnumerable<string> Names => members.Select(m => m.Key);

    public void Fault(string name, string what) => notes.Faults.Add($"{PathOf(name)} {what}.");

    public void Note(string name, string what) => notes.Warnings.Add($"{PathOf(name)} {what}.");

    /// <summary>Members that say things to people, and are kept with the contract.</summary>
    public void Keep(string names) => _read.UnionWith(names.Split(' '));

    /// <summary>Warns of each member that nothing has read; one that is nearly a promise is a fault.</summary>
    public void Close()
    {
        foreach (var name in Names.Where(n => !_read.Contains(n)))
        {
            var meant = _promises.Contains(name) ? null : _promises.Where(_read.Contains)
                .Where(p => TextDistance.Edits(name, p, TypoEditsMax) <= TypoEditsMax)
                .MinBy(p => TextDistance.Edits(name, p, TypoEditsMax));
            if (meant is not null)
                Fault(name, $"is not known; write {meant}, or another name if that is not meant");
            else
                notes.Warnings.Add($"{PathOf(name)} is kept with the contract, but nothing here acts on it.");
        }
    }

    private T Fault<T>(string name, string what, T value)
    {
        Fault(name, what);
        return value;
    }

    private JsonNode? Member(string name)
    {
        _read.Add(name);
        return members[name];
    }

    private JsonValue? Scalar(string name) => Member(name) switch
    {
        null => null,
        JsonValue value => value,
        _ => Fault<JsonValue?>(name, "must be a single value", null),
    };

    private IEnumerable<JsonNode?> Items(string name) => Member(name) switch
    {
        null => [],
        JsonArray items => items,
        _ => Fault<JsonNode?[]>(name, "must be a list", []),
    };

    private static string TextOf(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.Number => value.GetValue<decimal>().ToString(CultureInfo.InvariantCulture),
        _ => value.ToJsonString(),
    };
}
