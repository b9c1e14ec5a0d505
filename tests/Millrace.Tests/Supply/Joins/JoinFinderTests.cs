using System.Globalization;
using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Fields;
using Millrace.Engine.Supply.Joins;
using Millrace.Engine.Supply.States;
using Millrace.Protocol.Policies;

namespace Millrace.Tests.Supply.Joins;

/// <summary>Which columns of two tables are said to meet, and which are not.</summary>
public sealed class JoinFinderTests : IDisposable
{
    private static readonly byte[] _secret = [1, 2, 3];

    private readonly Workshop _work = new();
    private int _tables;

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task A_code_that_is_a_key_there_meets_the_rows_that_name_it()
    {
        var stations = await TableAsync("code,name", 200, i => $"ST{i * 37:D5},Name {i * i}");
        var rides = await TableAsync("ride,station", 3_000, i => $"R{i * 991:D8},ST{i % 120 * 37:D5}");
        var join = Assert.Single(Find(rides, stations));
        Assert.Equal(("station", "code", JoinKeys.Theirs), (join.Mine, join.Theirs, join.Keys));
        Assert.Equal((0.9, 0.5), (join.MineInTheirs, join.TheirsInMine));
        Assert.InRange(join.Error!.Value, 0.01, 0.05);
        Assert.Equal(
            (JoinKeys.Mine, 0.5, 0.9), Single(Find(stations, rides), j => (j.Keys, j.MineInTheirs, j.TheirsInMine)));
    }

    [Fact]
    public async Task Dates_that_both_have_come_after_all_else()
    {
        var start = new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var one = await TableAsync("day,code", 300, i => $"{start.AddDays(i):yyyy-MM-dd},S{i / 2 * 37:D5}");
        var other = await TableAsync("code,day", 300, i => $"S{i / 2 * 37:D5},{start.AddDays(i):yyyy-MM-dd}");
        Assert.Equal(["code", "day"], Find(one, other).Select(j => j.Mine));
    }

    [Fact]
    public async Task Sparse_numbers_meet_as_integers_texts_and_decimals()
    {
        var integers = await TableAsync("id", 300, i => $"{Sparse(i)}");
        var texts = await TableAsync("id,x", 300, i => $"\"{Sparse(i)}\",\"{i}\"", ("id", "VARCHAR"));
        var decimals = await TableAsync("id", 300, i => $"{Sparse(i)}", ("id", "DECIMAL(18,2)"));
        var numbers = await TableAsync("id", 300, i => $"{Sparse(i)}", ("id", "DOUBLE"));
        foreach (var other in (TableState[])[texts, decimals, numbers])
            Assert.Equal(JoinKeys.Both, Single(Find(integers, other), j => j.Keys));
    }

    [Fact]
    public async Task Moments_meet_dates_on_their_day_and_each_other_only_when_they_are_the_same()
    {
        var start = new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var days = await TableAsync(
            "day,rain", 100, i => $"{start.AddDays(i):yyyy-MM-dd},{i % 7}");
        var trips = await TableAsync(
            "left,seats", 5_000, i => $"{start.AddMinutes(i * 29):yyyy-MM-dd HH:mm:ss},{i % 4}");
        var join = Assert.Single(Find(trips, days));
        Assert.Equal(
            ("left", "day", true, JoinKeys.Theirs), (join.Mine, join.Theirs, join.ByDay, join.Keys));
        Assert.Equal((0.9, 0.9), (join.MineInTheirs, join.TheirsInMine));
        // The same weeks, but never the same minute.
        var others = await TableAsync(
            "at", 3_000, i => $"{start.AddMinutes(i * 31).AddSeconds(7):yyyy-MM-dd HH:mm:ss}");
        Assert.Empty(Find(trips, others));
        Assert.False(Single(Find(trips, trips), j => j.ByDay));
    }

