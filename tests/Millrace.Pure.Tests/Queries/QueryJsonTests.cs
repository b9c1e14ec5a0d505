using System.Text.Json;
using Millrace.Protocol.Policies;
using Millrace.Protocol.Queries;

namespace Millrace.Pure.Tests.Queries;

public sealed class QueryJsonTests
{
    private const string Written =
        """
        {"sql":"SELECT count(*) FROM data WHERE station = $station AND day >= $from AND fare < $fare","minGroup":10,
         "parameters":[
          {"name":"station","type":"text","values":["Clark","Lake"],"description":"The station"},
          {"name":"from","type":"date","min":"2001-01-01","max":"2030-12-31","default":"2001-01-01"},
          {"name":"fare","type":"decimal","min":0,"max":99.50}]}
        """;

    [Fact]
    public void A_query_is_read_as_written_and_written_as_read()
    {
        var query = Read(Written);
        Assert.Equal(10, query.Signature.MinGroup);
        Assert.Equal(["station", "from", "fare"], query.Signature.Parameters.Select(p => p.Name));
        Assert.Equal(["Clark", "Lake"], query.Signature.Parameters[0].Values!);
        Assert.Equal(("0", "99.5", null), (
            query.Signature.Parameters[2].Min, query.Signature.Parameters[2].Max,
            query.Signature.Parameters[2].Default));
        var again = Read(System.Text.Encoding.UTF8.GetString(QueryJson.ToBytes(query)));
        Assert.True(QueryDefinition.Same(query, again));
        Assert.False(QueryDefinition.Same(query, query with { Sql = "SELECT 1" }));
        Assert.False(QueryDefinition.Same(query, null));
    }

    [Fact]
    public void The_select_may_be_written_in_lines() =>
        Assert.Equal("SELECT 1\nFROM data", Read("""{"sql":["SELECT 1","FROM data"]}""").Sql);

    [Fact]
    public void A_catalogue_names_members_by_iri_leaves_the_select_out_and_is_read_back()
    {
        var query = Read(Written);
        var json = QueryJson.ToCatalogue(query.Signature);
        Assert.DoesNotContain("SELECT", json.GetRawText(), StringComparison.Ordinal);
        Assert.All(Names(json), name => Assert.StartsWith("https://millrace.dev/ns/", name, StringComparison.Ordinal));
        var read = QueryJson.ReadSignature(json)!;
        Assert.Equal(QueryJson.Hash(query), QueryJson.Hash(new QueryDefinition(query.Sql, read)));
    }

    [Fact]
    public void Of_a_peer_unknown_members_are_left_out_and_what_is_none_shows_nothing()
    {
        var newer = QueryJson.ReadSignature(JsonElement.Parse(
            """
            {"https://millrace.dev/ns/later":1,"x":2,"https://millrace.dev/ns/parameters":
              {"https://millrace.dev/ns/name":{"@value":"a"},"https://millrace.dev/ns/type":"boolean"}}
            """));
        Assert.Equal(new QueryParameter("a", ColumnType.Boolean), Assert.Single(newer!.Parameters));
        foreach (var none in (string[])
        [
            "1", "\"x\"", """{"https://millrace.dev/ns/parameters":[{"https://millrace.dev/ns/name":"a"}]}""",
            """{"https://millrace.dev/ns/minGroup":-1}""",
            """{"https://millrace.dev/ns/parameters":[1]}""",
            """{"https://millrace.dev/ns/parameters":[{"https://millrace.dev/ns/name":"\ud800"}]}""",
        ])
        {
            Assert.Null(QueryJson.ReadSignature(JsonElement.Parse(none)));
        }
    }

