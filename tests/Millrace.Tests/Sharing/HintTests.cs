using System.Text.Json.Nodes;
using Millrace.Engine.Delivery;
using Millrace.Node;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Sharing;

/// <summary>Hints leave out only rows that the reader sees and would drop; of hidden cells they tell nothing.</summary>
public sealed class HintTests(TwoNodes nodes)
{
    private const string Table =
        "id,city,ok,amount,day\n1,ORD,true,1.5,2026-01-01\n2,MDW,false,2.5,2026-01-02\n3,,true,3.5,2026-01-03\n";

    public static TheoryData<string, string> SqlHints => new()
    {
        { "id = 2", "2" }, { "id >= 2", "2,3" }, { "2 < id", "3" }, { "`id` <> 2", "1,3" }, { "ID != 2", "1,3" },
        { "city = 'ORD'", "1" }, { "city IN ('ORD', 'MDW') AND id <= 1", "1" }, { "city IS NULL", "3" },
        { "city is not null and not (id = 1)", "2" }, { "ok = TRUE OR id == 2", "1,2,3" }, { "ok = false", "2" },
        { "day >= '2026-01-02'", "2,3" }, { "id = 9", "" },
        // Not understood, in whole or in part: then what may be meant stays.
        { "id = 2 AND amount > 1", "2" }, { "id = 2 OR amount > 1", "1,2,3" },
        { "NOT (id = 2 AND amount > 1)", "1,2,3" },
        { "string", "1,2,3" }, { "id = '2'", "1,2,3" }, { "city = \"ORD\"", "1,2,3" }, { "city = 'it''s'", "1,2,3" },
        { @"city = '\'' OR 1=1 --'", "1,2,3" }, { "none = 1", "1,2,3" }, { "upper(city) = 'X'", "1,2,3" },
        { "id = 2; DROP TABLE x", "1,2,3" }, { "id = (SELECT 9)", "1,2,3" }, { "t.id = 9", "1,2,3" },
        { "id <=> 9", "1,2,3" },
        { "id = 9 id", "1,2,3" }, { "", "1,2,3" }, { "city LIKE 'X%'", "1,2,3" }, { "id BETWEEN 8 AND 9", "1,2,3" },
        { "id = 99999999999999999999999999999999999999999999", "1,2,3" }, { "id = 1e1", "1,2,3" },
    };

    public static TheoryData<string, string> JsonHints => new()
    {
        { Op("equal", Column("id", "int"), Literal("2", "int")), "2" },
        { Op("equal", Column("id", "long"), Literal("2", "long")), "2" },
        { Op("lessThan", Literal("1", "int"), Column("id", "int")), "2,3" },
        { Op("lessThanOrEqual", Column("day", "date"), Literal("2026-01-01", "date")), "1" },
        { Op("greaterThanOrEqual", Column("city", "string"), Literal("N", "string")), "1" },
        { Op("isNull", Column("city", "string")), "3" },
        { Op("not", Op("isNull", Column("city", "string"))), "1,2" },
        {
            Op("and", Op("greaterThan", Column("id", "int"), Literal("1", "int")),
                Op("equal", Column("ok", "bool"), Literal("true", "bool"))), "3"
        },
        {
            Op("or", Op("equal", Column("id", "int"), Literal("1", "int")),
                Op("equal", Column("id", "int"), Literal("3", "int"))), "1,3"
        },
        { Op("equal", Column("id", "int"), Literal("2", "long")), "1,2,3" },
        { Op("equal", Column("id", "string"), Literal("2", "string")), "1,2,3" },
        { Op("equal", Column("id", "int"), Literal("x' OR 'a'='a", "int")), "1,2,3" },
        { Op("equal", Column("city", "string"), Literal("x' OR 'a'='a", "string")), "" },
        { Op("xor", Column("id", "int"), Literal("2", "int")), "1,2,3" },
        { """{"op":"and","children":[]}""", "1,2,3" }, { "5", "1,2,3" }, { "[{}]", "1,2,3" }, { "{", "1,2,3" },
        { string.Concat(Enumerable.Repeat("{\"op\":\"not\",\"children\":[", 600)), "1,2,3" },
    };

    [Fact]
    public async Task Sql_hints_are_understood_where_they_mean_one_thing_and_left_alone_elsewhere()
    {
        await using var peer = await RawPeer.StartAsync();
        var client = (await peer.ReadAsync(await nodes.ParticipantAsync("sqlite"), Table)).Client;
        foreach (var row in SqlHints)
        {
            var (hint, rows) = row.Data;
            var body = new JsonObject { ["predicateHints"] = new JsonArray(hint) };
            Assert.Equal((hint, rows), (hint, await IdsAsync(await client.QueryAsync(body.ToJsonString()))));
        }
    }

