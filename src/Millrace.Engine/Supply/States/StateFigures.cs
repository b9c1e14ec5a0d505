using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Millrace.Engine.Duck;
using Millrace.Engine.Supply.Languages;
using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.States;

/// <summary>What a state says, in the form that people read.</summary>
internal static class StateFigures
{
    private const int FrequentMax = 10, ShapesMax = 5, ShapeCharactersMax = 40;

    /// <summary>Texts of a column whose language is looked for: those with the smallest hashes.</summary>
    private const int LanguageTextsMax = 2_048;

    /// <summary>
    /// If a share p of all values occurred twice, n of them would show none in (1 - p)^n of cases: in one of a hundred
    /// where p is this over n.
    /// </summary>
    public const double RepeatsUnseen = 4.6052;

    /// <summary>
    /// Of the rows of a sample, at least so many have a value that is told as frequent: with fewer, its share might as
    /// well be half as large.
    /// </summary>
    private const int FrequentRowsMin = 10;

    /// <summary>
    /// Of the rows. A row that repeats is chosen, or is not, with all its repeats: such a choice is not even.
    /// </summary>
    private const double RepeatedMax = 0.01;

    private static readonly double[] _shares = [0.05, 0.25, 0.5, 0.75, 0.95];

    /// <param name="table">Of which the column is.</param>
    /// <param name="repeated">Of the rows, those that repeat another.</param>
    public static ColumnProfile Of(DuckSession session, TableState table, ColumnState state, long repeated)
    {
        var (rows, values) = (table.Rows, state.Values64);
        var sampled = values is { IsWhole: false };
        var frequent = !sampled ? Frequent(state)
            : repeated <= RepeatedMax * rows ? FrequentInSample(table, state)
            : [];
        var rhythm = DateRhythm.Of(state);
        var ends = rhythm?.Largest.SelectMany(g => (ulong[])[g.After, g.Before]).ToList() ?? [];
        // Asked for in one statement: the engine writes dates and numbers as it does everywhere.
        var texts = Texts(
            session, state.Column.Type,
            [
                state.Least, state.Greatest, .. ends.Select(e => new Extreme(e, null)),
                .. frequent.Select(f => f.Value),
            ]);
        List<ValueCount> told = [.. frequent.Select((f, i) => new ValueCount(texts[i + 2 + ends.Count]!, f.Count))];
        return new ColumnProfile(
            state.Column.Name, state.Column.Type, rows - state.Values,
            Math.Min(values?.Distinct ?? 0, state.Values), values is { IsWhole: true }, state.Defects, texts[0],
            texts[1], Numbers(state), TextOf(state, rows), Histogram.Of(state),
            sampled ? [] : told,
            rhythm is null ? null : Steps(rhythm, texts[2..(2 + ends.Count)]), repeated > 0 ? null : Key(state, rows),
            LanguagesOf(state),
            sampled && told.Count > 0 ? new SampledValues(table.Values.Rows.Counts.Sum(), told) : null);
    }

    private static DateSteps Steps(DateRhythm rhythm, List<string?> ends) => new(
        rhythm.Every, rhythm.Unit, rhythm.Missing, rhythm.Gaps,
        [.. rhythm.Largest.Select((g, i) => new DateGap(ends[2 * i]!, ends[(2 * i) + 1]!, g.Missing))]);

    /// <summary>What is measured tells no rows apart, whether or not a value occurs twice.</summary>
    private static KeyEvidence? Key(ColumnState state, long rows) =>
        state is { Values64: { } values, Column.Type: not (ColumnType.Number or ColumnType.Boolean) }
        && rows > 1 && state.Values == rows && values.Counts.All(c => c == 1)
            ? new KeyEvidence(values.Hashes.Length, values.IsWhole ? null : RepeatsUnseen / values.Hashes.Length)
            : null;

    /// <summary>Counted in cells, of an even choice of the values.</summary>
    private static LanguageFigures? LanguagesOf(ColumnState state)
    {
        if (state is not { Column.Type: ColumnType.Text, Values64: { } values })
            return null;
        var cells = new Dictionary<string, long>();
        var notTold = 0L;
        for (var i = 0; i < Math.Min(values.Texts.Length, LanguageTextsMax); i++)
        {
            if (TextLanguage.Of(Encoding.UTF8.GetString(values.Texts[i])) is { } language)
                cells[language] = cells.GetValueOrDefault(language) + values.Counts[i];
            else
                notTold += values.Counts[i];
        }
        var told = cells.Select(c => new LanguageCount(c.Key, c.Value))
            .OrderByDescending(c => c.Cells).ThenBy(c => c.Language, StringComparer.Ordinal);
        return cells.Count == 0 ? null : new LanguageFigures([.. told], notTold);
    }

    private static NumberFigures? Numbers(ColumnState state)
    {
        if (state is not { Sums: { } sums, Buckets: { } buckets, Sound: > 0 })
            return null;
        var (min, max) = Histogram.Ends(state);
        return new NumberFigures(
            sums.Mean(state.Sound), state.Sound > 1 ? sums.Deviation(state.Sound) : null,
            [.. _shares.Select(s => new Quantile(s, buckets.At((long)Math.Ceiling(s * state.Sound) - 1, min, max)))]);
    }