    [Theory]
    [InlineData("""[]""", null)]
    [InlineData("""{"parameters":[]}""", "sql")]
    [InlineData("""{"sql":"SELECT 1","limit":3}""", null)]
    [InlineData("""{"sql":"SELECT 1","sql":"SELECT 2"}""", "sql")]
    [InlineData("""{"sql":7}""", "sql")]
    [InlineData("""{"sql":[]}""", "sql")]
    [InlineData("""{"sql":["SELECT 1",2]}""", "sql")]
    [InlineData("""{"sql":"\ud800"}""", null)]
    [InlineData("""{"sql":"SELECT 1","minGroup":1}""", "minGroup")]
    [InlineData("""{"sql":"SELECT 1","minGroup":"10"}""", "minGroup")]
    [InlineData("""{"sql":"SELECT 1","minGroup":2.5}""", "minGroup")]
    [InlineData("""{"sql":"SELECT 1","parameters":{}}""", "parameters")]
    [InlineData("""{"sql":"SELECT 1","parameters":["a"]}""", "parameters[0]")]
    [InlineData("""P{"name":"A","type":"boolean"}""", "parameters[0].name")]
    [InlineData("""P{"name":"a b","type":"boolean"}""", "parameters[0].name")]
    [InlineData("""P{"name":"a\n","type":"boolean"}""", "parameters[0].name")]
    [InlineData("""P{"name":"1","type":"boolean"}""", "parameters[0].name")]
    [InlineData("""P{"type":"boolean"}""", "parameters[0].name")]
    [InlineData("""P{"name":"a","type":"time"}""", "parameters[0].type")]
    [InlineData("""P{"name":"a","type":"binary"}""", "parameters[0].type")]
    [InlineData("""P{"name":"a"}""", "parameters[0].type")]
    [InlineData("""P{"name":"a","type":"text"}""", "parameters[0].lengthMax")]
    [InlineData("""P{"name":"a","type":"text","pattern":"x+"}""", "parameters[0].lengthMax")]
    [InlineData("""P{"name":"a","type":"text","lengthMax":0}""", "parameters[0].lengthMax")]
    [InlineData("""P{"name":"a","type":"text","lengthMax":501}""", "parameters[0].lengthMax")]
    [InlineData("""P{"name":"a","type":"text","lengthMax":9,"min":"a"}""", "parameters[0].min")]
    [InlineData("""P{"name":"a","type":"text","lengthMax":9,"pattern":"("}""", "parameters[0].pattern")]
    [InlineData("""P{"name":"a","type":"text","lengthMax":9,"pattern":"(?=x)"}""", "parameters[0].pattern")]
    [InlineData("""P{"name":"a","type":"text","lengthMax":9,"pattern":"(a)\\1"}""", "parameters[0].pattern")]
    [InlineData("""P{"name":"a","type":"text","values":[]}""", "parameters[0].values")]
    [InlineData("""P{"name":"a","type":"text","values":["abc"],"lengthMax":2}""", "parameters[0].values")]
    [InlineData("""P{"name":"a","type":"integer"}""", "parameters[0].min")]
    [InlineData("""P{"name":"a","type":"integer","min":1}""", "parameters[0].min")]
    [InlineData("""P{"name":"a","type":"integer","min":2,"max":1}""", "parameters[0].max")]
    [InlineData("""P{"name":"a","type":"integer","min":"x","max":1}""", "parameters[0].min")]
    [InlineData("""P{"name":"a","type":"integer","min":1,"max":2.5}""", "parameters[0].max")]
    [InlineData("""P{"name":"a","type":"integer","min":1,"max":2,"lengthMax":3}""", "parameters[0].lengthMax")]
    [InlineData("""P{"name":"a","type":"number","min":0,"max":1e999}""", "parameters[0].max")]
    [InlineData("""P{"name":"a","type":"date","min":"2001-01-01","max":"2001-02-30"}""", "parameters[0].max")]
    [InlineData("""P{"name":"a","type":"boolean","min":true}""", "parameters[0].min")]
    [InlineData("""P{"name":"a","type":"boolean","default":"yes"}""", "parameters[0].default")]
    [InlineData("""P{"name":"a","type":"integer","min":1,"max":2,"default":3}""", "parameters[0].default")]
    [InlineData("""P{"name":"a","type":"boolean","label":"x"}""", "parameters[0]")]
    [InlineData("""P{"name":"a","type":"boolean","name":"b"}""", "parameters[0].name")]
    [InlineData("""P{"name":"a","type":"boolean"},{"name":"a","type":"boolean"}""", "parameters[1].name")]
    [InlineData("""P{"name":"a","type":"text","lengthMax":9,"description":"\ud800"}""", "parameters[0].description")]
    [InlineData("""P{"name":"a","type":"boolean","\ud800":1}""", null)]
    public void What_is_not_bounded_or_not_known_is_refused_where_it_stands(string json, string? path)
    {
        if (json.StartsWith('P'))
            json = $$"""{"sql":"SELECT $a","parameters":[{{json[1..]}}]}""";
        Assert.True(QueryJson.Read(JsonElement.Parse(json)).Refused(out var refusal, out _));
        Assert.Equal(("bad-definition", path), (refusal!.Code, refusal.Rule));
        Assert.EndsWith(".", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void There_are_bounds_on_the_whole()
    {
        var one = """{"name":"aN","type":"text","values":["V"]}""";
        var many = string.Join(',', Enumerable.Range(0, 21).Select(i => one.Replace("N", $"{i}")));
        Refused($$"""{"sql":"SELECT 1","parameters":[{{many}}]}""", "parameters");
        var values = string.Join(',', Enumerable.Range(0, 101).Select(i => $"\"{i}\""));
        Refused(
            $$"""{"sql":"SELECT 1","parameters":[{"name":"a","type":"text","values":[{{values}}]}]}""",
            "parameters[0].values");
        var texts = string.Join(',', Enumerable.Range(0, 60).Select(i => $"\"{i:D400}\""));
        var large = one.Replace("N", "").Replace("\"V\"", texts);
        Refused($$"""{"sql":"SELECT 1","parameters":[{{large}}]}""", "parameters");

        static void Refused(string json, string path)
        {
            Assert.True(QueryJson.Read(JsonElement.Parse(json)).Refused(out var refusal, out _));
            Assert.Equal(path, refusal!.Rule);
        }
    }

    private static QueryDefinition Read(string json)
    {
        Assert.False(QueryJson.Read(JsonElement.Parse(json)).Refused(out var refusal, out var query), $"{refusal}");
        return query!;
    }

    private static IEnumerable<string> Names(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(m => Names(m.Value).Prepend(m.Name)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Names),
        _ => [],
    };
}
