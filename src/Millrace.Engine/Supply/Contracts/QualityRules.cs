using System.Globalization;

namespace Millrace.Engine.Supply.Contracts;

/// <summary>Reads an entry of a list <c>quality</c>.</summary>
internal static class QualityRules
{
    private const string Engine = "millrace";

    private static readonly string[] _ownMembers =
        ["condition", "sum", "equals", "determinant", "dependent", "ascending", "within"];

    /// <param name="column">The column that it stands at; null: at the table.</param>
    /// <returns>Null: it is prose, or was a fault.</returns>
    public static ContractRule? Read(ContractNode quality, string? column)
    {
        quality.Keep(
            "id name description dimension tags businessImpact method schedule scheduler authoritativeDefinitions "
            + "customProperties");
        var isError = IsError(quality);
        var (test, promise) = quality.Text("type") switch
        {
            "text" => (null, null),
            "custom" => (Custom(quality), RulePromise.NoneBad),
            "sql" => (Refused(quality, "query", "is a query of another system; write its condition as type custom, "
                + "engine millrace"), null),
            null or "library" => Library(quality, column),
            var other => (Refused(quality, "type", $"is {other}, which is not known"), null),
        };
        if (test is not null)
            promise = Promise(quality, test, promise);
        quality.Close(); // Of prose too: what stands beside it may have been meant as a rule.
        if (test is null || promise is null)
            return null;
        var usual = test.Columns.Count == 1 ? $"{test.Columns[0]}." : "";
        var id = quality.Text("name") ?? $"{usual}{RuleKind.Of(test).Name}";
        return new ContractRule(id, quality.Path, test, promise, isError);
    }

    private static bool IsError(ContractNode quality)
    {
        switch (quality.Text("severity"))
        {
            case null or "error":
                return true;
            case "warning" or "info":
                return false;
            default:
                quality.Fault("severity", "must be error, warning or info");
                return true;
        }
    }

    private static (RuleTest?, RulePromise?) Library(ContractNode quality, string? column)
    {
        // In version 3.0 a metric was called a rule, and some had another name.
        var metric = quality.Text("metric") ?? quality.Text("rule");
        var arguments = quality.Node("arguments");
        RuleTest? test = metric switch
        {
            "rowCount" => new RowCount(),
            "duplicateValues" or "duplicateCount" => Duplicates(quality, arguments, column),
            "nullValues" or "nullCheck" when column is not null => new NoNulls(column, []),
            "missingValues" when column is not null => new NoNulls(column, arguments?.Texts("missingValues") ?? []),
            "invalidValues" or "validValues" when column is not null => Invalid(quality, arguments, column),
            "nullValues" or "nullCheck" or "missingValues" or "invalidValues" or "validValues" =>
                Refused(quality, "metric", "must stand at a column"),
            null => Refused(quality, "metric", "is missing"),
            _ => Refused(quality, "metric", $"is {metric}, which is not known"),
        };
        arguments?.Close();
        // No promise was made of them in 3.0 beyond being there: none may be bad.
        return (test, test is RowCount ? null : RulePromise.NoneBad);
    }

    private static RuleTest? Duplicates(ContractNode quality, ContractNode? arguments, string? column)
    {
        var columns = arguments?.Texts("properties") ?? [];
        if (columns.Count == 0 && column is null)
            return Refused(quality, "arguments", "must name the columns as properties");
        return new Unique(columns.Count > 0 ? columns : [column!], IsKey: false);
    }

    private static RuleTest? Invalid(ContractNode quality, ContractNode? arguments, string column)
    {
        // In version 3.0 the values stood at the entry itself.
        var values = arguments?.Texts("validValues") ?? [];
        if (values.Count == 0) values = quality.Texts("validValues");
        return (values.Count > 0, arguments?.Text("pattern")) switch
        {
            (true, null) => new OneOf(column, values),
            (false, { } pattern) => new Matches(column, pattern),
            (true, _) => Refused(quality, "arguments", "give both validValues and a pattern; make two rules of them"),
            _ => Refused(quality, "arguments", "must give validValues or a pattern"),
        };
    }

