using System.Buffers.Text;
using System.Text;
using Millrace.Engine.Supply.States;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.Joins;

/// <summary>
/// Makes sets of keys out of what is known of a column. None come of columns that nobody joins on: fractions, truth,
/// times of day, and those with few different values, which meet everything.
/// </summary>
internal static class KeySets
{
    /// <summary>Fewer different values than this say nothing where they meet, and too much of each of them.</summary>
    public const int ValuesMin = 20;

    private const double KeyShare = 0.99;

    /// <summary>Days of a choice of moments are all days where each was chosen that often.</summary>
    private const int MomentsOfADayMin = 8;

    public static IReadOnlyList<KeySet> Of(ColumnState state)
    {
        if (state.Values64 is not { } values || values.Hashes.Length < ValuesMin)
            return [];
        IEnumerable<KeySet?> all = state.Column.Type switch
        {
            ColumnType.Integer => [Integers(values)],
            ColumnType.Number => [Whole(values, k => WholeOf(Order64.Double(Order64.Unmix(k))))],
            ColumnType.Decimal => [OfTexts(values)],
            ColumnType.Text => [OfTexts(values) ?? Texts(values)],
            ColumnType.Date => [Native(JoinDomain.Day, values)],
            ColumnType.Timestamp => [Native(JoinDomain.Moment, values), Days(values)],
            _ => [],
        };
        return [.. all.OfType<KeySet>().Where(s => s.Hashes.Length >= ValuesMin)];
    }

    /// <summary>As they were hashed; the last of a choice is its bound.</summary>
    private static KeySet Native(JoinDomain domain, ValueSketch values) => new(
        domain, values.IsWhole ? values.Hashes : values.Hashes[..^1],
        values.IsWhole ? ulong.MaxValue : values.Hashes[^1], IsKey(values.Counts), []);

    private static KeySet Integers(ValueSketch values)
    {
        var set = Native(JoinDomain.Whole, values);
        return set with { Numbers = Sorted(set.Hashes.Select(h => Order64.Integer(Order64.Unmix(h)))) };
    }

    private static KeySet Texts(ValueSketch values)
    {
        var alphabet = new HashSet<byte>(values.Texts.SelectMany(t => t)).Count;
        return Native(JoinDomain.Text, values) with
        {
            Texts = Math.Pow(alphabet, values.Texts.Max(t => t.Length)),
        };
    }

    /// <summary>Whole numbers that are written as texts or decimals; null where one is none.</summary>
    private static KeySet? OfTexts(ValueSketch values)
    {
        var byHash = values.Hashes.Zip(values.Texts).ToDictionary(p => p.First, p => p.Second);
        return Whole(values, hash => WholeOf(byHash[hash]));
    }

    /// <summary>Hashed anew as whole numbers, which takes all of them; null where one is none.</summary>
    private static KeySet? Whole(ValueSketch values, Func<ulong, long?> number)
    {
        if (!values.IsWhole)
            return null;
        var numbers = new long[values.Hashes.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (number(values.Hashes[i]) is not { } whole)
                return null;
            numbers[i] = whole;
        }
        return Hashed(JoinDomain.Whole, numbers, values.Counts) with { Numbers = Sorted(numbers) };
    }

    private static KeySet? Days(ValueSketch values)
    {
        var counts = new Dictionary<long, long>();
        for (var i = 0; i < values.Hashes.Length; i++)
        {
            var moment = Order64.Integer(Order64.Unmix(values.Hashes[i]));
            var day = (long)Math.Floor((decimal)moment / TimeSpan.MicrosecondsPerDay);
            counts[day] = counts.GetValueOrDefault(day) + values.Counts[i];
        }
        return values.IsWhole || counts.Count * MomentsOfADayMin <= values.Hashes.Length
            ? Hashed(JoinDomain.Day, [.. counts.Keys], [.. counts.Values])
            : null;
    }

    private static KeySet Hashed(JoinDomain domain, long[] numbers, long[] counts)
    {
        var hashes = Array.ConvertAll(numbers, n => Order64.Mix(Order64.Of(n)));
        Array.Sort(hashes);
        return new KeySet(domain, hashes, ulong.MaxValue, IsKey(counts), []);
    }

    private static bool IsKey(long[] counts) => counts.Count(c => c == 1) >= KeyShare * counts.Length;

    private static long[] Sorted(IEnumerable<long> numbers) => [.. numbers.Order()];

    private static long? WholeOf(double number) =>
        number == Math.Truncate(number) && Math.Abs(number) < 1L << 53 ? (long)number : null;

    /// <summary>As a program writes it: <c>007</c> is a code, not the number 7.</summary>
    private static long? WholeOf(byte[] text) =>
        Utf8Parser.TryParse(text, out long number, out var read) && read == text.Length
        && Encoding.UTF8.GetBytes(number.ToString(System.Globalization.CultureInfo.InvariantCulture))
            .AsSpan().SequenceEqual(text)
            ? number
            : null;
}
