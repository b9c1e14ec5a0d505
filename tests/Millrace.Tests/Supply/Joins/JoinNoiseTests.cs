using Millrace.Engine.Supply.Joins;
using Millrace.Engine.Supply.States;

namespace Millrace.Tests.Supply.Joins;

/// <summary>What a holder learns who publishes guesses to find out whether values are in another's table.</summary>
public sealed class JoinNoiseTests
{
    private const int Tries = 4_000;

    [Fact]
    public void The_same_question_gets_the_same_answer_and_another_secret_another_one()
    {
        var (one, other) = (Set(Numbers(0, 100)), Set(Numbers(10, 100)));
        Assert.Equal(Told(one, other, 1), Told(one, other, 1));
        var answers = Enumerable.Range(0, 200).Select(s => Told(one, other, s)).Distinct().Count();
        Assert.True(answers > 100, $"{answers}");
    }

    /// <summary>
    /// The best that a guesser can do: of a set that would lie just at a step, one value is the guess. Whether it is
    /// there changes the odds of each answer by less than the exponential of 1/2, whatever the size.
    /// </summary>
    [Theory]
    [InlineData(20, 0.5)]
    [InlineData(40, 0.75)]
    [InlineData(200, 0.9)]
    public void One_value_more_hardly_changes_what_is_told(int size, double step)
    {
        var known = (int)(size * step);
        var theirs = Set(Numbers(1_000, 500));
        // Members up to just below the step, what is in no table, and one guess: a member, or not.
        long[] rest = [.. Numbers(1_000, known - 1), .. Numbers(90_000, size - known)];
        var (hit, miss) = (Set([.. rest, 1_499]), Set([.. rest, 91_499]));
        var (yes, no) = (Share(hit, theirs, step), Share(miss, theirs, step));
        Assert.InRange(yes, 0.35, 0.85);
        Assert.InRange(yes / no, 0.95, Math.Exp(1 / JoinNoise.Scale) + 0.2);
        Assert.InRange((1 - no) / (1 - yes), 0.95, Math.Exp(1 / JoinNoise.Scale) + 0.2);
    }

    [Fact]
    public void Noise_has_the_stated_size_and_no_side()
    {
        var theirs = Set(Numbers(0, 50));
        var noise = Enumerable.Range(0, Tries)
            .Select(s => new JoinNoise(BitConverter.GetBytes(s), theirs, theirs).Of(0)).ToList();
        Assert.InRange(noise.Average(), -0.2, 0.2);
        Assert.InRange(noise.Average(Math.Abs), JoinNoise.Scale - 0.15, JoinNoise.Scale + 0.15);
    }

    private static double Share(KeySet mine, KeySet theirs, double step) => Enumerable.Range(0, Tries)
        .Count(s => Told(mine, theirs, s).Mine >= step) / (double)Tries;

    private static (double Mine, double Theirs) Told(KeySet mine, KeySet theirs, int secret)
    {
        var overlap = Overlap.Of(mine, theirs, BitConverter.GetBytes(secret))!;
        return (overlap.Mine, overlap.Theirs);
    }

    private static IEnumerable<long> Numbers(int from, int count) =>
        Enumerable.Range(from, count).Select(i => (long)i);

    private static KeySet Set(IEnumerable<long> numbers) => new(
        JoinDomain.Moment, [.. numbers.Select(n => Order64.Mix(Order64.Of(n))).Order()], ulong.MaxValue, true, []);
}
