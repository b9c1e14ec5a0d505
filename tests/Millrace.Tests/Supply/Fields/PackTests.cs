using System.Text.Json.Nodes;
using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Contracts;
using Millrace.Engine.Supply.Fields;
using Millrace.Protocol.Policies;
using Millrace.Tests.Architecture;

namespace Millrace.Tests.Supply.Fields;

public sealed class PackTests
{
    private const string Good =
        """
        field: test
        version: 1
        title: { en: Test, zh: 测试 }
        standards: { s: "A standard" }
        elements:
        - id: one
          en: { term: One, definition: The first. }
          zh: { term: 一, definition: 第一个。 }
          type: number
          unit: km
          source: ["s: clause 1"]
          names: [the one]
          lists: [few]
          rules: { minimum: 0, maximum: 9 }
        lists:
          few: { source: "s: annex A", values: { "1": { en: one, zh: 一 } } }
        weights: {}
        offer: { template: research, values: { purpose: research } }
        """;

    [Fact]
    public void The_packs_of_the_program_are_those_of_the_repository()
    {
        Assert.Equal(
            ["agriculture", "common", "finance", "healthcare", "manufacturing", "science", "transport"],
            FieldPacks.All.Select(p => p.Field));
        Assert.All(FieldPacks.All, p => Assert.True(p.Elements.Count >= 25, p.Field));
        foreach (var pack in FieldPacks.All)
            Assert.Equal(
                pack.Elements.Count,
                PackReader.Read(File.ReadAllText(Path.Combine(SourceTree.Root, "sectors", $"{pack.Field}.yaml")))
                    .Elements.Count);
    }

    [Fact]
    public void Code_lists_are_named_once_and_are_no_units()
    {
        Assert.Equal(FieldPacks.Lists.Count, FieldPacks.Lists.Distinct().Count());
        Assert.All(FieldPacks.Lists, l => Assert.Empty(Units.Named(l)));
    }

    [Fact]
    public void Each_country_has_one_code_of_two_letters_and_one_of_three()
    {
        var (two, three) = (FieldPacks.Codes("country-2")!, FieldPacks.Codes("country-3")!);
        Assert.Equal(249, two.Values.Distinct().Count());
        Assert.Equal(249, three.Values.Distinct().Count());
        Assert.Equal(two.Keys.Order(), three.Keys.Order());
        Assert.All(two, c => Assert.Equal(c.Value, two[three[c.Key].ToLowerInvariant()]));
    }

    [Theory]
    [InlineData("country-2", "germany", "DE")]
    [InlineData("country-2", "德国", "DE")]
    [InlineData("country-2", "中国", "CN")]
    [InlineData("country-2", "uk", "GB")]
    [InlineData("country-3", "china", "CHN")]
    [InlineData("currency", "美元", "USD")]
    [InlineData("currency", "人民币", "CNY")]
    [InlineData("currency", "rmb", "CNY")]
    [InlineData("currency", "euro", "EUR")]
    public void What_codes_mean_in_both_languages_stands_for_them(string list, string written, string code) =>
        Assert.Equal(code, FieldPacks.Codes(list)![written]);

    [Theory]
    [InlineData("vibration_mm_s", "mm/s")]
    [InlineData("spindle_rpm", "/min")]
    public void Units_at_the_end_of_a_name_are_understood(string column, string code) =>
        Assert.Contains(ColumnWords.Of(column).Measured(), m => m.Unit.Code == code);

    [Fact]
    public void Per_minute_is_written_with_and_without_the_one() =>
        Assert.Equal("/min", Assert.Single(Units.Named("1/min")).Code);

    [Fact]
    public void Ids_are_unique_over_all_packs_and_standards_are_used()
    {
        var all = FieldPacks.All.SelectMany(p => p.Elements.Select(e => e.Id)).ToList();
        Assert.Equal(all.Count, all.Distinct().Count());
        foreach (var pack in FieldPacks.All)
        {
            var cited = pack.Elements.SelectMany(e => e.Source).Concat(pack.Lists.Values.Select(l => l.Source))
                .Select(s => s.Split(": ")[0]).ToHashSet();
            Assert.All(pack.Standards.Keys, s => Assert.Contains(s, cited));
            var used = pack.Elements.SelectMany(e => e.Lists ?? []).ToHashSet();
            Assert.All(pack.Lists.Keys, l => Assert.Contains(l, used));
        }
    }

    [Fact]
    public void The_terms_of_each_pack_make_an_offer()
    {
        foreach (var offer in FieldPacks.All.Select(p => p.Offer).OfType<OfferBlank>())
        {
            var values = new Dictionary<string, string>(offer.Values);
            var template = PolicyTemplates.Find(offer.Template)!;
            if (template.Blanks.Any(b => b.Name == "until")) values["until"] = "2030-01-01"; // The holder says it.
            if (template.Blanks.Any(b => b.Name == "amount")) values["amount"] = "0.02";
            Assert.False(template.Fill(values).Refused(out var refusal, out var policy), refusal?.Reason);
            Assert.Empty(PolicyCheck.Unkept(policy!)); // It can be published.
        }
    }

