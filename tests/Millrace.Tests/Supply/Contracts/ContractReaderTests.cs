using System.Text.Json.Nodes;
using Millrace.Engine.Supply.Contracts;

namespace Millrace.Tests.Supply.Contracts;

public sealed class ContractReaderTests
{
    private const string Head = "apiVersion: v3.1.0\nkind: DataContract\nstatus: active\n";

    [Fact]
    public void Every_kind_of_rule_is_read_from_the_form_that_people_write()
    {
        var contract = ContractReader.Read(Head + """
            schema:
            - name: rides
              properties:
              - name: id
                logicalType: integer
                primaryKey: true
              - name: station
                required: true
                relationships: [{ to: stations.id }]
              - name: day
                unique: true
                logicalTypeOptions: { minimum: "2024-01-01", exclusiveMaximum: "2025-01-01" }
              - name: kind
                classification: public
                logicalTypeOptions: { minLength: 1, maxLength: 9, pattern: "^[a-z]+$" }
                quality:
                - metric: invalidValues
                  arguments: { validValues: [bus, rail, 3] }
                  mustBeLessOrEqualTo: 2
                  unit: percent
                  severity: warning
                - metric: missingValues
                  arguments: { missingValues: [null, "", n/a] }
                  mustBe: 0
              quality:
              - { name: enough, metric: rowCount, mustBeBetween: [10, 20] }
              - metric: duplicateValues
                arguments: { properties: [station, day] }
                mustBe: 0
              - { type: text, description: Everybody counts. }
              - type: custom
                engine: millrace
                implementation: { sum: [a, b], equals: total }
              - type: custom
                engine: millrace
                implementation: { determinant: [a, b], dependent: kind }
              - type: custom
                engine: millrace
                implementation: { ascending: day, within: [kind] }
              - type: custom
                engine: millrace
                implementation: { condition: "a <= total" }
            slaProperties:
            - { property: freshness, value: 2, unit: d, element: rides.day }
            customProperties:
            - property: millrace.weights
              value: { keys: 3, freshness: 0.5 }
            - { property: millrace.gate, value: publish }
            - { property: millrace.minimumScore, value: 80 }
            - { property: ours, value: anything }
            """);
        Assert.Equal(
            [
                "NoNulls station", "RefersTo station", "Unique day", "InRange day", "OfLength kind", "Matches kind",
                "OneOf kind", "NoNulls kind", "NoNulls id", "Unique id", "RowCount ", "Unique station,day",
                "SumIs a,b,total", "Determines a,b,kind", "Ascends day,kind", "Condition ", "FreshWithin day",
            ],
            contract.Rules.Select(r => $"{r.Test.GetType().Name} {string.Join(',', r.Test.Columns)}"));
        var range = (InRange)contract.Rules[3].Test;
        Assert.Equal(
            ("2024-01-01", "2025-01-01", false, true),
            (range.Min, range.Max, range.IsMinExcluded, range.IsMaxExcluded));
        Assert.Equal(("a <= total", TimeSpan.FromDays(2)), (
            ((Condition)contract.Rules[15].Test).Text, ((FreshWithin)contract.Rules[16].Test).Age));
        var choice = contract.Rules[6];
        Assert.Equal(["bus", "rail", "3"], ((OneOf)choice.Test).Values);
        Assert.Equal((new RulePromise(null, 2, IsPercent: true), false), (choice.Promise, choice.IsError));
        Assert.Equal("schema[0].properties[3].quality[0]", choice.Path);
        Assert.Equal(["", "n/a"], ((NoNulls)contract.Rules[7].Test).AlsoMissing);
        Assert.Equal(("enough", new RulePromise(10, 20)), (contract.Rules[10].Id, contract.Rules[10].Promise));
        Assert.Equal((3, 0.5, true, 80), (
            contract.Weights["keys"], contract.Weights["freshness"], contract.PublishesBreaches,
            contract.MinimumScore));
        Assert.Equal(contract.Rules.Count, contract.Rules.Select(r => r.Id).Distinct().Count());
        Assert.Empty(contract.Warnings);
    }

