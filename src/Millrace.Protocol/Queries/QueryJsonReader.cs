using System.Text.Json;
using System.Text.RegularExpressions;
using Millrace.Protocol.Policies;

namespace Millrace.Protocol.Queries;

/// <summary>
/// Reads a query product. The first thing that is wrong is kept, later ones may follow from it; whoever reads looks at
/// <see cref="Refusal"/> first.
/// </summary>
/// <param name="space">What stands before the names of members.</param>
/// <param name="isStrict">A holder's own text: nothing unknown, a SELECT, and bounds on each parameter.</param>
internal sealed partial class QueryJsonReader(string space, bool isStrict)
{
    private static readonly string[] _members = ["sql", "minGroup", "parameters"];

    private static readonly string[] _ofParameters =
        ["name", "type", "description", "default", "min", "max", "values", "lengthMax", "pattern"];

    public Refusal? Refusal { get; private set; }

    /// <summary>Reads the whole; what is wrong stands in <see cref="Refusal"/>.</summary>
    public (string Sql, QuerySignature Signature) Read(JsonElement json)
    {
        try
        {
            return Definition(json);
        }
        catch (InvalidOperationException)
        {
            Refuse("", "holds half a character");
            return ("", new QuerySignature([]));
        }
    }

    /// <summary>Keeps the first thing that is wrong.</summary>
    public void Refuse(string path, string what) => Refusal ??= new Refusal(
        "bad-definition", $"{(path.Length == 0 ? "A query product" : path)} {what}.", path.Length == 0 ? null : path);

    private (string Sql, QuerySignature Signature) Definition(JsonElement json)
    {
        var members = Members(json, "", _members);
        var sql = isStrict ? Select(members) : "";
        var minGroup = Number(members, "minGroup", "minGroup", 2, QueryJson.MinGroupMax);
        var parameters = new List<QueryParameter>();
        foreach (var item in Items(members, "parameters", "parameters", QueryJson.ParametersMax))
        {
            var parameter = Parameter(item, $"parameters[{parameters.Count}]");
            if (parameters.Any(p => p.Name == parameter.Name))
                Refuse($"parameters[{parameters.Count}].name", "is there twice");
            parameters.Add(parameter);
        }
        return (sql, new QuerySignature(parameters, minGroup));
    }

    /// <summary>A text, or its lines. How long it may be is for whoever reads the SELECT to say.</summary>
    private string Select(Dictionary<string, JsonElement> members)
    {
        if (members.TryGetValue("sql", out var json))
        {
            IReadOnlyList<JsonElement> lines =
                json.ValueKind == JsonValueKind.Array ? [.. json.EnumerateArray()] : [json];
            if (lines.Count > 0 && lines.All(line => line.ValueKind == JsonValueKind.String))
                return string.Join('\n', lines.Select(line => line.GetString()));
        }
        Refuse("sql", "must be a SELECT over the table data: a text, or a list of its lines");
        return "";
    }

    private QueryParameter Parameter(JsonElement json, string path)
    {
        var members = Members(json, path, _ofParameters);
        var name = Text(members, "name", $"{path}.name") ?? "";
        if (!Name().IsMatch(name))
            Refuse($"{path}.name", "must be 1 to 40 lower-case letters, digits and underscores, a letter first");
        if (!ParameterValue.Types.TryGetValue(Text(members, "type", $"{path}.type") ?? "", out var type))
            Refuse($"{path}.type", $"must be one of {string.Join(", ", ParameterValue.Types.Keys.Order())}");
        var parameter = new QueryParameter(
            name, type, Text(members, "description", $"{path}.description"), null,
            Value(members, "min", type, path), Value(members, "max", type, path), Values(members, type, path),
            Number(members, "lengthMax", $"{path}.lengthMax", 1, QueryJson.TextMax),
            Text(members, "pattern", $"{path}.pattern"));
        if (isStrict)
            Check(parameter, path);
        if (Refusal is not null || Value(members, "default", type, path) is not { } usual)
            return parameter;
        // A peer's pattern is shown, never run.
        if (isStrict && ParameterBounds.Objection(parameter, usual) is { } objection)
            Refuse($"{path}.default", $"is out of its bounds: {objection}");
        return parameter with { Default = usual };
    }