    private static RuleTest? Custom(ContractNode quality)
    {
        if (quality.Text("engine") != Engine)
            return Refused(quality, "engine", $"must be {Engine}; rules of other engines cannot be checked");
        if (quality.Node("implementation") is not { } own)
            return Refused(quality, "implementation", "must be an object that says what is checked");
        var (condition, parts, total) = (own.Text("condition"), own.Texts("sum"), own.Text("equals"));
        var (determinant, dependent) = (own.Texts("determinant"), own.Text("dependent"));
        var (ascending, within) = (own.Text("ascending"), own.Texts("within"));
        own.Close();
        return string.Join(' ', _ownMembers.Where(own.Has)) switch
        {
            "condition" when condition is { Length: > 0 } => new Condition(condition),
            "sum equals" when parts.Count > 0 && total is not null => new SumIs(parts, total),
            "determinant dependent" when determinant.Count > 0 && dependent is not null =>
                determinant.Contains(dependent)
                    ? Refused(quality, "implementation", $"must not have {dependent} determine itself")
                    : new Determines(determinant, dependent),
            "ascending" or "ascending within" when ascending is not null =>
                within.Contains(ascending)
                    ? Refused(quality, "implementation", $"must not have {ascending} ascend within itself")
                    : new Ascends(ascending, within),
            _ => Refused(
                quality, "implementation",
                "must have one of these: condition; sum and equals; determinant and dependent; ascending"),
        };
    }

    /// <summary>What the operators say; none of them: <paramref name="usual"/>.</summary>
    private static RulePromise? Promise(ContractNode quality, RuleTest test, RulePromise? usual)
    {
        var isPercent = quality.Text("unit") switch
        {
            null or "rows" => false,
            "percent" when test is not RowCount => true,
            _ => FaultOf(quality, "unit", "must be rows or percent, and rows for a row count"),
        };
        var promises = new List<RulePromise>();
        void Add(string name, Func<decimal, RulePromise> make)
        {
            if (quality.Number(name) is { } number) promises.Add(make(number));
        }
        Add("mustBe", n => new(n, n));
        Add("mustNotBe", n => new(n, n, IsOutside: true));
        Add("mustBeGreaterThan", n => new(n, null, IsMinExcluded: true));
        Add("mustBeGreaterOrEqualTo", n => new(n, null));
        Add("mustBeGreaterThanOrEqualTo", n => new(n, null));
        Add("mustBeLessThan", n => new(null, n, IsMaxExcluded: true));
        Add("mustBeLessOrEqualTo", n => new(null, n));
        Add("mustBeLessThanOrEqualTo", n => new(null, n));
        AddBetween(quality, "mustBeBetween", false, promises);
        AddBetween(quality, "mustNotBeBetween", true, promises);
        if (promises.Count > 1 || (promises.Count == 0 && usual is null))
            quality.Fault("mustBe", "or another of its kind must be given, and only one");
        return promises switch
        {
            [var one] => one with { IsPercent = isPercent },
            [] => usual,
            _ => null,
        };
    }

    private static void AddBetween(ContractNode quality, string name, bool isOutside, List<RulePromise> promises)
    {
        if (!quality.Has(name)) return;
        var bounds = quality.Texts(name)
            .Select(t => decimal.TryParse(t, CultureInfo.InvariantCulture, out var n) ? n : (decimal?)null)
            .ToList();
        if (bounds is [{ } low, { } high] && low <= high)
            promises.Add(new RulePromise(low, high, IsOutside: isOutside));
        else
            quality.Fault(name, "must be two numbers, the lower one first");
    }

    private static RuleTest? Refused(ContractNode quality, string name, string what)
    {
        quality.Fault(name, what);
        return null;
    }

    private static bool FaultOf(ContractNode quality, string name, string what)
    {
        quality.Fault(name, what);
        return false;
    }
}