    /// <summary>
    /// Most frequent first, and of equally frequent ones the least; empty where not all are known, or none repeats.
    /// </summary>
    private static List<(Extreme Value, long Count)> Frequent(ColumnState state)
    {
        if (state.Values64 is not { IsWhole: true } values || values.Hashes.Length == state.Values)
            return [];
        var byText = values.Texts.Length > 0;
        var order = FrequentFirst(state.Column.Type);
        var top = new List<(Extreme Value, long Count)>(FrequentMax + 1);
        for (var i = 0; i < values.Hashes.Length; i++)
        {
            if (top.Count == FrequentMax && values.Counts[i] < top[^1].Count)
                continue;
            var value = byText ? new Extreme(0, values.Texts[i]) : new Extreme(Order64.Unmix(values.Hashes[i]), null);
            var place = top.BinarySearch((value, values.Counts[i]), order);
            top.Insert(place < 0 ? ~place : place, (value, values.Counts[i]));
            if (top.Count > FrequentMax)
                top.RemoveAt(FrequentMax);
        }
        return top;
    }

    private static List<(Extreme Value, long Count)> FrequentInSample(TableState table, ColumnState state)
    {
        var column = ValueSample.Of(table.Columns.Select(c => c.Column)).TakeWhile(c => c != state.Column).Count();
        return
        [
            .. table.Values.Values(column).Where(v => v.Count >= FrequentRowsMin)
                .Order(FrequentFirst(state.Column.Type)).Take(FrequentMax),
        ];
    }

    private static Comparer<(Extreme Value, long Count)> FrequentFirst(ColumnType type) =>
        Comparer<(Extreme Value, long Count)>.Create((a, b) => a.Count != b.Count
            ? b.Count.CompareTo(a.Count)
            : Extreme.Compare(type, a.Value, b.Value));

    private static TextFigures? TextOf(ColumnState state, long rows)
    {
        if (state is not { Column.Type: ColumnType.Text, Values: > 0, Values64: { } values })
            return null;
        var shapes = new Dictionary<string, long>();
        var shapesBySpan = shapes.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> shape = stackalloc char[2 * ShapeCharactersMax];
        for (var i = 0; i < values.Texts.Length; i++)
        {
            // Most texts have the shape of another: only that of a new one becomes a string.
            var length = Shape(values.Texts[i], shape);
            CollectionsMarshal.GetValueRefOrAddDefault(shapesBySpan, shape[..length], out _) += values.Counts[i];
        }
        var common = shapes.Select(s => new ValueCount(s.Key, s.Value))
            .OrderByDescending(s => s.Count).ThenBy(s => s.Value, StringComparer.Ordinal).Take(ShapesMax);
        return new TextFigures(
            state.LengthMin, state.LengthMax, [.. common], values.IsWhole ? rows : values.Counts.Sum());
    }

    /// <summary>Digits, letters and Han signs as one of each kind; the characters written.</summary>
    private static int Shape(ReadOnlySpan<byte> text, Span<char> shape)
    {
        var length = 0;
        for (var i = 0; i < ShapeCharactersMax && !text.IsEmpty; i++)
        {
            Rune.DecodeFromUtf8(text, out var rune, out var bytes);
            text = text[bytes..];
            if (!rune.IsAscii)
                length += (IsHan(rune.Value) ? new Rune('汉') : rune).EncodeToUtf16(shape[length..]);
            else
                shape[length++] = (char)rune.Value switch
                {
                    >= '0' and <= '9' => '9',
                    >= 'a' and <= 'z' => 'a',
                    >= 'A' and <= 'Z' => 'A',
                    var other => other,
                };
        }
        return length;
    }

    private static List<string?> Texts(DuckSession session, ColumnType type, List<Extreme?> values)
    {
        var texts = values.ConvertAll(v => v switch
        {
            null => null,
            { Text: { } text } => Encoding.UTF8.GetString(TextBeginning.Shown(text)),
            _ when type == ColumnType.Boolean => Order64.Integer(v.Key) == 0 ? "false" : "true",
            _ => Order64.Integer(v.Key).ToString(CultureInfo.InvariantCulture),
        });
        if (type is not (ColumnType.Number or ColumnType.Date or ColumnType.Time or ColumnType.Timestamp))
            return texts;
        var asked = values.Select(v => v is null ? "NULL" : $"CAST({Literal(type, v.Key)} AS VARCHAR)");
        return [.. session.Row($"SELECT {string.Join(", ", asked)}").Select(t => (string?)t)];
    }

    private static string Literal(ColumnType type, ulong key)
    {
        var number = Order64.Integer(key);
        var text = number.ToString(CultureInfo.InvariantCulture);
        return type switch
        {
            ColumnType.Number => $"'{Order64.Double(key).ToString("R", CultureInfo.InvariantCulture)}'::DOUBLE",
            ColumnType.Date when Math.Abs(number) == int.MaxValue => $"'{(number < 0 ? "-" : "")}infinity'::DATE",
            ColumnType.Date => $"DATE '1970-01-01' + ({text})::INTEGER",
            ColumnType.Timestamp when number is long.MaxValue or -long.MaxValue =>
                $"'{(number < 0 ? "-" : "")}infinity'::TIMESTAMP",
            ColumnType.Timestamp => $"make_timestamp(({text})::BIGINT)",
            _ => $"TIME '00:00:00' + to_microseconds(({text})::BIGINT)",
        };
    }

    // Of the basic plane and beyond: .NET has no class of scripts.
    private static bool IsHan(int sign) => sign is (>= 0x2E80 and <= 0x2FD5) or 0x3005 or 0x3007
        or (>= 0x3021 and <= 0x3029) or (>= 0x3038 and <= 0x303B) or (>= 0x3400 and <= 0x4DBF)
        or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAD9) or (>= 0x20000 and <= 0x337FF);
}