    private void Check(QueryParameter p, string path)
    {
        var isOrdered = ParameterValue.IsOrdered(p.Type);
        if (!isOrdered && (p.Min ?? p.Max) is not null)
            Refuse($"{path}.min", "is for types with an order");
        if (p.Type != ColumnType.Text && (p.LengthMax is not null || p.Pattern is not null))
            Refuse($"{path}.lengthMax", "is for texts, as pattern is");
        if (isOrdered && p.Values is null && (p.Min is null || p.Max is null))
            Refuse($"{path}.min", "is missing, or max: give both, or values");
        if (p.Type == ColumnType.Text && p.Values is null && p.LengthMax is null)
            Refuse($"{path}.lengthMax", "is missing: give it, or values");
        if (p is { Min: { } min, Max: { } max } && isOrdered && ParameterValue.Compare(min, max, p.Type) > 0)
            Refuse($"{path}.max", "is less than min");
        if (p.Pattern is { } pattern && !IsExpression(pattern))
            Refuse($"{path}.pattern", "is no regular expression without looking around or back");
        if (Refusal is null && p.Values?.FirstOrDefault(v => ParameterBounds.Objection(p, v) is not null) is not null)
            Refuse($"{path}.values", "are not all within the other bounds");
    }

    private Dictionary<string, JsonElement> Members(JsonElement json, string path, string[] known)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (json.ValueKind != JsonValueKind.Object)
        {
            Refuse(path, "must be a JSON object");
            return members;
        }
        foreach (var member in json.EnumerateObject())
        {
            var name = member.Name.StartsWith(space, StringComparison.Ordinal) ? member.Name[space.Length..] : "";
            if (!known.Contains(name))
            {
                if (isStrict)
                    Refuse(path, $"can have {string.Join(", ", known)}, nothing else");
            }
            else if (!members.TryAdd(name, isStrict ? member.Value : WireObject.Scalar(member.Value)))
            {
                Refuse($"{path}.{name}".TrimStart('.'), "is there twice");
            }
        }
        return members;
    }

    private List<JsonElement> Items(
        Dictionary<string, JsonElement> members, string name, string path, int most)
    {
        if (!members.TryGetValue(name, out var json))
            return [];
        // JSON-LD writes a list of one as what is in it.
        List<JsonElement> items = json.ValueKind == JsonValueKind.Array ? [.. json.EnumerateArray()] : [json];
        if ((isStrict && json.ValueKind != JsonValueKind.Array) || items.Count > most)
            Refuse(path, $"must be a list of at most {most}");
        return items.Count > most ? [] : items;
    }

    private string? Text(Dictionary<string, JsonElement> members, string name, string path)
    {
        if (!members.TryGetValue(name, out var json))
            return null;
        var text = json.ValueKind == JsonValueKind.String ? ParameterValue.Text(json) : null;
        if (text is not { Length: <= QueryJson.TextMax })
            Refuse(path, $"must be a text of at most {QueryJson.TextMax} characters");
        return text;
    }

    private int? Number(Dictionary<string, JsonElement> members, string name, string path, int least, int most)
    {
        if (!members.TryGetValue(name, out var json))
            return null;
        if (json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out var number) && number >= least
            && number <= most)
        {
            return number;
        }
        Refuse(path, $"must be a whole number from {least} to {most}");
        return null;
    }

    private string? Value(Dictionary<string, JsonElement> members, string name, ColumnType type, string path) =>
        members.TryGetValue(name, out var json) ? Value(json, type, $"{path}.{name}") : null;

    private string? Value(JsonElement json, ColumnType type, string path)
    {
        var value = ParameterValue.Read(json, type);
        if (value is null || value.Length > QueryJson.TextMax)
            Refuse(path, $"is no {QueryJson.TypeName(type)} of at most {QueryJson.TextMax} characters");
        return value;
    }

    private List<string>? Values(Dictionary<string, JsonElement> members, ColumnType type, string path)
    {
        if (!members.ContainsKey("values"))
            return null;
        var items = Items(members, "values", $"{path}.values", QueryJson.ValuesMax);
        if (items.Count == 0)
            Refuse($"{path}.values", "must name at least one");
        return [.. items.Select(i => Value(i, type, $"{path}.values") ?? "").Distinct()];
    }

    private static bool IsExpression(string pattern)
    {
        try
        {
            return ParameterBounds.Expression(pattern) is not null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\A[a-z][a-z0-9_]{0,39}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
