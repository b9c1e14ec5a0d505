using Millrace.Engine.Supply.Classification;
using Millrace.Tests.Architecture;

namespace Millrace.Tests.Supply.Classification;

public sealed class ClassifierTests : IDisposable
{
    private readonly Workshop _work = new();
    private readonly Classifier _classifier;

    public ClassifierTests() => _classifier = new Classifier(_work.Duck);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Tells_every_kind_and_nothing_that_only_looks_so(int seed)
    {
        var table = new LabelledTable(seed, rows: 2_000);
        var report = await ClassifyAsync(table.Csv());
        var told = report.Findings.Where(f => f.Likelihood >= Likelihood.Likely).ToLookup(f => f.Column);
        var wrong = table.Columns
            .Where(c => c.Kind is null ? told[c.Name].Any() : told[c.Name].FirstOrDefault()?.Kind != c.Kind)
            .Select(c => $"{c.Name}: {c.Kind} told as {string.Join(", ", told[c.Name])}");
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Counts_what_it_found()
    {
        var report = await ClassifyAsync(
            "who,note\nsomeone@example.org,\nelse@example.org,write to a@example.org\n,b\nno address,c\n");
        var who = Assert.Single(report.Findings, f => f.Column == "who");
        Assert.Equal(
            ("email", DataCategory.Contact, Likelihood.VeryLikely, 2, 0, 3, false, 3, "hash"),
            (who.Kind, who.Category, who.Likelihood, who.Cells, who.Within, who.Values, who.IsNamed, who.Level,
                who.Mask));
        var note = Assert.Single(report.Findings, f => f.Column == "note");
        Assert.Equal((0, 1, 3), (note.Cells, note.Within, note.Values));
        Assert.Equal(3, report.LevelOf("who"));
    }

    [Theory]
    [InlineData("联系 张三 13800138000", 30, 30, "cn-mobile")]
    [InlineData("刷卡4111111111111111成功", 7, 60, "card-number")]
    [InlineData("证件11010519491231002X已核对", 20, 20_000, "cn-resident-id")] // One in a thousand.
    [InlineData("order 13800138000 was sent", 3, 30, null)] // Three in a row may be an accident.
    public async Task A_value_inside_of_remarks_counts_where_no_accident_makes_it_so_frequent(
        string remark, int times, int rows, string? kind)
    {
        var cells = Enumerable.Range(0, rows).Select(i => i < times ? remark : $"nothing to say in row {i}");
        var report = await ClassifyAsync($"remark,n\n{string.Join('\n', cells.Select((c, i) => $"{c},{i}"))}\n");
        Assert.Equal(kind, report.LikelyOf("remark").FirstOrDefault()?.Kind);
    }

    [Fact]
    public async Task Looks_at_numbers_as_they_are_written()
    {
        var rows = string.Join('\n', Enumerable.Range(0, 50).Select(i => $"{13800138000 + i},{i}"));
        var report = await ClassifyAsync($"phone,n\n{rows}\n");
        var finding = Assert.Single(report.Findings);
        Assert.Equal(("phone", "cn-mobile", Likelihood.VeryLikely), (finding.Column, finding.Kind, finding.Likelihood));
    }

    [Theory]
    [InlineData("身份证号", "identity-document", 4)] // Of fifteen digits, as they were until 1999.
    [InlineData("SSN", "identity-document", 4)]
    [InlineData("银行卡", "bank-account", 4)]
    [InlineData("诊断", "health", 4)]
    public async Task A_name_speaks_for_values_of_a_form_that_is_not_known(string column, string kind, int level)
    {
        var rows = string.Join('\n', Enumerable.Range(0, 50).Select(i => $"x{110101300513098 + (7919 * i)},{i}"));
        var finding = Assert.Single((await ClassifyAsync($"{column},n\n{rows}\n")).Findings);
        Assert.Equal((kind, Likelihood.Likely, level), (finding.Kind, finding.Likelihood, finding.Level));
    }

    [Fact]
    public async Task What_values_tell_is_not_told_by_the_name_again()
    {
        var rows = string.Join('\n', Enumerable.Range(0, 50).Select(i => $"tel {13800138000 + i},{i}"));
        var finding = Assert.Single((await ClassifyAsync($"手机,n\n{rows}\n")).Findings);
        Assert.Equal("cn-mobile", finding.Kind);
    }

    [Fact]
    public async Task Numbers_that_repeat_are_counted_each_time()
    {
        var rows = Enumerable.Range(0, 40).Select(i => $"{(i % 10 == 3 ? "" : i < 20 ? 13800138000 : 7)},{i}");
        var report = await ClassifyAsync($"phone,n\n{string.Join('\n', rows)}\n");
        var finding = Assert.Single(report.Findings);
        Assert.Equal(("cn-mobile", 18, 36), (finding.Kind, finding.Cells, finding.Values));
    }

    [Fact]
    public async Task Looks_at_numbers_and_bytes_that_a_tool_has_turned_its_values_into()
    {
        _work.Make("""
            COPY (SELECT (13800138000 + i)::DOUBLE AS mobile, (13900138000 + i)::DECIMAL(18, 0) AS phone,
              (13700138000 + i)::DECIMAL(18, 2) AS tel, encode('p' || i || chr(64) || 'example.org') AS mail,
              CASE WHEN i % 2 = 0 THEN 'NaN'::DOUBLE ELSE i + 0.5 END AS x
            FROM range(50) r(i)) TO '@/in.parquet' (FORMAT parquet)
            """);
        var table = await _work.Import.ImportAsync([_work.At("in.parquet")], _work.At("out.parquet"), Workshop.Cancel);
        var report = await _classifier.ClassifyAsync([_work.At("out.parquet")], table.Schema, Workshop.Cancel);
        Assert.Equal(
            [("mobile", "cn-mobile"), ("phone", "cn-mobile"), ("tel", "cn-mobile"), ("mail", "email")],
            report.Findings.Select(f => (f.Column, f.Kind)));
    }

    [Fact]
    public async Task A_column_without_values_has_no_findings() =>
        Assert.Empty((await ClassifyAsync("email,n\n,1\n,2\n")).Findings);

    [Theory]
    [InlineData("flights-chicago-2001.parquet")]
    [InlineData("l-ridership-2001.csv")]
    [InlineData("weather-chicago-2001.csv")]
    public async Task Real_tables_without_persons_are_left_alone(string sample)
    {
        var source = Path.Combine(SourceTree.Root, "samples", sample);
        var table = await _work.Import.ImportAsync([source], _work.At("out.parquet"), Workshop.Cancel);
        var report = await _classifier.ClassifyAsync([_work.At("out.parquet")], table.Schema, Workshop.Cancel);
        Assert.Empty(report.Findings);
    }

    public void Dispose() => _work.Dispose();

    private async Task<ClassificationReport> ClassifyAsync(string csv)
    {
        var table = await _work.ImportText(csv);
        return await _classifier.ClassifyAsync([_work.At("out.parquet")], table.Schema, Workshop.Cancel);
    }
}
