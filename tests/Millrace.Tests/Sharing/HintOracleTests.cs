using System.Globalization;
using CsCheck;
using Millrace.Engine.Delivery;
using Millrace.Tests.Supply;

namespace Millrace.Tests.Sharing;

/// <summary>Whatever the condition: no row is left out that a reader, who checks row by row, would keep.</summary>
public sealed class HintOracleTests
{
    private static readonly (int? Number, string? Text)[] Table =
        [(1, "a"), (2, "b"), (null, "a"), (3, null), (null, null), (2, "c")];

    private static readonly string[] Operators = ["=", "<", "<=", ">", ">="];

    [Fact]
    public async Task A_part_holds_every_row_that_the_reader_would_keep_and_just_those_where_all_is_understood()
    {
        using var workshop = new Workshop();
        var rows = Table.Select((r, i) => string.Create(
            CultureInfo.InvariantCulture,
            $"({i}, {r.Number?.ToString(CultureInfo.InvariantCulture) ?? "NULL"}, {Quoted(r.Text)})"));
        workshop.Make(
            $"COPY (SELECT * FROM (VALUES {string.Join(", ", rows)}) t(row, n, x)) TO '@/view.parquet'");
        var parts = new ViewParts(workshop.Duck);
        await Gen.Int.SampleAsync(
            async seed =>
            {
                var random = new Random(seed);
                var hint = Tree(random, 3);
                await parts.PartAsync(
                    workshop.At("view.parquet"), new PartWish(hint, null), workshop.At("out.parquet"),
                    Workshop.Cancel);
                var got = workshop.Cells().Select(c => int.Parse(c[0]!, CultureInfo.InvariantCulture)).ToList();
                var wanted = Enumerable.Range(0, Table.Length).Where(i => Holds(hint, Table[i]) == true).ToList();
                return IsKnown(hint) ? wanted.SequenceEqual(got) : wanted.All(got.Contains);
            },
            iter: 150, threads: 1);
    }

    private static Hint Tree(Random random, int depth) => random.Next(depth == 0 ? 4 : 7) switch
    {
        0 => new HintIsNull(random.Next(2) == 0 ? "n" : "x"),
        1 => new HintCompared(
            "n", Operators[random.Next(5)], new(HintType.Integer, $"{random.Next(4)}")),
        2 => new HintCompared("x", Operators[random.Next(5)], new(HintType.Text, $"{(char)('a' + random.Next(4))}")),
        3 => random.Next(3) == 0 ? new HintUnknown() : new HintIsNull("n"),
        4 => new HintAll([.. Parts(random, depth)]),
        5 => new HintAny([.. Parts(random, depth)]),
        _ => new HintNot(Tree(random, depth - 1)),
    };

    private static IEnumerable<Hint> Parts(Random random, int depth) =>
        Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Tree(random, depth - 1)).ToList();

    private static bool IsKnown(Hint hint) => hint switch
    {
        HintUnknown => false,
        HintAll all => all.Parts.All(IsKnown),
        HintAny any => any.Parts.All(IsKnown),
        HintNot not => IsKnown(not.Part),
        _ => true,
    };

    /// <summary>In the three values of SQL. A part that is not understood may be true: it is the reader's to know.
    /// </summary>
    private static bool? Holds(Hint hint, (int? Number, string? Text) row) => hint switch
    {
        HintIsNull { Column: "n" } => row.Number is null,
        HintIsNull => row.Text is null,
        HintCompared { Column: "n" } c => row.Number is { } number
            ? Compare(number.CompareTo(int.Parse(c.Value.Text, CultureInfo.InvariantCulture)), c.Operator) : null,
        HintCompared c => row.Text is { } text ? Compare(string.CompareOrdinal(text, c.Value.Text), c.Operator) : null,
        HintAll all => And(all.Parts.Select(p => Holds(p, row))),
        HintAny any => !And(any.Parts.Select(p => !Holds(p, row))),
        HintNot not => !Holds(not.Part, row),
        _ => (row.Number ?? 0) % 2 == 0, // Some condition of the reader's own.
    };

    private static bool? And(IEnumerable<bool?> parts)
    {
        var all = parts.ToList();
        return all.Contains(false) ? false : all.Contains(null) ? null : true;
    }

    private static bool Compare(int order, string sign) => sign switch
    {
        "=" => order == 0,
        "<" => order < 0,
        "<=" => order <= 0,
        ">" => order > 0,
        _ => order >= 0,
    };

    private static string Quoted(string? text) => text is null ? "NULL" : $"'{text}'";
}
