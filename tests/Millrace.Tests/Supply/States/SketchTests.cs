using CsCheck;
using Millrace.Engine.Supply.States;

namespace Millrace.Tests.Supply.States;

/// <summary>What is kept of many values: merging parts in any order gives what reading all at once gives.</summary>
public sealed class SketchTests
{
    private static readonly Gen<double> _number = Gen.OneOf(
        Gen.Int[-20, 20].Select(i => (double)i), Gen.Double[-1e9, 1e9], Gen.Double.Where(double.IsFinite));

    [Fact]
    public void Buckets_of_parts_are_those_of_the_whole() =>
        Gen.Select(_number.Array[0, 200], Gen.Int[0, 200], Gen.Int[2, 40]).Sample((numbers, split, max) =>
        {
            var (one, two) = (numbers.Take(split), numbers.Skip(split));
            var whole = BucketsOf(max, numbers);
            Same(whole, BucketsOf(max, two).Merge(BucketsOf(max, one)));
            Same(whole, BucketsOf(max, numbers.Reverse()));
            Assert.True(whole.Keys.Length <= max);
            Assert.Equal(numbers.Length, whole.Counts.Sum());
        });

    [Fact]
    public void Values_of_parts_are_those_of_the_whole() =>
        Gen.Select(Gen.Int[0, 60].Array[0, 300], Gen.Int[0, 300], Gen.Int[2, 40]).Sample((values, split, max) =>
        {
            var (one, two) = (values.Take(split), values.Skip(split));
            var whole = SketchOf(max, values);
            Same(whole, SketchOf(max, two).Merge(SketchOf(max, one)));
            Same(whole, SketchOf(max, values.Reverse()));
            var different = values.Distinct().Count();
            Assert.Equal(different <= max, whole.IsWhole);
            if (whole.IsWhole)
                Assert.Equal(different, whole.Distinct);
            for (var i = 0; i < whole.Hashes.Length; i++)
                Assert.Equal(values.Count(v => HashOf(v) == whole.Hashes[i]), whole.Counts[i]);
        });

    [Fact]
    public void Different_values_beyond_the_bound_are_estimated_within_the_stated_error()
    {
        const int Max = 1 << 12, Different = 1_000_000;
        var estimate = SketchOf(Max, Enumerable.Range(0, Different)).Distinct;
        Assert.InRange(estimate, Different * (1 - (4 / Math.Sqrt(Max))), Different * (1 + (4 / Math.Sqrt(Max))));
    }

    [Fact]
    public void Few_different_numbers_are_found_at_their_ranks() =>
        _number.Array[1, 100].Sample(numbers =>
        {
            var buckets = BucketsOf(128, numbers);
            var sorted = numbers.Order().ToArray();
            for (var rank = 0; rank < sorted.Length; rank++)
                Assert.Equal(sorted[rank], buckets.At(rank, sorted[0], sorted[^1]));
            Assert.Equal(
                sorted.Select(n => (long)sorted.Count(m => m < n)), buckets.Below(sorted, sorted[0], sorted[^1]));
        });

    [Fact]
    public void Many_numbers_are_found_near_their_ranks_also_far_from_zero()
    {
        foreach (var offset in (double[])[0, 1.7e15, -1.7e15])
        {
            var numbers = Enumerable.Range(0, 200_000).Select(i => offset + (i * 7919L % 200_003 * 1_000)).ToArray();
            var buckets = BucketsOf(16_384, numbers);
            var sorted = numbers.Order().ToArray();
            foreach (var rank in (int[])[0, 10_000, 100_000, 199_999])
            {
                var error = Math.Abs(sorted[rank] - buckets.At(rank, sorted[0], sorted[^1]));
                Assert.InRange(error, 0, 0.001 * (sorted[^1] - sorted[0]));
            }
        }
    }

    [Fact]
    public void Keys_keep_the_order_and_come_back() =>
        Gen.Select(Gen.Double, Gen.Double, Gen.Long, Gen.Long).Sample((x, y, i, j) =>
        {
            Assert.Equal(i.CompareTo(j), Order64.Of(i).CompareTo(Order64.Of(j)));
            Assert.Equal(i, Order64.Integer(Order64.Unmix(Order64.Mix(Order64.Of(i)))));
            Assert.Equal(x, Order64.Double(Order64.Of(x)));
            if (!double.IsNaN(x) && !double.IsNaN(y))
                Assert.Equal(x.CompareTo(y), Order64.Of(x).CompareTo(Order64.Of(y)));
            Assert.Equal(Order64.Of(0.0), Order64.Of(-0.0));
        });

    [Fact]
    public void Decimals_are_compared_as_numbers() =>
        Gen.Select(Gen.Int[-99_999, 99_999], Gen.Int[-99_999, 99_999], Gen.Int[0, 3], Gen.Int[0, 3]).Sample(
            (i, j, p, q) =>
            {
                var (x, y) = (i / (decimal)Math.Pow(10, p), j / (decimal)Math.Pow(10, q));
                Assert.Equal(
                    Math.Sign(x.CompareTo(y)), Math.Sign(Extreme.CompareDecimals(Bytes(x), Bytes(y))));
            });

    private static byte[] Bytes(decimal number) => System.Text.Encoding.UTF8.GetBytes(
        number.ToString("0.#####", System.Globalization.CultureInfo.InvariantCulture));

    private static ulong HashOf(int value) => Order64.Mix(Order64.Of((long)value));

    private static Buckets BucketsOf(int max, IEnumerable<double> numbers)
    {
        var builder = new Buckets.Builder(max);
        foreach (var number in numbers)
            builder.Add(number);
        return builder.Build();
    }

    private static ValueSketch SketchOf(int max, IEnumerable<int> values)
    {
        var builder = new ValueSketch.Builder(max, withTexts: false);
        foreach (var value in values)
            builder.Add(HashOf(value));
        return builder.Build();
    }

    private static void Same(Buckets one, Buckets two)
    {
        Assert.Equal(one.Shift, two.Shift);
        Assert.Equal(one.Keys, two.Keys);
        Assert.Equal(one.Counts, two.Counts);
    }

    private static void Same(ValueSketch one, ValueSketch two)
    {
        Assert.Equal(one.IsWhole, two.IsWhole);
        Assert.Equal(one.Hashes, two.Hashes);
        Assert.Equal(one.Counts, two.Counts);
    }
}
