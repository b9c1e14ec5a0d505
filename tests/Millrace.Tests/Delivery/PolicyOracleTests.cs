using System.Globalization;
using CsCheck;
using Millrace.Engine.Delivery;
using Millrace.Protocol.Policies;
using Millrace.Tests.Supply;

namespace Millrace.Tests.Delivery;

/// <summary>From terms to bytes: what the engine writes never shows a cell that the holder or the terms hide.</summary>
public sealed class PolicyOracleTests : IDisposable
{
    private static readonly TableSchema _schema = new(
    [
        new("id", ColumnType.Integer), new("name", ColumnType.Text), new("money", ColumnType.Decimal),
        new("born", ColumnType.Date), new("flag", ColumnType.Boolean),
    ]);

    private static readonly object?[][] _pools =
    [
        [null, 0L, 1L, -7L, 25L, 149L, 150L], [null, "", "ada", "adam", "bob", "汉字很好"],
        [null, 0m, 1.5m, -2.25m, 10m, 99.99m],
        [null, new DateOnly(2024, 2, 29), new DateOnly(2024, 2, 1), new DateOnly(2023, 12, 31)], [null, true, false],
    ];

    private static readonly string[][] _masks =
    [
        ["null", "hash", "hash:s", "round:10", "round:5", "round:7"],
        ["null", "hash", "hash:s", "first:1", "first:2", "last:1", "last:2"],
        ["null", "hash", "round:0.5", "round:10", "round:3"], ["null", "hash", "date:month", "date:year"], ["null"],
    ];

    private static readonly Operator[] _orders =
        [Operator.Eq, Operator.Neq, Operator.Lt, Operator.Lteq, Operator.Gt, Operator.Gteq];

    private static readonly Gen<int> _column = Gen.Int[0, 4];

    private static readonly Gen<SaidMask> _mask = Gen.Select(_column, Gen.Int[0, 99], (column, pick) =>
        new SaidMask(_schema.Columns[column].Name, _masks[column][pick % _masks[column].Length]));

    private static readonly Gen<Said> _row = Gen.Select(_column, Gen.Int[0, 5], Gen.Int[0, 99], (column, op, pick) =>
    {
        var ordered = column is 0 or 2 or 3;
        return (Said)new SaidRow(
            _schema.Columns[column].Name, _orders[ordered ? op : op % 2],
            _pools[column][1 + (pick % (_pools[column].Length - 1))]!);
    });

    private static readonly Gen<Said> _columns = Gen.Select(Gen.Bool, Gen.Int[0, 30], (only, bits) =>
        (Said)new SaidColumns(
            only, [.. _schema.Columns.Where((_, i) => (bits + 1 >> i & 1) > 0).Select(c => c.Name)]));

    private static readonly Gen<Said> _one = Gen.Frequency(
        (3, _mask.Select(mask => (Said)mask)), (2, _row), (1, _columns),
        (1, _row.Array[1, 3].Select(rows => (Said)new SaidTogether(true, rows))));

    private static readonly Gen<Said> _said =
        Gen.Frequency((4, _one), (1, _one.Array[1, 2].Select(parts => (Said)new SaidTogether(false, parts))));

    private static readonly Gen<DefaultPlan> _holder = Gen.Select(
        _column.Array[0, 1], _mask.Array[0, 2], (hidden, masks) => new DefaultPlan(
            [.. hidden.Select(i => _schema.Columns[i].Name)],
            masks.DistinctBy(m => m.Column).ToDictionary(m => m.Column, m => Mask.Parse(m.Mask)!)));

    private static readonly Gen<object?[]> _cells = Gen.Int[0, 99].Array[5].Select(picks =>
        picks.Select((pick, i) => _pools[i][pick % _pools[i].Length]).ToArray());

    private readonly Workshop _work = new();
    private readonly GovernedView _views;

    public PolicyOracleTests() => _views = new GovernedView(_work.Duck);

