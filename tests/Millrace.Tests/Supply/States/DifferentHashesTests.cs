using Millrace.Engine.Supply.States;

namespace Millrace.Tests.Supply.States;

/// <summary>However many shares they are counted in, the different ones are those that the engine counts.</summary>
public sealed class DifferentHashesTests : IDisposable
{
    private readonly Workshop _work = new();

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData("hash(i)")]
    [InlineData("hash(i % 1000)")]
    [InlineData("0::UBIGINT")]
    [InlineData("i::UBIGINT")]
    [InlineData("(18446744073709551615 - i % 7)::UBIGINT")]
    [InlineData("((i % 3000) * 4294967296)::UBIGINT")]
    public async Task They_are_as_many_as_the_engine_counts(string hash)
    {
        var table = $"(SELECT {hash} AS h FROM range(700000) t(i))";
        var expected = long.Parse(
            _work.Cells($"(SELECT count(DISTINCT h) FROM {table})")[0][0]!,
            System.Globalization.CultureInfo.InvariantCulture);
        foreach (var rows in (long[])[0, 700_000, 5_000_000, 100_000_000])
            Assert.Equal(
                expected,
                await _work.Duck.RunAsync(
                    [], session => DifferentHashes.Count(session, table, rows), Workshop.Cancel));
    }
}