    [Fact]
    public void The_rules_of_each_element_are_those_of_a_contract()
    {
        foreach (var pack in FieldPacks.All)
        {
            var columns = pack.Elements.Select(e => new MatchedColumn(
                e.Id, [new ElementMatch(pack.Field, e, 1, null, [])])).ToList();
            var profile = new TableProfile(1, 0, [.. pack.Elements.Select(e => new ColumnProfile(
                e.Id, TypeOf(e.Type), 0, 1, true, 0, null, null, null, null, [], []))]);
            var draft = FieldContract.Of(pack.Field, profile, columns);
            var contract = ContractReader.Read(YamlText.Write(draft));
            Assert.Equal(pack.Elements.Count, contract.Columns.Count);
            Assert.NotEmpty(contract.Rules);
            Assert.Empty(contract.Warnings);
        }
    }

    [Fact]
    public void A_whole_pack_is_read()
    {
        var pack = PackReader.Read(Good);
        var element = Assert.Single(pack.Elements);
        Assert.Equal(("one", "km", 9m), (element.Id, element.Unit, element.Rules!.Maximum));
        Assert.True(pack.Lists["few"].Has("1"));
    }

    [Theory]
    [InlineData("type: number", "type: number\n  colour: red", "colour")]
    [InlineData("type: number", "type: money", "type")]
    [InlineData("version: 1\n", "", "version")]
    [InlineData("zh: { term: 一, definition: 第一个。 }", "zh: { term: 一 }", "definition")]
    [InlineData("definition: 第一个。", "definition: The first.", "no Chinese")]
    [InlineData("definition: The first.", "definition: ''", "both languages")]
    [InlineData("[\"s: clause 1\"]", "[]", "no standard is cited")]
    [InlineData("[\"s: clause 1\"]", "[\"t: clause 1\"]", "names no standard")]
    [InlineData("[\"s: clause 1\"]", "[\"s\"]", "names no standard")]
    [InlineData("names: [the one]", "names: []", "no name")]
    [InlineData("names: [the one]", "names: [the_One]", "lower case")]
    [InlineData("unit: km", "unit: league", "unit league is not known")]
    [InlineData("lists: [few]", "lists: [many]", "no list many")]
    [InlineData("minimum: 0", "minimum: 10", "minimum is above")]
    [InlineData("maximum: 9", "maximum: 9, pattern: '['", "no pattern")]
    [InlineData("template: research", "template: gift", "no template of offers gift")]
    [InlineData("purpose: research", "price: '1'", "no blank price")]
    [InlineData("zh: 一 } }", "zh: '' } }", "both languages")]
    [InlineData("zh: 一 } }", "zh: 一 } }, same: { uno: '2' }", "2 is no code")]
    [InlineData("zh: 一 } }", "zh: 一 }, '2': { en: One, zh: 二 } }", "one stands for 1 and 2")]
    [InlineData("zh: 一 } }", "zh: 一 } }, mirrors: many", "mirrors many")]
    [InlineData("title: {", "title: &a {", "anchors")]
    public void A_pack_with_a_fault_is_refused_and_the_fault_is_named(string good, string bad, string sentence)
    {
        Assert.Contains(good, Good, StringComparison.Ordinal);
        var refused = Assert.Throws<PackException>(
            () => PackReader.Read(Good.Replace(good, bad, StringComparison.Ordinal)));
        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_draft_leaves_out_bounds_of_another_unit()
    {
        var element = PackReader.Read(Good).Elements[0] with { Lists = null };
        var profile = new TableProfile(1, 0, [new ColumnProfile(
            "c", ColumnType.Number, 0, 1, true, 0, null, null, null, null, [], [])]);
        JsonNode? Options(string? unit) => FieldContract.Of("t", profile, [new MatchedColumn(
            "c", [new ElementMatch("transport", element, 1, unit, [])])])["schema"]![0]!["properties"]![0]![
            "logicalTypeOptions"];
        Assert.Equal(9, (decimal)Options("km")!["maximum"]!);
        Assert.Null(Options("[mi_i]"));
    }

    private static ColumnType TypeOf(ElementType type) => type switch
    {
        ElementType.Text => ColumnType.Text,
        ElementType.Integer => ColumnType.Integer,
        ElementType.Number => ColumnType.Number,
        ElementType.Boolean => ColumnType.Boolean,
        ElementType.Date => ColumnType.Date,
        ElementType.Time => ColumnType.Time,
        _ => ColumnType.Timestamp,
    };
}
