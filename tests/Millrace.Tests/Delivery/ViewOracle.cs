using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Millrace.Protocol.Policies;

namespace Millrace.Tests.Delivery;

/// <summary>
/// What a plan shows of a table, worked out row by row and without SQL: cells are null, long, decimal, double, bool,
/// DateOnly, DateTime or string.
/// </summary>
internal static class ViewOracle
{
    public static List<object?[]> Show(AccessPlan plan, IEnumerable<object?[]> rows, byte[] secret) =>
    [
        .. rows.Where(row => plan.Rows is null || Holds(plan.Rows, name => Cell(plan, row, name)))
            .Select(row => plan.Columns.Select(c => Masked(c.Mask, Cell(plan, row, c.Name), secret)).ToArray()),
    ];

    /// <summary>One text for one value, so that cells of two origins can be compared.</summary>
    public static string? Text(object? cell) => cell switch
    {
        null => null,
        bool b => b ? "true" : "false",
        DateOnly d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime t => t.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        decimal m => m.ToString("0.############", CultureInfo.InvariantCulture),
        double d => d.ToString("R", CultureInfo.InvariantCulture),
        _ => Convert.ToString(cell, CultureInfo.InvariantCulture),
    };

    private static object? Cell(AccessPlan plan, object?[] row, string name)
    {
        for (var i = 0; i < plan.Schema.Columns.Count; i++)
            if (plan.Schema.Columns[i].Name == name) return row[i];
        throw new ArgumentException(name);
    }

    private static bool Holds(RowPredicate rule, Func<string, object?> cell)
    {
        if (rule is RowAll all) return all.Parts.All(p => Holds(p, cell));
        if (rule is RowAny any) return any.Parts.Any(p => Holds(p, cell));
        var one = (RowComparison)rule;
        if (cell(one.Column) is not { } value || value is double.NaN) return false;
        var orders = one.Values.Select(v => Order(value, v)).ToList();
        return one.Operator switch
        {
            Operator.Eq or Operator.IsAnyOf => orders.Contains(0),
            Operator.Neq or Operator.IsNoneOf => !orders.Contains(0),
            Operator.Lt => orders[0] < 0,
            Operator.Lteq => orders[0] <= 0,
            Operator.Gt => orders[0] > 0,
            _ => orders[0] >= 0,
        };
    }

    private static int Order(object cell, string value) => cell switch
    {
        long n => new BigInteger(n).CompareTo(BigInteger.Parse(value, CultureInfo.InvariantCulture)),
        decimal m => m.CompareTo(decimal.Parse(value, CultureInfo.InvariantCulture)),
        double d => d.CompareTo(double.Parse(value, CultureInfo.InvariantCulture)),
        DateOnly d => d.CompareTo(DateOnly.Parse(value, CultureInfo.InvariantCulture)),
        DateTime t => t.CompareTo(DateTime.Parse(value, CultureInfo.InvariantCulture)),
        bool b => b.CompareTo(bool.Parse(value)),
        _ => string.CompareOrdinal((string)cell, value),
    };

    private static object? Masked(Mask? mask, object? cell, byte[] secret) => (mask?.Kind, cell) switch
    {
        (null, _) => cell,
        (_, null) or (MaskKind.Null, _) => null,
        (MaskKind.Hash, _) => Pseudonym(Text(cell)!, secret),
        (MaskKind.First, string s) => string.Concat(s.EnumerateRunes().Take(mask!.Chars)),
        (MaskKind.Last, string s) => string.Concat(s.EnumerateRunes().TakeLast(mask!.Chars)),
        (MaskKind.Round, long n) => Rounded((decimal)n, mask!.Step) is var r && r < long.MinValue || r > long.MaxValue
            ? null
            : (long)r,
        (MaskKind.Round, decimal m) => Rounded(m, mask!.Step),
        (MaskKind.Round, double d) => Rounded(d, mask!.Step),
        (MaskKind.DateMonth, DateOnly d) => new DateOnly(d.Year, d.Month, 1),
        (MaskKind.DateYear, DateOnly d) => new DateOnly(d.Year, 1, 1),
        (MaskKind.DateMonth, DateTime t) => new DateTime(t.Year, t.Month, 1),
        (MaskKind.DateYear, DateTime t) => new DateTime(t.Year, 1, 1),
        _ => throw new ArgumentException(mask?.ToString()),
    };

    private static double Rounded(double value, decimal step) =>
        Math.Round(value / (double)step, MidpointRounding.AwayFromZero) switch
        {
            0 => 0,
            var steps when Math.Abs(steps) < 1e15 => // The double that is written like the exact multiple.
                double.Parse($"{(decimal)steps * step}", CultureInfo.InvariantCulture),
            var steps => steps * (double)step,
        };

    private static decimal Rounded(decimal value, decimal step) =>
        Math.Round(value / step, 0, MidpointRounding.AwayFromZero) * step;

    private static string Pseudonym(string text, byte[] secret)
    {
        using var hmac = new HMACSHA256(secret);
        return Convert.ToHexStringLower(hmac.ComputeHash(Encoding.UTF8.GetBytes(text)))[..32];
    }
}
