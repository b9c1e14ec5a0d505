using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Millrace.Engine.Duck;

namespace Millrace.Engine.Queries;

/// <summary>Reads constants and the names of types, and writes them anew.</summary>
internal static class LiteralReader
{
    private static readonly HashSet<string> _types =
    [
        "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER",
        "UBIGINT", "FLOAT", "DOUBLE", "VARCHAR", "DATE", "TIME", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "INTERVAL",
    ];

    /// <summary>A constant as SQL.</summary>
    public static string Read(ParsedNode node)
    {
        var type = node.Needed("type").Whole(Type);
        if (node.Flag("is_null"))
            return "NULL";
        var value = node.Raw("value");
        return type switch
        {
            "BOOLEAN" => value.GetBoolean() ? "TRUE" : "FALSE",
            "VARCHAR" => Sql.Text(value.GetString()!),
            // DuckDB reads a number as it would have read it in the text: the type follows from the digits.
            "INTEGER" or "BIGINT" => value.GetInt64().ToString(CultureInfo.InvariantCulture),
            "HUGEINT" => Huge(value).ToString(CultureInfo.InvariantCulture),
            // An exponent makes it a double, a point alone a decimal of as many digits.
            "DOUBLE" when value.ValueKind == JsonValueKind.Number =>
                value.GetDouble().ToString("E16", CultureInfo.InvariantCulture),
            _ when type.StartsWith("DECIMAL", StringComparison.Ordinal) => Decimal(value, type),
            _ => throw ExpressionReader.NotAllowed($"constants of the type {type}"),
        };
    }

    /// <summary>The type as SQL.</summary>
    public static string Type(ParsedNode node)
    {
        var id = node.Text("id");
        if (id == "NULL" || _types.Contains(id))
            return id;
        if (id != "DECIMAL")
            throw ExpressionReader.NotAllowed($"the type {id}");
        return node.Needed("type_info").Whole(info => info.Text("type") == "DECIMAL_TYPE_INFO"
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"DECIMAL({info.Raw("width").GetInt32()},{Scale(info)})")
            : throw ExpressionReader.NotAllowed("this type"));
    }

    private static int Scale(ParsedNode info) => info.Raw("scale").GetInt32();

    private static BigInteger Huge(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object
            ? (new BigInteger(value.GetProperty("upper").GetInt64()) << 64) + value.GetProperty("lower").GetUInt64()
            : BigInteger.Parse(value.GetRawText(), CultureInfo.InvariantCulture);

    /// <summary>The digits of a decimal without its point, and the point set where the type has it.</summary>
    private static string Decimal(JsonElement value, string type)
    {
        var scale = int.Parse(type.AsSpan(type.IndexOf(',', StringComparison.Ordinal) + 1).TrimEnd(')'),
            CultureInfo.InvariantCulture);
        var digits = Huge(value);
        var text = BigInteger.Abs(digits).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        return $"{(digits.Sign < 0 ? "-" : "")}{text[..^scale]}.{text[^scale..]}";
    }
}