    [Theory]
    [InlineData("NO")]
    [InlineData("y")]
    [InlineData("Off")]
    [InlineData("2026-03-01")]
    [InlineData("2026-03-01 00:00:00")]
    [InlineData("2026-03-01T10:00:00Z")]
    [InlineData("1_000")]
    [InlineData("0o7")]
    [InlineData("0x1F")]
    [InlineData("1:30")]
    [InlineData(".inf")]
    [InlineData("=")]
    public void Texts_that_other_readers_of_yaml_take_for_something_else_are_quoted(string text)
    {
        var yaml = YamlText.Write(new JsonObject { [text] = text, ["plain"] = "Norway 7" });
        Assert.Contains($"\"{text}\": \"{text}\"", yaml, StringComparison.Ordinal);
        Assert.Contains("plain: Norway 7", yaml, StringComparison.Ordinal);
        Assert.Equal(text, YamlText.Read(yaml)![text]!.GetValue<string>());
    }

    [Fact]
    public void What_nothing_acts_on_is_named()
    {
        var contract = ContractReader.Read(Head + "whatever: 1\nschema: [{ name: t, colour: red, properties: [] }]");
        Assert.Equal(
            [
                "schema[0].colour is kept with the contract, but nothing here acts on it.",
                "whatever is kept with the contract, but nothing here acts on it.",
            ],
            contract.Warnings);
    }

    [Fact]
    public void A_rule_that_stands_in_prose_is_named() => Assert.Equal(
        ["schema[0].quality[0].mustBe is kept with the contract, but nothing here acts on it."],
        ContractReader.Read(Head + "schema: [{ quality: [{ type: text, description: d, mustBe: 3 }] }]").Warnings);

    [Fact]
    public void What_is_promised_of_the_service_is_kept_and_not_checked()
    {
        var contract = ContractReader.Read(
            Head + "schema: [{}]\nslaProperties: [{ property: retention, value: 3, unit: y }]");
        Assert.Empty(contract.Rules);
        Assert.Equal(
            ["slaProperties[0].property is retention, which no table shows: it is kept with the contract and not "
                + "checked."],
            contract.Warnings);
    }

    [Fact]
    public void A_status_that_is_none_is_noted() => Assert.StartsWith(
        "status is activ, which is none of proposed, draft, active",
        Assert.Single(ContractReader.Read("apiVersion: v3.1.0\nstatus: activ\nschema: [{}]").Warnings),
        StringComparison.Ordinal);

    [Fact]
    public void A_draft_promises_nothing() => Assert.False(ContractReader.Read(
        "apiVersion: v3.0.2\nstatus: draft\nschema: [{ properties: [{ name: a, required: true }] }]").Rules[0].IsError);

