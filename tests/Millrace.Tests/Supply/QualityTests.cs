using System.Text.Json;
using CsCheck;
using Millrace.Engine.Supply;
using Millrace.Protocol.Policies;

namespace Millrace.Tests.Supply;

public sealed class QualityTests
{
    private static readonly DateTimeOffset _published = new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly TableSchema _schema = new([new("id", ColumnType.Integer), new("day", ColumnType.Date)]);

    [Fact]
    public void A_dimension_that_cannot_be_evaluated_is_neither_0_nor_100()
    {
        var report = Quality.Score(Table(100, 0, 0, 0, 0), _schema, _published, null);
        Assert.Equal((100.0, 0.1667), (report.Total, report.Coverage)); // 3 of 18 indicators.
        var freshness = report.Dimensions.Single(d => d.Name == "freshness");
        Assert.Null(freshness.Ratio);
        Assert.NotNull(freshness.NotEvaluated);
        var indicator = report.Indicators!.Single(i => i.Code == "0502");
        Assert.Equal(
            ("nothing-to-measure", freshness.NotEvaluated, 0),
            (indicator.Reason, indicator.Needed, indicator.Measures.Count));
    }

    /// <summary>0303 and 0305 are left out: they are what is missing to 1 of 0304 and 0302.</summary>
    [Fact]
    public void Every_indicator_of_the_standard_has_its_measures_or_says_what_it_needs()
    {
        var report = Quality.Score(Table(100, 0, 0, 0, 0), _schema, _published, _published);
        Assert.Equal(
            "0101 0102 0103 0104 0105 0106 0201 0202 0301 0302 0304 0401 0402 0501 0502 0503 0601 0602",
            string.Join(' ', report.Indicators!.Select(i => i.Code)));
        Assert.Equal(
            ["0201 completeness", "0302 validity", "0304 uniqueness", "0502 freshness"],
            report.Indicators!.Where(i => i.Measures.Count > 0).Select(i => $"{i.Code} {i.Measures.Single()}"));
        Assert.All(
            report.Indicators!,
            i => Assert.True(i.Measures.Count > 0 == i.Reason is null && i.Reason is null == i.Needed is null));
    }

    [Fact]
    public void The_total_is_the_mean_of_what_was_evaluated()
    {
        var report = Quality.Score(Table(100, 5, 0, 20, 18), _schema, _published, _published.AddDays(-73));
        Assert.Equal([0.9, 0.95, 0.9, 0.8], report.Dimensions.Select(d => Math.Round(d.Ratio!.Value, 6)));
        Assert.Equal((88.75, 0.2222), (report.Total, report.Coverage));
    }

    /// <summary>0303 and 0305 of the same standard count the bad share: they would say the opposite.</summary>
    [Theory]
    [InlineData("completeness", 0.9, "0201", "Completeness")]
    [InlineData("uniqueness", 0.95, "0304", "Consistency")]
    [InlineData("validity", 0.9, "0302", "Accuracy")]
    [InlineData("freshness", 0.8, "0502", "Currentness")]
    public void Each_measure_names_the_indicators_that_grow_with_it(
        string name, double ratio, string code, string characteristic)
    {
        var report = Quality.Score(Table(100, 5, 0, 20, 18), _schema, _published, _published.AddDays(-73));
        var measured = report.Dimensions.Single(d => d.Name == name);
        Assert.Equal(
            (ratio, code, characteristic),
            (Math.Round(measured.Ratio!.Value, 6), measured.StandardCode, measured.Characteristic));
    }

    [Fact]
    public void Faults_that_a_mean_would_hide_cap_the_total()
    {
        var emptyColumn = Quality.Score(Table(100, 0, 0, 100, 0), _schema, _published, _published);
        var duplicates = Quality.Score(Table(100, 11, 0, 0, 0), _schema, _published, _published);
        var neither = Quality.Score(Table(100, 10, 0, 99, 0), _schema, _published, _published);
        Assert.Equal(Quality.EmptyColumnCap, emptyColumn.Total);
        Assert.Equal(Quality.DuplicatesCap, duplicates.Total);
        Assert.Empty(neither.Caps);
    }

    [Fact]
    public void A_report_can_be_told_as_earlier_versions_did()
    {
        var report = Quality.Score(Table(100, 5, 0, 20, 18), _schema, _published, null).ByMethod(1);
        Assert.Equal((0.75, 1), (report.Coverage, report.Method));
        Assert.Null(report.Indicators);
    }

    [Fact]
    public void The_rows_behind_a_figure_are_told_by_the_newest_method_only()
    {
        var evidence = new TableEvidence([new(20, [1, 4], "id")], [], new EvidenceRows(5, [7]));
        var report = Quality.Score(
            Table(100, 5, 20, 0, 0), _schema, _published, _published, evidence: evidence);
        Assert.Equal(
            ["completeness id 20: 1 4", "uniqueness  5: 7"],
            report.Dimensions.SelectMany(d => (d.Evidence ?? []).Select(
                e => $"{d.Name} {e.Column} {e.Count}: {string.Join(' ', e.Rows)}")));
        foreach (var earlier in (int[])[1, 2])
        {
            Assert.All(report.ByMethod(earlier).Dimensions, d => Assert.Null(d.Evidence));
            Assert.Equal(earlier, report.ByMethod(earlier).Method);
        }
        Assert.Equal(report.Coverage, report.ByMethod(2).Coverage);
    }

    [Fact]
    public void What_the_mean_was_before_a_cap_can_be_told()
    {
        var report = Quality.Score(Table(100, 0, 0, 100, 0), _schema, _published, _published);
        Assert.Equal((80, 87.5), (report.Total, report.Uncapped()));
    }

    [Fact]
    public void An_empty_table_has_no_score()
    {
        var report = Quality.Score(Table(0, 0, 0, 0, 0), _schema, _published, _published);
        Assert.Null(report.Total);
        Assert.Equal(0, report.Coverage);
    }

    /// <summary>One more fault of any kind never raises the total; the same input gives the same text.</summary>
    [Fact]
    public void A_fault_never_raises_the_score() =>
        Gen.Select(Gen.Int[1, 500], Gen.Int[0, 499].Array[4], Gen.Int[0, 800], Gen.Int[0, 3]).Sample(
            (rows, raw, days, kind) =>
            {
                var faults = raw.Select(f => (long)f % rows).ToArray();
                var latest = _published.AddDays(-days);
                var before = Quality.Score(Of(rows, faults), _schema, _published, latest);
                Assert.Equal(
                    JsonSerializer.Serialize(before),
                    JsonSerializer.Serialize(Quality.Score(Of(rows, faults), _schema, _published, latest)));
                if (kind < 3) faults[kind is 0 ? 0 : kind is 1 ? 1 : 3]++;
                else latest = latest.AddDays(-1);
                Assert.True(Quality.Score(Of(rows, faults), _schema, _published, latest).Total <= before.Total);
            });

    private static TableProfile Of(int rows, long[] faults) => Table(rows, faults[0], faults[1], faults[2], faults[3]);

    private static TableProfile Table(
        long rows, long duplicates, long nullIds, long nullDays, long defects, string? latest = "2026-06-01") => new(
        rows, duplicates,
        [
            new("id", ColumnType.Integer, nullIds, rows, true, 0, "1", "9", null, null, [], []),
            new("day", ColumnType.Date, nullDays, rows, true, defects, "2020-01-01", latest, null, null, [], []),
        ]);
}
