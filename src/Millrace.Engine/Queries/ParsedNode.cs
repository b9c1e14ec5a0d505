using System.Text.Json;

namespace Millrace.Engine.Queries;

/// <summary>
/// One object of a parsed statement. Whatever it says must be read: a member that is neither read nor empty makes the
/// query refused, so that nothing we do not know is ever left out in silence.
/// </summary>
internal sealed class ParsedNode(JsonElement json)
{
    // Where in the text it stood, and a coarser form of the type: neither says what is asked.
    private readonly HashSet<string> _read = ["query_location", "class"];

    public string Text(string name) => Member(name) is { ValueKind: JsonValueKind.String } text
        ? text.GetString()!
        : throw Refused(name);

    /// <summary>Null where it is empty or missing.</summary>
    public string? TextOrNull(string name) =>
        Member(name) is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 } some
            ? some
            : null;

    public bool Flag(string name) => Member(name) is { ValueKind: JsonValueKind.True };

    /// <summary>Null where there is none.</summary>
    public ParsedNode? Node(string name) =>
        Member(name) is { ValueKind: JsonValueKind.Object } node ? new ParsedNode(node) : null;

    public ParsedNode Needed(string name) => Node(name) ?? throw Refused(name);

    public IReadOnlyList<ParsedNode> Nodes(string name) => [.. Items(name).Select(i => new ParsedNode(i))];

    /// <summary>Objects of which each must be finished when it is read.</summary>
    public IReadOnlyList<T> Each<T>(string name, Func<ParsedNode, T> read) =>
        [.. Nodes(name).Select(node => node.Whole(read))];

    public IReadOnlyList<string> Texts(string name) => [.. Items(name).Select(i => i.GetString()!)];

    /// <summary>The member as it is.</summary>
    public JsonElement Raw(string name) => Member(name) ?? throw Refused(name);

    /// <summary>Reads it with a function, and sees that everything was read.</summary>
    public T Whole<T>(Func<ParsedNode, T> read)
    {
        var value = read(this);
        foreach (var member in json.EnumerateObject())
        {
            if (!_read.Contains(member.Name) && !IsEmpty(member.Value))
                throw Refused(member.Name);
        }
        return value;
    }

    private static QueryException Refused(string name) =>
        ExpressionReader.NotAllowed(ParserWords.Of(name) ?? $"what the parser calls {name} here");

    private JsonElement? Member(string name)
    {
        _read.Add(name);
        return json.TryGetProperty(name, out var member) ? member : null;
    }

    private IEnumerable<JsonElement> Items(string name) =>
        Member(name) is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : [];

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.String => value.GetString()!.Length == 0,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => value.EnumerateObject().All(m => IsEmpty(m.Value)),
        _ => false,
    };
}