    [Fact]
    public async Task Json_hints_are_understood_by_their_types_and_left_alone_elsewhere()
    {
        await using var peer = await RawPeer.StartAsync();
        var client = (await peer.ReadAsync(await nodes.ParticipantAsync("sqlite"), Table)).Client;
        foreach (var row in JsonHints)
        {
            var (hint, rows) = row.Data;
            var body = new JsonObject { ["jsonPredicateHints"] = hint };
            Assert.Equal((hint, rows), (hint, await IdsAsync(await client.QueryAsync(body.ToJsonString()))));
        }
        var plain = $$"""{"jsonPredicateHints":{{Op("equal", Column("id", "int"), Literal("2", "int"))}}}""";
        Assert.Equal("2", await IdsAsync(await client.QueryAsync(plain))); // As an object, as some clients send it.
    }

    [Fact]
    public async Task Whatever_is_asked_of_a_hidden_cell_the_answer_is_the_same_for_every_value_of_it()
    {
        await using var peer = await RawPeer.StartAsync();
        var offer = Odrl.Offer(
            Odrl.Columns("id", "ssn", "amount", "day", "gone"), Odrl.Row("city", "ORD"), Odrl.Mask("ssn", "hash"),
            Odrl.Mask("amount", "round:10"), Odrl.Mask("day", "date:year"), Odrl.Mask("gone", "null"));
        const string head = "id,ssn,amount,day,gone,city,secret\n";
        // Two holders' tables that differ in nothing that the contract shows.
        var tables = new[]
        {
            $"{head}1,AAA,12,2026-03-04,p,ORD,s\n2,BBB,21,2026-07-08,q,ORD,t\n3,CCC,5,2026-01-01,r,MDW,u\n",
            $"{head}1,BBB,9,2026-05-06,q,ORD,u\n2,AAA,19,2026-02-02,p,ORD,s\n9,DDD,8,2026-09-09,x,MDW,t\n",
        };
        var seen = new List<List<string>>();
        foreach (var table in tables)
        {
            var client = (await peer.ReadAsync(await nodes.ParticipantAsync("sqlite"), table, offer)).Client;
            var answers = new List<string>();
            foreach (var hint in new[]
            {
                "ssn = 'AAA'", "ssn <> 'AAA'", "ssn > 'AAB'", "ssn IS NULL", "amount = 12", "amount > 9", "amount < 15",
                "day = '2026-03-04'", "day > '2026-02-01'", "gone = 'p'", "gone <> 'p'", "gone IS NULL", "city = 'MDW'",
                "city = 'ORD'", "secret = 's'", "secret IS NULL", "secret = 's' AND id = 1", "id = 3", "id = 9",
            })
            {
                var body = new JsonObject { ["predicateHints"] = new JsonArray(hint) };
                var query = await client.QueryAsync(body.ToJsonString());
                answers.Add($"{hint}: {query.Lines.Count} {await IdsAsync(query)}");
            }
            seen.Add(answers);
        }
        // A pseudonym's own order is no secret of the cell: it is the reader's to see in the file.
        Assert.Equal(
            seen[0].Where(a => !a.StartsWith("ssn >", StringComparison.Ordinal)),
            seen[1].Where(a => !a.StartsWith("ssn >", StringComparison.Ordinal)));
        Assert.Contains("ssn = 'AAA': 2 ", seen[0]);
        Assert.Contains("secret = 's': 3 1,2", seen[0]);
    }

    [Fact]
    public async Task A_limit_trims_only_where_no_condition_stands_beside_it()
    {
        await using var peer = await RawPeer.StartAsync();
        var holder = await nodes.ParticipantAsync("sqlite");
        var reader = await peer.ReadAsync(holder, Table);
        var client = reader.Client;
        Assert.Equal("1,2", await IdsAsync(await client.QueryAsync("""{"limitHint":2}""")));
        Assert.Equal("", await IdsAsync(await client.QueryAsync("""{"limitHint":0}""")));
        Assert.Equal("1,2,3", await IdsAsync(await client.QueryAsync("""{"limitHint":3}""")));
        Assert.Equal("1,2,3", await IdsAsync(await client.QueryAsync(
            """{"limitHint":1,"predicateHints":["upper(city) = 'MDW'"]}""")));
        // What was left out is not charged for.
        var used = await Until.SeenAsync(() => holder.AgreementAsync(reader.Agreement), a => a.Reads == 3);
        Assert.Equal(8, used.Rows);
    }

