using System.Numerics;
using CsCheck;
using Millrace.Engine.Supply.States;

namespace Millrace.Tests.Supply.States;

public sealed class ExactSumsTests
{
    private static readonly Gen<double> _finite = Gen.OneOf(
        Gen.Double[-1e6, 1e6], Gen.Int.Select(i => (double)i), Gen.Double.Where(double.IsFinite),
        Gen.Const(0.1), Gen.Const(double.Epsilon), Gen.Const(double.MaxValue), Gen.Const(-double.MaxValue));

    [Fact]
    public void Sums_are_those_of_whole_numbers_without_a_limit() =>
        _finite.Array[0, 50].Sample(numbers =>
        {
            var sums = Sum(numbers);
            Assert.Equal(numbers.Aggregate(BigInteger.Zero, (s, n) => s + Whole(n)), sums.Sum);
            Assert.Equal(numbers.Aggregate(BigInteger.Zero, (s, n) => s + (Whole(n) * Whole(n))), sums.Squares);
        });

    [Fact]
    public void Any_split_in_any_order_gives_the_same() =>
        Gen.Select(_finite.Array[1, 60], Gen.Int[0, 60], Gen.Shuffle(Enumerable.Range(0, 60).ToArray())).Sample(
            (numbers, split, order) =>
            {
                var mixed = order.Where(i => i < numbers.Length).Select(i => numbers[i]).ToArray();
                var (one, two) = (mixed.Take(split).ToArray(), mixed.Skip(split).ToArray());
                Assert.Equal(Sum(numbers), Sum(two).Merge(Sum(one)));
            });

    [Fact]
    public void Mean_and_deviation_are_those_of_decimal_arithmetic() =>
        Gen.Int[-1_000_000, 1_000_000].Array[2, 200].Sample(numbers =>
        {
            var count = numbers.Length;
            var sums = Sum([.. numbers.Select(n => n / 64.0)]);
            Assert.Equal((double)(numbers.Sum(n => (decimal)n) / count / 64), sums.Mean(count), 1e-9);
            var mean = numbers.Average(n => (decimal)n);
            var variance = numbers.Sum(n => (n - mean) * (n - mean)) / (count - 1) / 64 / 64;
            Assert.Equal(Math.Sqrt((double)variance), sums.Deviation(count)!.Value, 1e-6);
        });

    [Fact]
    public void A_small_spread_far_from_zero_is_not_lost()
    {
        var sums = Sum([1e15 + 1, 1e15 + 2, 1e15 + 3]);
        Assert.Equal((1e15 + 2, 1.0), (sums.Mean(3), sums.Deviation(3)));
        Assert.Equal(0.1, Sum([.. Enumerable.Repeat(0.1, 1_000)]).Mean(1_000));
        Assert.Equal(double.MaxValue, Sum([double.MaxValue, double.MaxValue]).Mean(2));
        Assert.Equal(double.Epsilon, Sum([double.Epsilon, double.Epsilon]).Mean(2));
        Assert.Equal(0, Sum([double.Epsilon, double.Epsilon]).Deviation(2));
        Assert.Null(Sum([double.MaxValue, -double.MaxValue]).Deviation(2));
    }

    [Fact]
    public void Squares_do_not_overflow_when_millions_are_added()
    {
        var builder = new ExactSums.Builder();
        const double Long = 2 - 1.0 / (1L << 52); // All bits are set.
        for (var i = 0; i < 5_000_000; i++)
            builder.Add(Long);
        Assert.Equal(5_000_000 * Whole(Long) * Whole(Long), builder.Build().Squares);
    }

    private static ExactSums Sum(double[] numbers)
    {
        var builder = new ExactSums.Builder();
        foreach (var number in numbers)
            builder.Add(number);
        return builder.Build();
    }

    /// <summary>A double in 2^-1074, by the way over its exact fraction.</summary>
    private static BigInteger Whole(double number)
    {
        if (number == 0)
            return 0;
        var places = Math.Max(0, 52 - Math.ILogB(number));
        // Scaled in two steps: 2^1126 is no double.
        var whole = new BigInteger(Math.ScaleB(Math.ScaleB(number, places / 2), places - (places / 2)));
        return whole << (1074 - places >= 0 ? 1074 - places : 0) >> (places > 1074 ? places - 1074 : 0);
    }
}
