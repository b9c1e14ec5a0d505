using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.Contracts;

/// <summary>Whether a contract speaks of the table it is checked against.</summary>
internal static class ContractFit
{
    private static readonly string[] _logicalTypes =
        ["string", "integer", "number", "boolean", "date", "timestamp", "time"];

    /// <exception cref="ContractException">It does not; the message names the place.</exception>
    public static void Check(
        DataContract contract, TableSchema schema, IReadOnlyDictionary<string, ReferredTable> referred)
    {
        foreach (var column in contract.Columns)
        {
            var type = RowRule.TypeOf(column.Name, schema, column.Path);
            if (column.LogicalType is { } logical && !_logicalTypes.Contains(logical))
                throw RowRule.Unfit(
                    $"{column.Path}.logicalType",
                    $"{logical} is none of {string.Join(", ", _logicalTypes)} (physicalType may say anything)");
            if (!Fits(column.LogicalType, type))
                throw RowRule.Unfit(
                    column.Path,
                    $"{column.Name} is {type.ToString().ToLowerInvariant()} in the table, {column.LogicalType} here");
        }
        if (contract.Label is { } label)
            RowRule.TypeOf(label, schema, "customProperties (millrace.label)");
        foreach (var rule in contract.Rules)
        {
            var types = rule.Test.Columns.Select(c => RowRule.TypeOf(c, schema, rule.Path)).ToList();
            if (rule.Test is FreshWithin && types is not [ColumnType.Date or ColumnType.Timestamp])
                throw RowRule.Unfit(rule.Path, $"{rule.Test.Columns[0]} holds no dates");
            if (rule.Test is RefersTo refers)
                Check(refers, types[0], referred, rule.Path);
        }
    }

    private static void Check(
        RefersTo rule, ColumnType type, IReadOnlyDictionary<string, ReferredTable> referred, string path)
    {
        if (!referred.TryGetValue(rule.Product, out var other))
            throw RowRule.Unfit(path, $"there is no product {rule.Product} here to refer to");
        if (other.Schema.Find(rule.Target)?.Type is not { } target)
            throw RowRule.Unfit(path, $"the product {rule.Product} has no column {rule.Target}");
        if (target != type)
            throw RowRule.Unfit(path, $"{rule.Column} and {rule.Product}.{rule.Target} are of different types");
    }

    private static bool Fits(string? logical, ColumnType type) => logical switch
    {
        null => true,
        "string" => type is ColumnType.Text or ColumnType.Binary,
        "integer" => type is ColumnType.Integer,
        "number" => type is ColumnType.Integer or ColumnType.Decimal or ColumnType.Number,
        "boolean" => type is ColumnType.Boolean,
        "date" => type is ColumnType.Date or ColumnType.Timestamp, // In version 3.0 there was no type timestamp.
        "timestamp" => type is ColumnType.Timestamp,
        "time" => type is ColumnType.Time,
        _ => false,
    };
}
