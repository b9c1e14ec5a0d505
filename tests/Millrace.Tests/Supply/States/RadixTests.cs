using CsCheck;
using Millrace.Engine.Supply.States;

namespace Millrace.Tests.Supply.States;

public sealed class RadixTests
{
    private static readonly Gen<ulong[]> _keys = Gen.OneOf(
        Gen.ULong.Array[1, 2_000], Gen.ULong[0, 5].Array[1, 2_000],
        Gen.ULong[1ul << 40, (1ul << 40) + 900].Array[1, 2_000], Gen.Const(0ul).Array[1, 600]);

    [Fact]
    public void Sorts_as_comparing_does_and_moves_what_goes_with_each_key() => _keys.Sample(keys =>
    {
        var (sorted, items) = ((ulong[])keys.Clone(), Enumerable.Range(0, keys.Length).ToArray());
        Radix.Sort(sorted, items);
        Assert.Equal(keys.Order(), sorted);
        Assert.Equal(sorted, items.Select(i => keys[i]));
        Assert.Equal(keys.Length, items.Distinct().Count());
    });

    [Fact]
    public void Selects_the_key_at_a_rank() =>
        Gen.Select(_keys, Gen.Int[0, 1_999]).Where(c => c.Item2 < c.Item1.Length).Sample(
            (keys, rank) => Assert.Equal(keys.Order().ElementAt(rank), Radix.Select(keys, rank)));
}
