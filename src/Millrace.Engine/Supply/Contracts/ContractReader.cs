using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Millrace.Engine.Supply.Contracts;

/// <summary>
/// Reads a contract in the form of the Open Data Contract Standard 3.x. A promise that cannot be checked is a fault: a
/// contract that nobody keeps is not taken. What only describes, or promises a service and no table, is kept; what is
/// unknown is warned of.
/// </summary>
public static class ContractReader
{
    /// <summary>Longer ones are refused before they are read.</summary>
    public const int BytesMax = 256 * 1024;

    /// <summary>More rules in one contract are refused.</summary>
    public const int RulesMax = 1_000;

    private static readonly string[] _states = ["proposed", "draft", "active", "deprecated", "retired"];

    /// <summary>What the standard lets a contract promise of the service: no table shows whether it is kept.</summary>
    private static readonly string[] _services =
    [
        "latency", "ly", "availability", "av", "throughput", "th", "errorRate", "er", "generalAvailability", "ga",
        "endOfSupport", "es", "endOfLife", "el", "retention", "re", "frequency", "fy", "timeOfAvailability",
        "timeToDetect", "td", "timeToNotify", "tn", "timeToRepair", "tr",
    ];

    /// <exception cref="ContractException">It cannot be read, or a rule in it cannot be checked.</exception>
    public static DataContract Read(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) > BytesMax)
            throw new ContractException(
                "bad-contract", $"The contract is longer than {BytesMax / 1024} KiB; say less in it.");
        if (YamlText.Read(text) is not JsonObject root)
            throw new ContractException("bad-contract", "The contract must be an object with a schema.");
        var notes = new ContractNotes([], []);
        var contract = Read(new ContractNode(root, "", notes), notes);
        return notes.Faults.Count == 0 ? contract! : throw new ContractException(
            "bad-contract", $"The contract cannot be kept: {string.Join(" ", notes.Faults.Take(20))}");
    }

    private static DataContract? Read(ContractNode root, ContractNotes notes)
    {
        if (root.Text("apiVersion")?.TrimStart('v').StartsWith("3.", StringComparison.Ordinal) != true)
            root.Fault("apiVersion", "must be a version 3 of the Open Data Contract Standard, such as v3.1.0");
        if (root.Text("kind") is not (null or "DataContract"))
            root.Fault("kind", "must be DataContract");
        root.Keep(
            "id name version tenant domain dataProduct description tags authoritativeDefinitions servers "
            + "contractCreatedTs slaDefaultElement support price team roles");
        var tables = root.Nodes("schema");
        if (tables is not [var table])
        {
            root.Fault("schema", $"must describe exactly one table; this one describes {tables.Count}");
            return null;
        }
        var columns = new List<ContractColumn>();
        var rules = new List<ContractRule>();
        rules.AddRange(TableRules(table, columns));
        rules.AddRange(root.Nodes("slaProperties").SelectMany(sla => Freshness(sla, table, columns)));
        var own = OwnProperties.Read(root);
        if (own.Drift is { } drift)
            rules.Add(drift);
        foreach (var rule in rules.Where(r => IsContradiction(r.Test)))
            notes.Faults.Add($"{rule.Path} allows no value: its least one is above its greatest.");
        if (rules.Count > RulesMax)
            root.Fault("schema", $"holds {rules.Count} rules; {RulesMax} are the most");
        var minimum = own.Minimum;
        var isDraft = root.Text("status") is "draft" or "proposed";
        if (root.Text("status") is { } status && !_states.Contains(status))
            notes.Warnings.Add(
                $"status is {status}, which is none of {string.Join(", ", _states)}: the contract counts as active.");
        if (isDraft)
            (rules, minimum) = ([.. rules.Select(r => r with { IsError = false })], null);
        root.Close();
        return new DataContract(
            Distinct(rules), own.Weights, own.Publishes, minimum, columns, notes.Warnings, own.Label, isDraft);
    }

    private static List<ContractRule> TableRules(ContractNode table, List<ContractColumn> columns)
    {
        table.Keep(
            "id name physicalName physicalType logicalType description businessName tags dataGranularityDescription "
            + "authoritativeDefinitions customProperties");
        var rules = new List<ContractRule>();
        var keys = new List<(decimal Position, string Column)>();
        var properties = table.Nodes("properties");
        foreach (var property in properties)
        {
            if (property.Text("name") is not { Length: > 0 } name)
            {
                property.Fault("name", "must name a column");
                continue;
            }
            if (columns.Any(c => c.Name == name))
                property.Fault("name", "names a column for the second time");
            columns.Add(new ContractColumn(
                name, property.Text("logicalType"), property.Text("classification"), property.Path,
                property.Node("logicalTypeOptions") is { } options ? PropertyRules.Zone(options) : null));
            if (property.Flag("primaryKey"))
                keys.Add((property.Number("primaryKeyPosition") is { } p and > 0 ? p : keys.Count + 1, name));
            rules.AddRange(PropertyRules.Read(property, name));
        }
        if (keys.Count > 0)
        {
            string[] key = [.. keys.OrderBy(k => k.Position).Select(k => k.Column)];
            rules.AddRange(key.Select(k => Rule(
                $"{k}.key-not-null", $"{table.Path}.properties", new NoNulls(k, [], IsKey: true))));
            rules.Add(Rule("primary-key", $"{table.Path}.properties", new Unique(key, IsKey: true)));
        }
        rules.AddRange(table.Nodes("quality").Select(q => QualityRules.Read(q, null)).OfType<ContractRule>());
        rules.AddRange(table.Nodes("relationships").Select(r => Relation(r, null)).OfType<ContractRule>());
        table.Close();
        return rules;
    }

    private static bool IsContradiction(RuleTest test) => test switch
    {
        OfLength { Min: { } low, Max: { } high } => low > high,
        InRange { Min: { } low, Max: { } high } range => Order(low, high) is { } order
            && (order > 0 || (order == 0 && (range.IsMinExcluded || range.IsMaxExcluded))),
        _ => false,
    };

    /// <summary>Null: which comes first cannot be said of the texts alone.</summary>
    private static int? Order(string low, string high) =>
        decimal.TryParse(low, NumberStyles.Float, CultureInfo.InvariantCulture, out var a)
            && decimal.TryParse(high, NumberStyles.Float, CultureInfo.InvariantCulture, out var b) ? a.CompareTo(b)
        : DateTimeOffset.TryParse(low, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var from)
            && DateTimeOffset.TryParse(high, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var to)
            ? from.CompareTo(to)
        : null;

    internal static ContractRule Rule(string id, string path, RuleTest test) =>
        new(id, path, test, RulePromise.NoneBad, IsError: true);

    /// <summary>A foreign key: <c>to</c> names <c>product.column</c>.</summary>
    /// <param name="column">Null: <c>from</c> names it.</param>
    internal static ContractRule? Relation(ContractNode relation, string? column)
    {
        relation.Keep("description customProperties");
        if (relation.Text("type") is not (null or "foreignKey"))
            relation.Fault("type", "must be foreignKey; no other relation can be checked");
        // A table's name may stand before the column's, as in orders.customer.
        column ??= relation.Text("from") is { } from ? from[(from.LastIndexOf('.') + 1)..] : null;
        var to = relation.Text("to") ?? "";
        var dot = to.LastIndexOf('.');
        if (column is null)
            relation.Fault("from", "must name a column of this table");
        if (dot <= 0 || dot == to.Length - 1)
            relation.Fault("to", "must name a product and a column of it, such as stations.id");
        relation.Close();
        return column is null || dot <= 0 || dot == to.Length - 1
            ? null
            : Rule($"{column}.reference", relation.Path, new RefersTo(column, to[..dot], to[(dot + 1)..]));
    }

    private static IEnumerable<ContractRule> Freshness(
        ContractNode sla, ContractNode table, List<ContractColumn> columns)
    {
        sla.Keep("id valueExt driver description scheduler schedule");
        var property = sla.Text("property");
        if (property is not ("freshness" or "fr"))
        {
            sla.Keep("value unit element");
            if (property is not null && _services.Contains(property))
                sla.Note(
                    "property", $"is {property}, which no table shows: it is kept with the contract and not checked");
            else
                sla.Fault("property", $"is {property}, which cannot be checked; only freshness can");
            yield break;
        }
        TimeSpan? unit = sla.Text("unit") switch
        {
            null or "d" or "day" or "days" => TimeSpan.FromDays(1),
            "h" or "hour" or "hours" => TimeSpan.FromHours(1),
            "m" or "minute" or "minutes" => TimeSpan.FromMinutes(1),
            "y" or "yr" or "year" or "years" => TimeSpan.FromDays(365),
            _ => null,
        };
        if (unit is null)
            sla.Fault("unit", "must be d, h, m (minutes) or y");
        if (sla.Number("value") is not ({ } value and > 0 and <= 1_000_000))
        {
            sla.Fault("value", "must be a number above 0, the age at most");
            yield break;
        }
        var element = sla.Text("element") ?? "";
        var column = element[(element.LastIndexOf('.') + 1)..];
        if (column.Length == 0)
            sla.Fault("element", $"must name the column of dates, such as {table.Text("name") ?? "table"}.day");
        var zone = columns.Find(c => c.Name == column)?.Zone;
        if (zone is not null && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            sla.Fault("element", $"is in the time zone {zone}, which is not known; name one such as Asia/Shanghai");
        sla.Close();
        if (unit is { } u && column.Length > 0)
            yield return Rule(
                $"{column}.freshness", sla.Path, new FreshWithin(column, u * (double)value, zone));
    }

    /// <summary>Gives each rule an id of its own.</summary>
    private static List<ContractRule> Distinct(List<ContractRule> rules)
    {
        var taken = new HashSet<string>();
        return [.. rules.Select(rule =>
        {
            var (id, n) = (rule.Id, 1);
            while (!taken.Add(id)) id = $"{rule.Id}-{++n}";
            return rule with { Id = id };
        })];
    }
}