    [Fact]
    public void What_leaves_shows_no_cell_that_the_holder_or_the_terms_hide()
    {
        var (shown, refused) = (0, 0);
        Gen.Select(_said.Array[0, 5], _holder, _cells.Array[0, 12]).Sample(
            (terms, holder, rows) =>
            {
                var columns = _schema.Columns.Where(c => PolicyOracle.ShowsColumn(terms, holder, c.Name)).ToList();
                var rule = new Rule { Action = Terms.Use, Constraints = [.. terms.Select(said => said.Write())] };
                if (AccessPlan.Compile(rule, _schema, holder).Refused(out var refusal, out var plan))
                {
                    Assert.Equal("no-columns", refusal.Code);
                    Assert.Empty(columns);
                    refused++;
                    return;
                }

                Assert.Equal(columns.Select(c => c.Name), plan.Columns.Select(c => c.Name));
                var seen = rows.Where(row => PolicyOracle.ShowsRow(terms, name => row[Place(name)])).ToList();
                var left = Leave(plan, rows);
                Assert.Equal(seen.Count, left.Count);
                for (var i = 0; i < columns.Count; i++)
                    Hold(
                        PolicyOracle.Masks(terms, holder, columns[i].Name),
                        [.. seen.Select(row => row[Place(columns[i].Name)])], [.. left.Select(row => row[i])]);
                shown += left.Count;
            },
            iter: 250,
            threads: 1);
        Assert.True(shown > 100 && refused > 0, $"{shown} rows were shown, {refused} plans refused.");
    }

    public void Dispose() => _work.Dispose();

    /// <summary>Each mask holds: cells that it does not tell apart are not told apart.</summary>
    private static void Hold(IReadOnlyList<string> masks, List<object?> cells, List<string?> shown)
    {
        if (masks.Count == 0)
            Assert.Equal(cells.Select(ViewOracle.Text), shown);
        foreach (var mask in masks)
        {
            var alike = cells.Zip(shown).GroupBy(x => ViewOracle.Text(PolicyOracle.Shown(mask, x.First)));
            Assert.All(alike, group => Assert.Single(group.Select(x => x.Second).Distinct()));
            if (mask == "null") Assert.All(shown, Assert.Null);
        }

        var hashed = masks.Any(mask => mask.StartsWith("hash", StringComparison.Ordinal));
        if (hashed)
            Assert.All(shown.OfType<string>(), text => Assert.Matches("^[0-9a-f]{32}$", text));
        // One mask alone shows all that it leaves.
        if (masks is [_] && hashed)
            Assert.Equal(cells.Distinct().Count(), shown.Distinct().Count());
        else if (masks is [var one])
            Assert.Equal(cells.Select(cell => ViewOracle.Text(PolicyOracle.Shown(one, cell))), shown);
    }

    private static int Place(string column) => _schema.Columns.ToList().FindIndex(c => c.Name == column);

    /// <summary>The rows of the view as texts, in the order in which they lie in it.</summary>
    private List<string?[]> Leave(AccessPlan plan, object?[][] rows)
    {
        string Cell(object? cell, int i) => cell is null
            ? $"NULL::{Types[i]}"
            : $"'{ViewOracle.Text(cell)!.Replace("'", "''", StringComparison.Ordinal)}'::{Types[i]}";
        var values = string.Join(", ", rows.Select(row => $"({string.Join(", ", row.Select(Cell))})"));
        var names = string.Join(", ", _schema.Columns.Select(c => $"\"{c.Name}\""));
        var none = string.Join(", ", Types.Select(type => $"NULL::{type}"));
        _work.Make(
            $"COPY (SELECT * FROM (VALUES {(rows.Length == 0 ? $"({none})" : values)}) AS t({names})"
            + $"{(rows.Length == 0 ? " LIMIT 0" : "")}) TO '@/in.parquet' (FORMAT parquet)");
        var secret = new byte[32];
        _views.BuildAsync(
            [_work.At("in.parquet")], plan, [new("agreement", secret), new("scenario:s", [.. secret.Append((byte)1)])],
            ViewFormat.Parquet, _work.At("view"), Workshop.Cancel).GetAwaiter().GetResult();
        return [.. _work.Cells("read_parquet(@)", "view").Select(row => row.Select(Normal).ToArray())];

        string? Normal(string? cell, int i) => (cell, plan.Columns[i].Type, plan.Columns[i].Mask?.Kind) switch
        {
            (null, _, _) => null,
            (_, ColumnType.Decimal, not MaskKind.Hash) =>
                ViewOracle.Text(decimal.Parse(cell, CultureInfo.InvariantCulture)),
            _ => cell,
        };
    }

    private static readonly string[] Types = ["BIGINT", "VARCHAR", "DECIMAL(12,3)", "DATE", "BOOLEAN"];
}