    /// <summary>What has nothing to do with each other although most of its values are the same.</summary>
    [Theory]
    [InlineData("truth", "true,false")]
    [InlineData("five small integers", "1,2,3,4,5")]
    [InlineData("nineteen codes", "A1,B2,C3,D4,E5,F6,G7,H8,I9,J1,K2,L3,M4,N5,O6,P7,Q8,R9,S1")]
    public async Task Few_different_values_meet_everything_and_so_nothing(string name, string values)
    {
        var all = values.Split(',');
        var table = await TableAsync("x", 500, i => all[i % all.Length]);
        Assert.True(Find(table, table).Count == 0, name);
    }

    [Fact]
    public async Task What_chance_explains_is_not_proposed()
    {
        var rows = await TableAsync("row,humidity,price,share", 5_000, i =>
            $"{i + 1},{30 + (i * 7 % 70)},{10 * (1 + (i * 13 % 90))},{(i % 300) / 300.0:0.######}");
        var others = await TableAsync("n,delay,cost,part", 800, i =>
            $"{i + 1},{(i * 17 % 200) - 40},{10 * (1 + (i * 7 % 60))},{(i % 300) / 300.0:0.######}");
        Assert.Empty(Find(rows, others)); // Running numbers, measures, rounded measures, fractions.
        Assert.Empty(Find(others, rows));
        // Codes of two letters: a third of all there could be are in the longer list.
        static string Letters(int i) => $"{(char)('A' + (i * 263 % 676 / 26))}{(char)('A' + (i * 263 % 676 % 26))}";
        var countries = await TableAsync("country", 240, Letters);
        var states = await TableAsync("state", 50, i => Letters(i % 2 == 0 ? i : i + 240));
        Assert.Empty(Find(states, countries));
    }

    [Fact]
    public async Task What_people_confirmed_joins_where_chance_could_explain_it_but_not_where_values_do_not_meet()
    {
        var areas = await TableAsync("area,people", 77, i => $"{i + 1},{i * 3.7}");
        var crimes = await TableAsync("place", 2_000, i => $"{1 + (i % 77)}");
        var elsewhere = await TableAsync("place", 2_000, i => $"{1_001 + (i % 77)}");
        Assert.Empty(Find(crimes, areas));
        static FieldElement? Code(string column) =>
            column is "area" or "place" ? FieldPacks.FindElement("division-code") : null;
        var join = Assert.Single(Find(crimes, areas, Code));
        Assert.Equal(("common/division-code", JoinKeys.Theirs), (join.Element!.Name, join.Keys));
        Assert.Empty(Find(elsewhere, areas, Code));
        // A measure is not joined on, whatever is confirmed.
        Assert.Empty(Find(crimes, areas, c => Code(c) is null ? null : FieldPacks.FindElement("wind-direction")));
    }

    [Fact]
    public async Task Of_many_values_the_share_is_estimated_within_its_error()
    {
        var one = await TableAsync("id,x", 300_000, i => $"K{i},{i % 9}");
        var other = await TableAsync("id,x", 200_000, i => $"K{i + 180_000},{i % 9}");
        var (mine, theirs) = (Keys(one, "id"), Keys(other, "id"));
        Assert.NotEqual(ulong.MaxValue, mine.Bound);
        var overlap = Overlap.Of(mine, theirs, _secret)!;
        Assert.InRange(overlap.Error, 0.001, 0.01);
        Assert.InRange(overlap.Mine, 0.4 - (4 * overlap.Error), 0.4 + (4 * overlap.Error));
        Assert.InRange(overlap.Theirs, 0.6 - (4 * overlap.Error), 0.6 + (4 * overlap.Error));
        Assert.Equal((null, 0.5), Single(Find(one, other), j => (j.MineInTheirs, j.TheirsInMine)));
        // Of few values beside very many, no choice has enough.
        var few = await TableAsync("id", 40, i => $"K{i}");
        Assert.Null(Overlap.Of(Keys(few, "id"), mine, _secret));
    }

