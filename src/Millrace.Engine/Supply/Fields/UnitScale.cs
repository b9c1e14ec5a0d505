using System.Globalization;
using System.Numerics;

namespace Millrace.Engine.Supply.Fields;

/// <summary>
/// From one unit to another: (x × <paramref name="Times"/> + <paramref name="Plus"/>) / <paramref name="By"/>. All
/// are whole, so that 212 °F are 100 °C to the last digit and not 99.99999999999997.
/// </summary>
internal readonly record struct UnitScale(BigInteger Times, BigInteger Plus, BigInteger By)
{
    /// <param name="from">Of the same dimension.</param>
    public static UnitScale Between(Unit from, Unit to)
    {
        var (times, by) = (from.Times * to.Per, from.Per * to.Times);
        var plus = (from.Zero * times) - (to.Zero * by);
        var scale = BigInteger.Pow(10, new[] { times, by, plus }.Max(d => d.Scale));
        var (a, b, c) = (Whole(times, scale), Whole(plus, scale), Whole(by, scale));
        var common = BigInteger.GreatestCommonDivisor(BigInteger.GreatestCommonDivisor(a, b), c);
        return new UnitScale(a / common, b / common, c / common);
    }

    public double Of(double x) => ((x * (double)Times) + (double)Plus) / (double)By;

    /// <summary>The same as an expression, of a double.</summary>
    public string Sql(string x) => $"(CAST({x} AS DOUBLE) * {Literal(Times)} + {Literal(Plus)}) / {Literal(By)}";

    private static BigInteger Whole(decimal d, BigInteger scale)
    {
        var own = BigInteger.Pow(10, d.Scale);
        return new BigInteger(d * (decimal)own) * (scale / own);
    }

    private static string Literal(BigInteger whole) => whole.ToString(CultureInfo.InvariantCulture) + "e0";
}
