using System.Text;
using Microsoft.AspNetCore.Http;
using Millrace.Node.Commands;

namespace Millrace.Tests.Commands;

public sealed class PublishTests
{
    private const string Product =
        """
        {"id":"weather","title":"芝加哥天气","description":"","keywords":[],"kind":"table",
         "createdAt":"2026-01-02T03:04:05Z","versions":[],
         "latest":{"number":1,"createdAt":"2026-01-02T03:04:05Z","rows":16200,"bytes":12345,"files":[],
          "columns":[{"name":"日期","type":"date"},{"name":"rain","type":"decimal"}],
          "source":{"format":"csv","delimiter":",","encoding":"GB18030","header":true,"name":"w.csv","sha256":"00"},
          "profile":{},"quality":{"total":93.4}},
         "offers":[{"id":"o1","policy":{},"terms":[
          {"path":"permission[0]","text":"Reading is permitted.","textZh":"允许读取。","reach":"provider"},
          {"path":"duty[0]","text":"The source is named.","textZh":"注明来源。","reach":"attested"}]}]}
        """;

    [Fact]
    public async Task A_file_is_sent_whole_with_its_name_and_the_product_is_shown()
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "cta");
        var (names, body, draft) = (new List<string>(), "", "");
        node.Gives("POST /api/v1/participants/cta/products", async context =>
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            names.AddRange(form.Files.GetFiles("files").Select(f => f.FileName));
            using var reader = new StreamReader(form.Files.GetFiles("files")[0].OpenReadStream());
            body = await reader.ReadToEndAsync(context.RequestAborted);
            draft = form["product"].ToString();
            context.Response.StatusCode = StatusCodes.Status201Created;
            await context.Response.WriteAsync(Product);
        });
        var file = Write(node, "天气 \"2001\".csv", "日期,rain\n2001-01-22,0.1\n");

        var result = await CommandRunner.RunAsync(node, "publish", file, "--title", "芝加哥天气", "--keyword", "rain");

        Assert.Equal(("", ExitCode.Done), (result.Error, result.ExitCode));
        Assert.Equal(["天气 \"2001\".csv"], names);
        Assert.Equal("日期,rain\n2001-01-22,0.1\n", body);
        Assert.Equal("""{"title":"芝加哥天气","keywords":["rain"]}""", draft);
        Assert.Equal(
            """
            Published 芝加哥天气 as cta, version 1.
              id         weather
              rows       16,200
              size       12.3 kB
              quality    93.4 of 100
              read as    CSV, GB18030, delimiter ',', with header
              catalogue  http://n.example/cta/dsp/2025-1/catalog

            column  type
            日期    date
            rain    decimal

            Offer o1
            term                   reach
            Reading is permitted.  enforced by the provider
            The source is named.   attested

            """,
            result.Output);
    }

    [Theory]
    [InlineData("none", "[]")]
    [InlineData("way_mi=km", """[{"column":"way_mi","to":"km"}]""")]
    public async Task Conversions_are_asked_for_or_to_be_left(string convert, string asked)
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "cta");
        var draft = "";
        node.Gives("POST /api/v1/participants/cta/products", async context =>
        {
            draft = (await context.Request.ReadFormAsync(context.RequestAborted))["product"].ToString();
            context.Response.StatusCode = StatusCodes.Status201Created;
            await context.Response.WriteAsync(Product);
        });
        var result = await CommandRunner.RunAsync(
            node, "publish", Write(node, "w.csv", "a\n1\n"), "--convert", convert);
        Assert.Equal(("", ExitCode.Done), (result.Error, result.ExitCode));
        Assert.Contains($"\"convert\":{asked}", draft, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_breaks_its_contract_and_is_published_all_the_same_is_said_to()
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "cta");
        node.Gives("POST /api/v1/participants/cta/products", context =>
        {
            context.Response.StatusCode = StatusCodes.Status201Created;
            return context.Response.WriteAsync(Product.Replace(
                """{"total":93.4}""",
                """{"total":70,"contract":{"breaches":["unique (schema[0]): 3 of 4 keep it."]}}""",
                StringComparison.Ordinal));
        });
        var result = await CommandRunner.RunAsync(node, "publish", Write(node, "w.csv", "a\n1\n"));
        Assert.Contains(
            """
            Published although it breaks its contract, which lets that be shown (millrace.gate):
              unique (schema[0]): 3 of 4 keep it.

            """,
            result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("link.csv")]
    [InlineData("folder")]
    public async Task A_link_stands_for_the_file_that_it_leads_to(string asked)
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "cta");
        var sent = "";
        node.Gives("POST /api/v1/participants/cta/products", async context =>
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            using var reader = new StreamReader(form.Files.GetFiles("files").Single().OpenReadStream());
            sent = await reader.ReadToEndAsync(context.RequestAborted);
            await context.Response.WriteAsync(Product.Replace(
                "\"sha256\":\"00\"", "\"sha256\":\"00\",\"sheet\":{\"name\":\"Cover\",\"sheets\":3}",
                StringComparison.Ordinal));
        });
        Directory.CreateDirectory(node.InFolder("folder"));
        var file = Write(node, "a.csv", "day,rain\n2001-01-22,0.1\n");
        File.CreateSymbolicLink(node.InFolder("link.csv"), file);
        File.CreateSymbolicLink(node.InFolder("folder/link.csv"), file);
        var result = await CommandRunner.RunAsync(node, "publish", node.InFolder(asked));
        Assert.Equal(("", ExitCode.Done), (result.Error, result.ExitCode));
        Assert.Equal("day,rain\n2001-01-22,0.1\n", sent);
        Assert.Contains("read as    CSV, sheet Cover alone of 3,", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_stands_for_the_files_in_it()
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "cta");
        var (names, draft) = (new List<string>(), "");
        node.Gives("POST /api/v1/participants/cta/products", async context =>
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            names.AddRange(form.Files.GetFiles("files").Select(f => f.FileName));
            draft = form["product"].ToString();
            await context.Response.WriteAsync(Product.Replace(
                "\"sha256\":\"00\"", "\"sha256\":\"00\",\"renamed\":[{\"column\":\"id_1\",\"member\":\"id\"}]",
                StringComparison.Ordinal));
        });
        var rides = Directory.CreateDirectory(node.InFolder("rides"));
        foreach (var name in (string[])["b.csv", "a.csv", ".hidden"])
            Write(node, $"rides/{name}", "a\n1\n");
        var result = await CommandRunner.RunAsync(node, "publish", rides.FullName + "/");
        Assert.Equal(("", ExitCode.Done), (result.Error, result.ExitCode));
        Assert.Equal(["a.csv", "b.csv"], names);
        Assert.Equal("""{"title":"rides"}""", draft);
        Assert.Contains("\n  renamed    id_1 is id\n", result.Output, StringComparison.Ordinal);

        rides.CreateSubdirectory("2024");
        var nested = await CommandRunner.RunAsync(node, "publish", rides.FullName);
        Assert.Equal(ExitCode.BadInput, nested.ExitCode);
        Assert.Contains("has a folder in it, 2024,", nested.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_offer_may_be_left_to_a_person_to_decide()
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "cta");
        var draft = "";
        node.Gives("POST /api/v1/participants/cta/products", async context =>
        {
            draft = (await context.Request.ReadFormAsync(context.RequestAborted))["product"].ToString();
            await context.Response.WriteAsync(Product.Replace(
                "\"offers\":[{\"id\":\"o1\",", "\"offers\":[{\"id\":\"o1\",\"handling\":\"ask\",",
                StringComparison.Ordinal));
        });
        var result = await CommandRunner.RunAsync(node, "publish", Write(node, "w.csv", "a\n1\n"), "--ask");
        Assert.Equal("""{"handling":"ask"}""", draft);
        Assert.Contains("\nOffer o1, on request\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_offer_may_be_left_to_a_written_rule()
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "cta");
        var draft = "";
        node.Gives("POST /api/v1/participants/cta/products", async context =>
        {
            draft = (await context.Request.ReadFormAsync(context.RequestAborted))["product"].ToString();
            await context.Response.WriteAsync(Product.Replace(
                "\"offers\":[{\"id\":\"o1\",",
                """
                "offers":[{"id":"o1","handling":"rule","ruleLines":[
                {"path":"lines[0]","text":"If did:web:a asks: agree at once.","textZh":"…"},
                {"path":"otherwise","text":"Otherwise: ask a person.","textZh":"…"}],
                """,
                StringComparison.Ordinal));
        });
        var rule = Write(node, "rule.json", """{"lines":[]}""");
        var result = await CommandRunner.RunAsync(
            node, "publish", Write(node, "w.csv", "a\n1\n"), "--rule", rule);
        Assert.Equal("""{"rule":{"lines":[]}}""", draft);
        Assert.Contains("\nOffer o1, by your written rule\n", result.Output, StringComparison.Ordinal);
        Assert.EndsWith(
            "\n  If did:web:a asks: agree at once.\n  Otherwise: ask a person.\n", result.Output,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("me")]
    [InlineData("cta", "--as", "cta")]
    public async Task The_first_participant_of_a_node_is_made_on_the_way(string name, params string[] more)
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel);
        node.Gives("POST /api/v1/participants", FakeNode.Participant(name), 201)
            .Gives($"POST /api/v1/participants/{name}/products", Product, 201);
        var result = await CommandRunner.RunAsync(node, ["publish", Write(node, "w.csv", "a\n1\n"), "--json", .. more]);
        Assert.Equal(ExitCode.Done, result.ExitCode);
        Assert.Equal(Product, result.Output.TrimEnd());
        Assert.Contains($"created \"{name}\" (did:web:n.example:{name})", result.Error, StringComparison.Ordinal);
        Assert.Contains($$"""{"id":"{{name}}","title":"{{name}}","operator":false}""", node.Asked.Select(a => a.Body));
    }

    [Theory]
    [InlineData("it hosts: cta, noaa.", "--as", "nobody")]
    [InlineData("say which one to act as with --as: cta, noaa.")]
    public async Task An_unknown_or_unclear_participant_is_answered_with_those_there_are(
        string sentence, params string[] more)
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "cta", "noaa");
        var result = await CommandRunner.RunAsync(node, ["publish", Write(node, "w.csv", "a\n1\n"), .. more]);
        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, ExitCode.BadInput)]
    [InlineData(413, ExitCode.BadInput)]
    [InlineData(507, ExitCode.BadInput)]
    [InlineData(409, ExitCode.Refused)]
    [InlineData(503, ExitCode.Refused)]
    public async Task A_refusal_by_the_node_is_its_sentence_and_a_code(int status, int code)
    {
        const string problem = """{"title":"Bad","detail":"Row 7 has 3 fields, not 2.","code":"ragged-row"}""";
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "cta");
        node.Gives("POST /api/v1/participants/cta/products", problem, status);
        var result = await CommandRunner.RunAsync(node, "publish", Write(node, "w.csv", "a\n1\n"));
        Assert.Equal(code, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.StartsWith("millrace: Row 7 has 3 fields, not 2.", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_sensitive_is_told_where_it_is_published()
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "cta");
        node.Gives("POST /api/v1/participants/cta/products", Classified, 201);
        var result = await CommandRunner.RunAsync(node, "publish", Write(node, "w.csv", "a\n1\n"));
        Assert.Contains("\n  level      3 of 4\n", result.Output, StringComparison.Ordinal);
        Assert.Contains(
            "\nSensitive, and so guarded whatever an offer says: rain (hash). See millrace classify weather.\n",
            result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Findings_are_shown_with_their_evidence()
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "cta");
        node.Gives("GET /api/v1/participants/cta/products/weather", Classified);
        var result = await CommandRunner.RunAsync(node, "classify", "weather");
        Assert.Equal(
            """
            Version 1 of weather is of level 3.

            column  level  guard  why
            rain        3  hash   email (likely): 2 of 9 cells, inside of 1 cells; level 3 by A. Lin: They are.

            """,
            result.Output);
    }

    [Theory]
    [InlineData("rain")]
    [InlineData("rain", "--level", "1")]
    [InlineData("rain", "--level", "1", "--person", "A. Lin")]
    public async Task A_decision_that_lacks_a_part_is_not_sent(params string[] arguments)
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "cta");
        var result = await CommandRunner.RunAsync(node, ["classify", "weather", .. arguments]);
        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.StartsWith("millrace: To decide on a column, give it with", result.Error, StringComparison.Ordinal);
    }

    private static string Classified => Product.Replace(
        "\"offers\":[",
        """
        "classification":{"product":"weather","version":1,"isClassified":true,"level":3,"columns":[
        {"column":"日期","level":1,"proposed":1,"findings":[]},
        {"column":"rain","level":3,"proposed":3,"guard":"hash","findings":[
        {"kind":"email","category":"Contact","likelihood":"Likely","cells":2,"within":1,"values":9,"isNamed":false,
        "level":3,"rule":"contact/1","gdpr":"4(1)","mask":"hash"}],
        "decision":{"level":3,"person":"A. Lin","reason":"They are.","at":"2026-01-02T03:04:05Z"}}]},
        "offers":[
        """,
        StringComparison.Ordinal);

    private static string Write(FakeNode node, string name, string text)
    {
        var path = node.InFolder(name);
        File.WriteAllText(path, text, new UTF8Encoding(false));
        return path;
    }
}
