using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Fields;
using Millrace.Tests.Architecture;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Supply.Fields;

public sealed class MatchingTests : IDisposable
{
    private readonly Workshop _work = new();

    /// <summary>The line that proposals keep on tables that the rules were not made by.</summary>
    [Fact]
    public async Task Nine_of_ten_proposals_on_tables_of_others_are_right()
    {
        using var npm = new NpmFolder();
        await npm.WriteAsync("package.json", FieldLabels.Packages);
        await npm.InstallAsync();
        var labels = FieldLabels.Read(await File.ReadAllTextAsync(
            Path.Combine(SourceTree.Root, FieldLabels.Path), Workshop.Cancel));
        var measured = labels.Where(l => l.Set == "measure").ToList();
        var told = new Dictionary<(string, string), string>();
        foreach (var file in measured.Select(l => l.File).Distinct())
        {
            var path = file.StartsWith("samples/", StringComparison.Ordinal)
                ? Path.Combine(SourceTree.Root, file)
                : Path.Combine(npm.Folder, "node_modules", file);
            foreach (var column in await MatchAsync(path))
                if (column.Proposed is { } m)
                    told[(file, column.Column)] = $"{m.Field}/{m.Element.Id}";
        }
        var count = FieldCount.Of(measured, l => told.GetValueOrDefault((l.File, l.Column)));
        Assert.True(measured.Count > 200, $"{measured.Count} columns");
        Assert.True(count.Precision >= 0.9, $"{count}");
        Assert.True(count.Recall >= 0.65, $"{count}");
    }

    [Fact]
    public void Every_label_names_an_element_that_is_there()
    {
        var ids = FieldPacks.All.SelectMany(p => p.Elements.Select(e => $"{p.Field}/{e.Id}")).ToHashSet();
        var text = SourceTree.Root + "/" + FieldLabels.Path;
        Assert.All(FieldLabels.Read(File.ReadAllText(text)).SelectMany(l => l.Elements), e => Assert.Contains(e, ids));
    }

    [Theory]
    [InlineData("temp_max", "12.5", "30.1", "common/air-temperature-max")]
    [InlineData("TempMax (C)", "12.5", "30.1", "common/air-temperature-max")]
    [InlineData("最高气温", "12.5", "30.1", "common/air-temperature-max")]
    [InlineData("temp_max_f", "60.5", "99.1", "common/air-temperature-max")] // The range is one of another unit.
    [InlineData("temp_max_km", "12.5", "30.1", null)] // Kilometres measure no temperature.
    [InlineData("temp_max", "5000.5", "9000.5", null)] // No air is so warm.
    [InlineData("latitude", "-89.5", "89.5", "common/latitude")]
    [InlineData("latitude", "-500.5", "500.5", null)]
    [InlineData("国家名称", "中国", "德国", "common/country-name")]
    [InlineData("distance_km", "19000.5", "90000.5", null)] // No flight is so long, in miles or in kilometres.
    [InlineData("latitude", "north", "south", null)]
    [InlineData("SBP", "90", "180", "healthcare/systolic-pressure")]
    [InlineData("VIN", "1M8GDM9AXKP042788", "WVWZZZ1JZXW000001", "transport/vehicle-id")]
    [InlineData("VIN", "red", "white", null)]
    [InlineData("统一社会信用代码", "91350100M000100Y43", "91350100M000100Y43", "common/credit-code")]
    [InlineData("county", "Cook", "Lake", null)] // One letter from country.
    [InlineData("price", "1.5", "2.5", null)] // A word that everybody uses.
    [InlineData("___", "1", "2", null)]
    public async Task Name_unit_type_and_values_decide_together(string name, string one, string other, string? element)
    {
        var match = Assert.Single(await MatchTextAsync($"\"{name}\",_x\n{one},1\n{other},2\n"), c => c.Column != "_x");
        Assert.Equal(element, match.Proposed is { } m ? $"{m.Field}/{m.Element.Id}" : null);
        Assert.All(match.Matches, m => Assert.InRange(m.Confidence, 0.4, 1));
        Assert.All(match.Matches, m => Assert.NotEmpty(m.Reasons));
    }