    [Fact]
    public async Task For_each_of_their_columns_only_the_best_one_is_told()
    {
        var codes = await TableAsync("code", 400, i => $"C{i * 31:D6}");
        var many = await TableAsync("a,b,c", 400, i => $"C{i * 31:D6},C{(i + 40) * 31:D6},C{(i + 90) * 31:D6}");
        Assert.Equal("a", Single(Find(many, codes), j => j.Mine));
        Assert.Equal(3, Find(codes, many).Count); // The other way round each is a column of its own.
    }

    [Fact]
    public async Task A_key_comes_before_a_share_and_a_persons_word_before_values()
    {
        var mine = await TableAsync("k,s,d", 300, i => $"K{i * 7:D6},S{i / 2 * 7:D6},D{i / 2 * 7:D6}");
        var theirs = await TableAsync("s,k,d", 300, i => $"S{i / 2 * 7:D6},K{(i + 60) * 7:D6},D{i / 2 * 7:D6}");
        Assert.Equal(
            ["k", "d", "s"],
            Find(mine, theirs, c => c == "d" ? FieldPacks.FindElement("division-code") : null).Select(j => j.Mine));
    }

    [Fact]
    public void Every_step_of_a_share_is_cut_downwards_and_less_than_half_is_not_told()
    {
        Assert.Equal([0.9, 0.75, 0.5], JoinFinder.Steps);
        foreach (var (shared, step) in ((int, double?)[])[(400, 0.9), (330, 0.75), (250, 0.5), (170, null)])
        {
            var overlap = Overlap.Of(Set(0, 400), Set(400 - shared, 400), _secret)!;
            Assert.InRange(overlap.Mine, (shared / 400.0) - 0.06, (shared / 400.0) + 0.06);
            Assert.Equal(step, JoinFinder.Steps.Where(s => overlap.Mine >= s).Select(s => (double?)s).FirstOrDefault());
        }
    }

    private static long Sparse(int i) => 1_000_003L * (i + 7) % 99_999_989;

    private static KeySet Set(int from, int count)
    {
        var hashes = Enumerable.Range(from, count).Select(i => Order64.Mix(Order64.Of((long)i))).Order().ToArray();
        return new KeySet(JoinDomain.Day, hashes, ulong.MaxValue, true, []);
    }

    private static KeySet Keys(TableState table, string column) =>
        Assert.Single(KeySets.Of(table.Columns.Single(c => c.Column.Name == column)));

    private static T Single<T>(IReadOnlyList<Join> joins, Func<Join, T> of) => of(Assert.Single(joins));

    private static IReadOnlyList<Join> Find(
        TableState mine, TableState theirs, Func<string, FieldElement?>? element = null) =>
        JoinFinder.Find(
            JoinColumn.Of(mine, _ => true, element ?? (_ => null)),
            JoinColumn.Of(theirs, _ => true, element ?? (_ => null)), _secret);

    private async Task<TableState> TableAsync(
        string head, int rows, Func<int, string> row, params (string Column, string Type)[] types)
    {
        var name = $"table-{_tables++}";
        var csv = _work.File($"{name}.csv", head + "\n" + string.Concat(
            Enumerable.Range(0, rows).Select(i => row(i).ToString(CultureInfo.InvariantCulture) + "\n")));
        var parquet = _work.At($"{name}.parquet");
        TableSchema schema;
        if (types.Length == 0)
        {
            var form = new CsvForm(HasHeader: true);
            schema = (await _work.Import.ImportAsync([csv], parquet, Workshop.Cancel, form)).Schema;
        }
        else
        {
            var casts = string.Join(", ", types.Select(t => $"CAST({t.Column} AS {t.Type}) AS {t.Column}"));
            _work.Make($"COPY (SELECT {casts} FROM '{csv}') TO '{parquet}' (FORMAT parquet)");
            schema = new TableSchema([.. types.Select(t => new Column(t.Column, t.Type switch
            {
                "VARCHAR" => ColumnType.Text,
                "DOUBLE" => ColumnType.Number,
                _ => ColumnType.Decimal,
            }))]);
        }
        return await new Profiler(_work.Duck).MeasureAsync(parquet, schema, _work.At($"{name}.rows"), Workshop.Cancel);
    }
}
