using System.Text.Json;
using System.Text.RegularExpressions;
using Millrace.Engine.Delivery;

namespace Millrace.Node.Sharing;

/// <summary>
/// Reads <c>predicateHints</c>: conditions in SQL, all of which hold. Only what has one meaning in every dialect is
/// understood: columns compared with literals, IS NULL, IN, AND, OR, NOT, brackets. The text itself is never run.
/// </summary>
internal sealed partial class SqlHints
{
    private const int DepthMax = 32;
    private static readonly HintUnknown _unknown = new();

    private readonly List<(string Kind, string Text)> _tokens;
    private int _next;
    private int _depth;

    private SqlHints(List<(string Kind, string Text)> tokens) => _tokens = tokens;

    /// <summary>The hints of a JSON list; one that is not understood stands as unknown.</summary>
    public static IReadOnlyList<Hint> ReadAll(string list)
    {
        try
        {
            using var document = JsonDocument.Parse(list);
            return [.. document.RootElement.EnumerateArray().Select(
                h => h.ValueKind == JsonValueKind.String ? Read(h.GetString()!) : _unknown)];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return [_unknown];
        }
    }

    public static Hint Read(string sql)
    {
        var tokens = new List<(string, string)>();
        for (var at = 0; at < sql.Length;)
        {
            var match = Token().Match(sql, at);
            if (!match.Success)
                return _unknown;
            var kind = match.Groups.Values.Skip(1).First(g => g.Success);
            if (kind.Name != "space")
                tokens.Add((kind.Name, kind.Value));
            at += match.Length;
        }
        var reader = new SqlHints(tokens);
        return reader.Or() is { } hint && reader._next == tokens.Count ? hint : _unknown;
    }

    private Hint? Or() => Chain("OR", And, parts => new HintAny(parts));

    private Hint? And() => Chain("AND", Not, parts => new HintAll(parts));

    private static Hint? Whole(List<Hint?> parts, Func<List<Hint>, Hint> join) =>
        parts.Contains(null) ? null : parts.Count == 1 ? parts[0] : join([.. parts.OfType<Hint>()]);

    private Hint? Chain(string word, Func<Hint?> part, Func<List<Hint>, Hint> join)
    {
        var parts = new List<Hint?> { part() };
        while (parts[^1] is not null && Takes("word", word))
            parts.Add(part());
        return Whole(parts, join);
    }

    private Hint? Not()
    {
        if (!Takes("word", "NOT"))
            return Test();
        return ++_depth <= DepthMax && Not() is { } part ? new HintNot(part) : null;
    }

    private Hint? Test()
    {
        if (Takes("sign", "("))
            return ++_depth <= DepthMax && Or() is { } inside && Takes("sign", ")") ? inside : null;
        if (Literal() is { } value)
            return Operator() is { } turned && Column() is { } named ? Compared(named, Turned(turned), value) : null;
        if (Column() is not { } column)
            return null;
        if (Takes("word", "IS"))
        {
            var isNot = Takes("word", "NOT");
            return !Takes("word", "NULL") ? null
                : isNot ? new HintNot(new HintIsNull(column)) : new HintIsNull(column);
        }
        if (Takes("word", "IN"))
            return In(column);
        return Operator() is { } sign && Literal() is { } right ? Compared(column, sign, right) : null;
    }

    private HintAny? In(string column)
    {
        var values = new List<Hint>();
        if (!Takes("sign", "("))
            return null;
        do
        {
            if (Literal() is not { } value)
                return null;
            values.Add(new HintCompared(column, "=", value));
        }
        while (Takes("sign", ","));
        return Takes("sign", ")") ? new HintAny(values) : null;
    }

    private static Hint Compared(string column, string sign, HintValue value) => sign is "<>" or "!="
        ? new HintNot(new HintCompared(column, "=", value))
        : new HintCompared(column, sign == "==" ? "=" : sign, value);

    private static string Turned(string sign) => sign switch
    {
        "<" => ">",
        "<=" => ">=",
        ">" => "<",
        ">=" => "<=",
        _ => sign,
    };

    private string? Operator() => Take("compare");

    private string? Column() =>
        Take("quoted") is { } quoted ? quoted[1..^1]
        : Peek() is { Kind: "word" } word && !Reserved().IsMatch(word.Text) ? Take("word")
        : null;

    private HintValue? Literal()
    {
        if (Take("text") is { } text)
            return new HintValue(HintType.Text, text[1..^1]);
        if (Take("integer") is { } integer)
            return new HintValue(HintType.Integer, integer);
        if (Take("number") is { } number)
            return new HintValue(HintType.Double, number);
        return Peek() is { Kind: "word" } word && word.Text.ToUpperInvariant() is "TRUE" or "FALSE"
            ? new HintValue(HintType.Boolean, Take("word")!)
            : null;
    }

    private (string Kind, string Text) Peek() => _next < _tokens.Count ? _tokens[_next] : ("end", "");

    private string? Take(string kind) => Peek().Kind == kind ? _tokens[_next++].Text : null;

    private bool Takes(string kind, string text)
    {
        var (found, word) = Peek();
        if (found != kind || !word.Equals(text, StringComparison.OrdinalIgnoreCase))
            return false;
        _next++;
        return true;
    }

    // A text with a backslash or a doubled quote has other meanings elsewhere; so has anything in double quotes.
    [GeneratedRegex(
        @"\G(?:(?<space>\s+)|(?<text>'[^'\\]*')(?!')|(?<quoted>`[^`]+`)|(?<number>-?\d+\.\d+)(?![\w.])"
            + @"|(?<integer>-?\d+)(?![\w.])|(?<word>[\p{L}_][\p{L}\p{N}_]*)(?![.(])"
            + @"|(?<compare><=(?!>)|>=|<>|!=|==|=|<|>)|(?<sign>[(),]))")]
    private static partial Regex Token();

    [GeneratedRegex("^(?:AND|OR|NOT|IN|IS|NULL|TRUE|FALSE|BETWEEN|LIKE|CASE|CAST|DATE|TIMESTAMP|INTERVAL)$",
        RegexOptions.IgnoreCase)]
    private static partial Regex Reserved();
}