    [Fact]
    public async Task An_answer_that_a_condition_narrowed_counts_whether_its_file_is_had_or_not()
    {
        await using var peer = await RawPeer.StartAsync();
        var holder = await nodes.ParticipantAsync("sqlite");
        var reader = await peer.ReadAsync(holder, Table, Odrl.Offer(Odrl.Count(2)));
        const string none = """{"predicateHints":["id = 9"]}""", one = """{"predicateHints":["id = 2"]}""";
        await reader.Client.QueryAsync(none);
        Assert.Equal((1, 0), await CountedAsync());
        var query = await reader.Client.QueryAsync(one);
        Assert.Equal((2, 1), await CountedAsync());
        Assert.Equal("2", await IdsAsync(query)); // The file belongs to the read that its answer was.
        Assert.Equal((2, 1), await CountedAsync());
        foreach (var hint in (string[])[none, one])
            Assert.Equal(
                (403, "PERMISSION_DENIED", "count-used-up"),
                (await reader.Client.PostAsync($"{reader.Client.Table}/query", hint)).Error);

        async Task<(long, long)> CountedAsync()
        {
            var used = await holder.AgreementAsync(reader.Agreement);
            return (used.Reads, used.Rows);
        }
    }

    [Fact]
    public async Task After_so_many_hints_the_whole_is_sent()
    {
        await using var node = await TestNode.StartAsync("sqlite", limits: Limits.Default with { HintedViewsMax = 2 });
        await using var peer = await RawPeer.StartAsync();
        var client = (await peer.ReadAsync(await node.AddAsync("holder"), Table)).Client;
        foreach (var (id, rows) in new[] { (1, "1"), (2, "2"), (3, "1,2,3"), (1, "1") })
            Assert.Equal(
                rows, await IdsAsync(await client.QueryAsync($$"""{"predicateHints":["id = {{id}}"]}""")));
    }

    [Fact]
    public void A_hint_means_the_same_text_for_the_same_condition_and_nothing_where_it_is_not_understood()
    {
        IReadOnlyList<ViewColumn> columns =
            [new("a", "BIGINT"), new("f", "FLOAT"), new("t", "TIMESTAMP"), new("x", "VARCHAR"), new("X", "VARCHAR")];
        string Of(Hint hint) => ViewParts.Meaning(new PartWish(hint, null), columns);
        Hint Compare(string column, HintType type, string text) => new HintCompared(column, "=", new(type, text));
        Assert.Equal(" WHERE (\"a\" IS NULL)", Of(new HintIsNull("A")));
        Assert.Equal(" WHERE (\"f\" = CAST('1.5' AS FLOAT))", Of(Compare("f", HintType.Float, "1.50")));
        Assert.Equal("", Of(Compare("f", HintType.Double, "1.5")));
        Assert.Equal("", Of(Compare("f", HintType.Float, "NaN")));
        Assert.Equal("", Of(Compare("x", HintType.Text, "q"))); // Two columns by that name.
        Assert.Equal("", Of(Compare("t", HintType.Timestamp, "2026-01-02T03:04:05.1234567Z")));
        Assert.Equal("", Of(Compare("t", HintType.Timestamp, "2026-01-02T03:04:05")));
        Assert.Equal(
            " WHERE (\"t\" = CAST('2026-01-02 03:04:05.123000' AS TIMESTAMP))",
            Of(Compare("t", HintType.Timestamp, "2026-01-02T03:04:05.123Z")));
        Assert.Equal("", Of(new HintNot(new HintAll([Compare("a", HintType.Integer, "1"), new HintUnknown()]))));
        Assert.Equal("", Of(new HintCompared("a", "; --", new(HintType.Integer, "1"))));
    }

    private static string Op(string op, params string[] children) =>
        $$"""{"op":"{{op}}","children":[{{string.Join(',', children)}}]}""";

    private static string Column(string name, string type) =>
        $$"""{"op":"column","name":"{{name}}","valueType":"{{type}}"}""";

    private static string Literal(string value, string type) =>
        $$"""{"op":"literal","value":"{{value}}","valueType":"{{type}}"}""";

    private static async Task<string> IdsAsync(SharingReply query) => query.Of("file").Count == 0
        ? ""
        : string.Join(',', (await query.RowsAsync()).Select(r => r[0]));
}
