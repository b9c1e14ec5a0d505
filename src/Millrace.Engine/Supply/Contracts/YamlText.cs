using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Millrace.Engine.Supply.Contracts;

/// <summary>
/// YAML as a JSON tree and back. Anchors, tags and merge keys are refused: with them a small text can mean a huge one.
/// </summary>
public static partial class YamlText
{
    private const int DepthMax = 32, NodesMax = 100_000;

    /// <exception cref="ContractException">It is no YAML of one document, or uses what is refused.</exception>
    public static JsonNode? Read(string text)
    {
        try
        {
            var events = new Parser(new StringReader(text));
            events.Consume<StreamStart>();
            events.Consume<DocumentStart>();
            var nodes = 0;
            var root = Node(events, 0, ref nodes);
            events.Consume<DocumentEnd>();
            return events.Accept<StreamEnd>(out _) ? root : throw Bad("it holds more than one document", events);
        }
        catch (YamlException e)
        {
            throw new ContractException(
                "bad-yaml", $"The contract is no YAML that can be read, see line {e.Start.Line}.");
        }
    }

    public static string Write(JsonNode? root)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text);
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart());
        Emit(emitter, root);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static JsonNode? Node(Parser events, int depth, ref int nodes)
    {
        if (depth > DepthMax || ++nodes > NodesMax)
            throw Bad("it is nested too deeply or too long", events);
        if (events.Current is AnchorAlias or NodeEvent { Anchor.IsEmpty: false } or NodeEvent { Tag.IsEmpty: false })
            throw Bad("anchors, aliases and tags are not taken", events);
        if (events.TryConsume<Scalar>(out var scalar))
            return Value(scalar);
        if (events.TryConsume<SequenceStart>(out _))
        {
            var items = new JsonArray();
            while (!events.TryConsume<SequenceEnd>(out _))
                items.Add(Node(events, depth + 1, ref nodes));
            return items;
        }
        events.Consume<MappingStart>();
        var members = new JsonObject();
        while (!events.TryConsume<MappingEnd>(out _))
        {
            var key = events.Consume<Scalar>();
            if (!members.TryAdd(key.Value, Node(events, depth + 1, ref nodes)))
                throw Bad("a name stands twice in one place", events);
        }
        return members;
    }

    /// <summary>YAML 1.2, core schema; without octal and hexadecimal numbers.</summary>
    private static JsonNode? Value(Scalar scalar)
    {
        var text = scalar.Value;
        if (scalar.Style is not ScalarStyle.Plain)
            return JsonValue.Create(text);
        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            _ when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) =>
                JsonValue.Create(number),
            _ => JsonValue.Create(text),
        };
    }

    private static void Emit(Emitter emitter, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                emitter.Emit(new MappingStart());
                foreach (var (name, value) in members)
                {
                    emitter.Emit(Text(name));
                    Emit(emitter, value);
                }
                emitter.Emit(new MappingEnd());
                break;
            case JsonArray items:
                emitter.Emit(new SequenceStart(default, default, isImplicit: true, SequenceStyle.Any));
                foreach (var item in items)
                    Emit(emitter, item);
                emitter.Emit(new SequenceEnd());
                break;
            case JsonValue value when value.GetValueKind() is JsonValueKind.String:
                emitter.Emit(Text(value.GetValue<string>()));
                break;
            default:
                emitter.Emit(new Scalar(node?.ToJsonString() ?? "null"));
                break;
        }
    }

    /// <summary>
    /// What readers of YAML 1.1 or 1.2 take for truth, nothing, a number (also 1_000, 0o7 and 1:30), a moment or a
    /// merge key. Many tools still read YAML 1.1: there the country NO is false.
    /// </summary>
    [GeneratedRegex(
        @"^(?:y|n|yes|no|on|off|true|false|null|~|=|<<|[-+]?\.(?:inf|nan)|[-+]?\.?[0-9][0-9a-fxot_.:+ \t-]*z?)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Mistakable();

    /// <summary>Quoted wherever it would be read as another value.</summary>
    private static Scalar Text(string text)
    {
        var plain = new Scalar(default, default, text, ScalarStyle.Plain, true, true);
        var isPlain = text.All(c => !char.IsControl(c) || c == '\n')
            && Value(plain)?.GetValueKind() is JsonValueKind.String && !Mistakable().IsMatch(text);
        var style = isPlain ? ScalarStyle.Any : ScalarStyle.DoubleQuoted;
        return new Scalar(default, default, text, style, isPlainImplicit: isPlain, isQuotedImplicit: true);
    }

    private static ContractException Bad(string what, Parser events) => new(
        "bad-yaml", $"The contract cannot be read at line {events.Current?.Start.Line}: {what}.");
}