    [Fact]
    public async Task The_other_columns_of_a_table_lift_words_that_everybody_uses()
    {
        var found = await MatchTextAsync("symbol,date,price\nABC,2024-01-02,1.5\nDEF,2024-01-03,2.5\n");
        Assert.Equal(
            ["finance/symbol", "common/calendar-date", "finance/price"],
            found.Select(c => $"{c.Proposed?.Field}/{c.Proposed?.Element.Id}"));
    }

    [Fact]
    public async Task Codes_of_a_list_tell_apart_what_has_the_same_name()
    {
        string Rows(string a, string b) => string.Concat(Enumerable.Repeat($"{a}\n{b}\n", 5));
        var digits = Assert.Single(await MatchTextAsync("sex\n" + Rows("1", "2")));
        var words = Assert.Single(await MatchTextAsync("sex\n" + Rows("male", "female")));
        var neither = Assert.Single(await MatchTextAsync("sex\n" + Rows("drake", "duck")));
        Assert.Equal(("sex", "administrative-gender"), (digits.Proposed!.Element.Id, words.Proposed!.Element.Id));
        Assert.Null(neither.Proposed);
    }

    [Fact]
    public async Task What_stands_for_a_code_counts_and_the_field_of_the_table_breaks_ties()
    {
        var rows = string.Concat(Enumerable.Range(0, 6).Select(
            i => $"BA{i},{(i % 2 == 0 ? '男' : '女')},I10,1980-01-0{i + 1}\n"));
        var found = await MatchTextAsync("病历号,性别,诊断代码,出生日期\n" + rows);
        Assert.Equal("healthcare/administrative-gender", found.Single(c => c.Column == "性别").Proposed?.Name);
    }

    [Fact]
    public async Task Reasons_hold_no_value()
    {
        var found = await MatchTextAsync("vin\n1M8GDM9AXKP042788\n1M8GDM9AXKP042788\nWVWZZZ1JZXW000001\n");
        Assert.DoesNotContain(
            "1M8GDM9AXKP042788", string.Join(' ', found[0].Matches.SelectMany(m => m.Reasons)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_field_that_is_asked_for_leaves_the_others_out()
    {
        var table = await _work.ImportText("icao,latitude\nEDDF,50.1\nKORD,41.9\n");
        var profile = await ProfileAsync(table);
        Assert.Equal("transport", ColumnMatcher.Match(profile)[0].Proposed!.Field);
        var finance = ColumnMatcher.Match(profile, "finance");
        Assert.Null(finance[0].Proposed);
        Assert.Equal("common", finance[1].Proposed!.Field);
    }

    [Fact]
    public void A_wrong_proposal_counts_as_wrong_and_as_missed()
    {
        FieldLabel[] labels = [new("m", "f", "a", ["x"]), new("m", "f", "b", []), new("m", "f", "c", ["x", "y"])];
        Assert.Equal(new FieldCount(1, 2, 1, 0), FieldCount.Of(labels, l => l.Column == "a" ? "z" : "y"));
        Assert.Equal(new FieldCount(0, 0, 2, 1), FieldCount.Of(labels, _ => null));
    }

    public void Dispose() => _work.Dispose();

    private async Task<IReadOnlyList<MatchedColumn>> MatchTextAsync(string csv)
    {
        var table = await _work.ImportText(csv, new CsvForm(HasHeader: true));
        return ColumnMatcher.Match(await ProfileAsync(table));
    }

    private async Task<IReadOnlyList<MatchedColumn>> MatchAsync(string path)
    {
        var table = await _work.Import.ImportAsync([path], _work.At("out.parquet"), Workshop.Cancel);
        return ColumnMatcher.Match(await ProfileAsync(table));
    }

    private Task<TableProfile> ProfileAsync(ImportedTable table) =>
        new Profiler(_work.Duck).ProfileAsync([_work.At("out.parquet")], table.Schema, Workshop.Cancel);
}
