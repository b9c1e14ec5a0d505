using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Contracts;
using Millrace.Protocol.Policies;
using Millrace.Tests.Architecture;

namespace Millrace.Tests.Supply.Contracts;

/// <summary>What a draft says beyond single columns: orders of columns, keys of several, no repeated rows.</summary>
public sealed class DraftTests : IDisposable
{
    private const string Rows = """"
        SELECT i % 40 AS low, i % 40 + i % 3 AS "high ""x""", i % 40 + 5 AS top, i % 17 AS other, i * 1000 AS far
        FROM range(@rows) r(i)
        """";

    private readonly Workshop _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task Orders_are_found_where_ranges_overlap_and_not_told_twice()
    {
        var (relations, _) = await DraftAsync(400);
        Assert.Equal(
            [new ColumnOrder("low", "high \"x\""), new ColumnOrder("high \"x\"", "top")],
            relations.OfType<ColumnOrder>());
        // Of few rows an order is an accident.
        Assert.Empty((await DraftAsync(90)).Relations);
    }

    [Fact]
    public async Task The_table_keeps_its_draft_and_cells_in_each_others_place_break_it()
    {
        var (_, contract) = await DraftAsync(400);
        Assert.Equal(
            ["far.unique", "low.at-most-high \"x\"", "high \"x\".at-most-top"],
            contract.Rules.Where(r => r.Test is Unique or Condition).Select(r => r.Id));
        Assert.All(await CheckAsync(contract, "t"), r => Assert.Equal(r.A, r.B));
        _work.Make(""""
            COPY (SELECT CASE WHEN far = 20000 THEN top ELSE low END AS low, "high ""x""",
              CASE WHEN far = 20000 THEN low ELSE top END AS top, other, far FROM '@/t.parquet')
            TO '@/bad.parquet' (FORMAT parquet)
            """");
        var broken = (await CheckAsync(contract, "bad")).Where(r => r.A < r.B).ToList();
        Assert.Equal(
            ["low.at-most-high \"x\"", "high \"x\".at-most-top", "top.determined-by-low"], broken.Select(r => r.Id));
        Assert.All(broken, r => Assert.Equal([21L], r.EvidenceRows));
    }

    [Fact]
    public async Task A_key_of_several_columns_is_said_or_else_that_no_row_repeats_another()
    {
        var source = Path.Combine(SourceTree.Root, "samples", "l-ridership-2001.csv");
        var table = await _work.Import.ImportAsync([source], _work.At("t.parquet"), Workshop.Cancel);
        var profile = await new Profiler(_work.Duck).ProfileAsync(
            [_work.At("t.parquet")], table.Schema, Workshop.Cancel);
        var key = Assert.Single(profile.CompositeKeys!);
        var rule = Assert.Single(Rules(profile));
        Assert.Equal("date+station.unique", rule.Id);
        Assert.Equal(["date", "station"], rule.Test.Columns);
        Assert.Empty(Rules(profile with { Rows = 50 }));

        // A sample promises nothing.
        foreach (var other in (CompositeKey[]?[])[null, [key with { RepeatsBelow = 0.01 }]])
        {
            rule = Assert.Single(Rules(profile with { CompositeKeys = other }));
            Assert.Equal("rows.unique", rule.Id);
            Assert.Equal(table.Schema.Columns.Select(c => c.Name), rule.Test.Columns);
        }
        // No more rows than repeat another now, if that is known to be few.
        var repeating = profile with { CompositeKeys = null, DuplicateRows = 7 };
        rule = Assert.Single(Rules(repeating, new FewRepeats(6)));
        Assert.Equal(("rows.unique", new RulePromise(null, 6)), (rule.Id, rule.Promise));
        Assert.Empty(Rules(repeating));
        Assert.Empty(Rules(profile with { CompositeKeys = null, Rows = 50 }));
    }

    [Fact]
    public void A_column_is_described_by_its_element_and_its_figures_and_marked_as_a_draft()
    {
        var profile = new TableProfile(
            300, 0,
            [
                new("date", ColumnType.Date, 0, 31, true, 0, "2001-01-01", "2001-01-31", null, null, [], []),
                new("zzz", ColumnType.Integer, 3, 12, false, 0, "1", "12", null, null, [], []),
                new("q", ColumnType.Integer, 0, 300, true, 0, "4711", "4999", null, null, [], []),
            ]);
        var draft = ContractDraft.Of("t", profile, c => c == "q" ? 3 : 1, []);
        var said = draft["schema"]![0]!["properties"]!.AsArray().Select(p => (string)p!["description"]!).ToList();
        Assert.StartsWith("Draft: A day of the Gregorian calendar. 公历中的某一天。 date", said[0], StringComparison.Ordinal);
        Assert.EndsWith(
            " from 2001-01-01 to 2001-01-31, 31 different values, none missing.", said[0], StringComparison.Ordinal);
        Assert.Equal("Draft: integer from 1 to 12, about 12 different values, 3 of 300 missing.", said[1]);
        Assert.Equal("Draft: integer, 300 different values, none missing.", said[2]); // No value of a sensitive one.
    }

    private static IEnumerable<ContractRule> Rules(TableProfile profile, params ColumnRelation[] relations) =>
        ContractReader.Read(YamlText.Write(ContractDraft.Of("rides", profile, _ => 1, relations))).Rules
            .Where(r => r.Test is Unique);

    private async Task<(IReadOnlyList<ColumnRelation> Relations, DataContract Contract)> DraftAsync(int rows)
    {
        _work.Make($"COPY ({Rows.Replace("@rows", $"{rows}", StringComparison.Ordinal)}) TO '@/t.parquet' "
            + "(FORMAT parquet)");
        string[] files = [_work.At("t.parquet")];
        var profile = await new Profiler(_work.Duck).ProfileAsync(files, Schema, Workshop.Cancel);
        var relations = await new ColumnRelations(_work.Duck).FindAsync(files, profile, Workshop.Cancel);
        return (relations, ContractReader.Read(YamlText.Write(ContractDraft.Of("t", profile, _ => 1, relations))));
    }

    private Task<IReadOnlyList<RuleResult>> CheckAsync(DataContract contract, string name) =>
        new RuleChecker(_work.Duck).CheckAsync(
            contract, [_work.At($"{name}.parquet")], Schema, new Dictionary<string, ReferredTable>(),
            DateTimeOffset.UnixEpoch, Workshop.Cancel);

    private static TableSchema Schema => new(
        [.. new[] { "low", "high \"x\"", "top", "other", "far" }.Select(n => new Column(n, ColumnType.Integer))]);
}