    [Theory]
    [InlineData("quality: [{ metric: nullValues, mustBe: 0 }]", "schema[0].quality[0].metric must stand at a column.")]
    [InlineData("quality: [{ metric: magic, mustBe: 0 }]", "schema[0].quality[0].metric is magic, which is not known.")]
    [InlineData("quality: [{ metric: rowCount }]", "schema[0].quality[0].mustBe or another")]
    [InlineData("quality: [{ metric: rowCount, mustBe: 1, mustNotBe: 2 }]", "and only one.")]
    [InlineData("quality: [{ metric: rowCount, mustBeBetween: [3, 1] }]", "mustBeBetween must be two numbers")]
    [InlineData("quality: [{ metric: rowCount, mustBe: many }]", "mustBe must be a number.")]
    [InlineData("quality: [{ metric: rowCount, mustBe: 1, severity: fatal }]", "severity must be error, warning")]
    [InlineData("quality: [{ type: sql, query: SELECT 1, mustBe: 0 }]", "schema[0].quality[0].query is a query of")]
    [InlineData("quality: [{ type: custom, engine: soda }]", "schema[0].quality[0].engine must be millrace")]
    [InlineData("properties: [{ name: a, quality: [{ metric: invalidValues, arguments: { validValues: [x, { y: 1 }] }, "
        + "mustBe: 0 }] }]", "arguments.validValues must be a list of single values.")]
    [InlineData("quality: none", "schema[0].quality must be a list.")]
    [InlineData("relationships: [{ from: t.a, to: b }]", "schema[0].relationships[0].to must name a product")]
    [InlineData("properties: [{ required: true }]", "schema[0].properties[0].name must name a column.")]
    [InlineData("properties: [{ name: a, required: maybe }]", "properties[0].required must be true or false.")]
    [InlineData("properties: [{ name: a, logicalTypeOptions: { multipleOf: 2 } }]", "multipleOf cannot be checked")]
    [InlineData("properties: [{ name: a, logicalTypeOptions: { minimum: 10, maximum: 1 } }]", "allows no value")]
    [InlineData("properties: [{ name: a, logicalTypeOptions: { exclusiveMinimum: 1, maximum: 1 } }]", "allows no")]
    [InlineData("properties: [{ name: a, logicalTypeOptions: { minimum: 2024-02-01, maximum: 2024-01-01 } }]",
        "allows no value")]
    [InlineData("properties: [{ name: a, logicalTypeOptions: { minLength: 10, maxLength: 1 } }]", "allows no value")]
    [InlineData("properties: [{ name: a, requird: true }]", "properties[0].requird is not known; write required")]
    [InlineData("quality: [{ metric: duplicateValues, arguments: { properties: [a] }, mustBeLessThen: 3 }]",
        "quality[0].mustBeLessThen is not known; write mustBeLessThan")]
    [InlineData("quality: [{ type: custom, engine: millrace, implementation: { determinant: [a], equals: b } }]",
        "quality[0].implementation must have one of these: condition; sum and equals; determinant and dependent; ")]
    [InlineData("quality: [{ type: custom, engine: millrace, implementation: { determinant: [a], dependent: a } }]",
        "quality[0].implementation must not have a determine itself")]
    [InlineData("quality: [{ type: custom, engine: millrace, implementation: { ascending: a, within: [b, a] } }]",
        "quality[0].implementation must not have a ascend within itself")]
    [InlineData("quality: [{ type: custom, engine: millrace, implementation: { ascending: a, condition: a > b } }]",
        "quality[0].implementation must have one of these: ")]
    [InlineData("properties: [{ name: a }, { name: a }]", "names a column for the second time.")]
    public void A_rule_that_cannot_be_kept_is_refused_by_its_path(string table, string sentence)
    {
        var e = Assert.Throws<ContractException>(() => ContractReader.Read(Head + $"schema: [{{ {table} }}]"));
        Assert.Equal("bad-contract", e.Code);
        Assert.Contains(sentence, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("schema: [{}, {}]", "schema must describe exactly one table")]
    [InlineData("schema: [{ properties: [{ name: a, logicalTypeOptions: { timezone: Mars/Olympus } }] }]\n"
        + "slaProperties: [{ property: freshness, value: 1, element: a }]", "the time zone Mars/Olympus, which is not")]
    [InlineData("schema: [{}]\nslaProperties: [{ property: speed, value: 1 }]", "[0].property is speed")]
    [InlineData("schema: [{}]\ncustomProperties: [{ property: millrace.gate, value: shrug }]", "refuse or publish")]
    [InlineData("schema: [{}]\ncustomProperties: [{ property: millrace.magic, value: 1 }]", "which is none of ours")]
    [InlineData("schema: [{}]\ncustomProperties: [{ property: millrace.weights, value: { x: 1 } }]", "is no dimension")]
    [InlineData("schema: [{}]\ncustomProperties: [{ property: millrace.weights, value: { keys: 0 } }]", "above 0")]
    public void What_is_wrong_with_the_contract_as_a_whole_is_said(string rest, string sentence) => Assert.Contains(
        sentence, Assert.Throws<ContractException>(() => ContractReader.Read(Head + rest)).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("a: &x [1]\nb: *x")]
    [InlineData("a: !!binary aGk=")]
    [InlineData("a: 1\na: 2")]
    [InlineData("a: 1\n---\nb: 2")]
    [InlineData("a: [1, 2")]
    [InlineData("? [a, b]\n: 1")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]")]
    public void Yaml_that_could_hide_something_is_refused(string yaml) =>
        Assert.Equal("bad-yaml", Assert.Throws<ContractException>(() => ContractReader.Read(yaml)).Code);

    [Fact]
    public void A_contract_that_is_too_long_is_refused()
    {
        var text = new string('#', ContractReader.BytesMax + 1);
        var e = Assert.Throws<ContractException>(() => ContractReader.Read(text));
        Assert.Contains("longer than", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":"true","b":true,"c":"1.0","d":1.0,"e":null,"f":"null","g":"","h":"- x","i":"汉\n字: #"}""")]
    [InlineData("""{"list":[{"a":[]},{}],"text":"multi\nline\n","at":"@x","quote":"'\"","percent":"%","tab":"\t"}""")]
    public void What_is_written_reads_back_the_same(string json)
    {
        var tree = JsonNode.Parse(json);
        Assert.Equal(tree!.ToJsonString(), YamlText.Read(YamlText.Write(tree))!.ToJsonString());
    }
}
