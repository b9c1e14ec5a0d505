using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;
using Millrace.Node.Api;
using Millrace.Tests.Flight;
using Millrace.Tests.Nodes;
using Millrace.Tests.Sharing;

namespace Millrace.Tests.Queries;

/// <summary>A query product from its publishing to its calls, on real nodes.</summary>
public sealed class CallTests(TwoNodes nodes)
{
    private const string Table =
        """
        station,day,rides,who
        Clark,2001-01-01,10,alice
        Clark,2001-01-02,20,bob
        Clark,2001-01-03,30,carol
        Lake,2001-01-01,5,alice
        Lake,2001-01-04,6,dave
        Adams,2001-01-01,99,erin

        """;

    private const string Query =
        """
        {"sql":["SELECT station, count(*) AS n, sum(rides) AS rides FROM data",
          "WHERE day BETWEEN $from AND $to AND ($station = 'any' OR station = $station)",
          "GROUP BY station ORDER BY station"],
         "minGroup":2,
         "parameters":[
          {"name":"station","type":"text","values":["any","Clark","Lake","Adams"],"default":"any"},
          {"name":"from","type":"date","min":"2001-01-01","max":"2030-12-31","default":"2001-01-01"},
          {"name":"to","type":"date","min":"2001-01-01","max":"2030-12-31","default":"2030-12-31"}]}
        """;

    private static readonly HttpClient Http = new();
    private static int _products;

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_query_is_published_found_agreed_on_called_metered_and_paid(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        var analyst = await nodes.ParticipantAsync(database == "sqlite" ? "postgresql" : "sqlite", "analyst");
        var offer = Odrl.Priced(Odrl.Offer(), "0.50");
        offer["obligation"]![0]!["constraint"]![2]!["rightOperand"] = "read";
        var product = await PublishAsync(holder, offer: offer);
        Assert.Equal("query", product.Kind);
        Assert.StartsWith("SELECT station", product.Query!.Sql, StringComparison.Ordinal);

        var found = await analyst.GetAsync(
            $"catalogue/{product.Id}?provider={Uri.EscapeDataString(holder.Did)}", ApiJson.Wire.CatalogueHit);
        Assert.Equal(["HttpCall-PULL"], found.Formats);
        Assert.Equal((2, null), (found.Query!.MinGroup, found.Query.Sql));
        Assert.Equal(["station", "from", "to"], found.Query.Parameters.Select(p => p.Name));
        Assert.Equal(["any", "Clark", "Lake", "Adams"], found.Query.Parameters[0].Values!);

        var agreement = await analyst.AgreeAsync(holder, product);
        Assert.Equal("station", (await analyst.AgreementAsync(agreement)).Query!.Parameters[0].Name);
        var transfer = await TransferAsync(analyst, agreement);
        Assert.Equal("STARTED", transfer.State);
        using var answer = await CallAsync(analyst, transfer, """{"from":"2001-01-01","to":"2001-01-03"}""");
        Assert.Equal("station,n,rides\r\nClark,3,60\r\n", await TextAsync(answer));
        using var second = await CallAsync(analyst, transfer, "{}");
        Assert.Equal("station,n,rides\r\nClark,3,60\r\nLake,2,11\r\n", await TextAsync(second));

        foreach (var party in (TestParticipant[])[holder, analyst])
        {
            var used = (await party.GetAsync("usage", ApiJson.Wire.Usage)).Lines.Single(l => l.Agreement == agreement);
            Assert.Equal((2, 3, 1.00m, "CNY"), (used.Reads, used.Rows, used.Due, used.Currency));
        }
        var entries = await holder.EvidenceAsync("read-opened", "version-published");
        var opened = entries.Where(e => e.Type == "read-opened").Select(e => e.Body.GetProperty("data")).ToList();
        Assert.Equal(2, opened.Count);
        var call = opened[0].GetProperty("call");
        Assert.Equal(
            """{"from":"2001-01-01","station":"any","to":"2001-01-03"}""", call.GetProperty("parameters").GetRawText());
        Assert.Equal("call", opened[0].GetProperty("way").GetString());
        // What was called is in the log too, whole: whoever audits it can compute the answer again.
        var published = entries.First(e => e.Type == "version-published").Body.GetProperty("data").GetProperty("query");
        Assert.False(Protocol.Queries.QueryJson.Read(published).Refused(out _, out var query));
        Assert.Equal(Protocol.Queries.QueryJson.Hash(query!), call.GetProperty("query").GetString());
        Assert.Empty(Directory.GetFiles(holder.Node.Options.DataFolder, "*.answer", SearchOption.AllDirectories));
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task The_table_of_a_query_can_be_had_in_no_way(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        var product = await PublishAsync(holder);
        var agreement = await peer.AgreeAsync(holder, product);

        using var refused = await peer.PostAsync(holder, "transfers/request", peer.Asking(agreement));
        Assert.Equal(400, (int)refused.StatusCode);
        Assert.Contains("unknown-format", await TextAsync(refused), StringComparison.Ordinal);

        var access = await peer.AccessAsync(holder, agreement, format: "HttpCall-PULL");
        foreach (var format in (string[])["parquet", "csv", "jsonl", "arrow"])
        {
            await RefusedAsync(await Http.SendAsync(access.Request(HttpMethod.Get, format), TestNode.Cancel), 403);
            using var ranged = access.Request(HttpMethod.Get, format);
            ranged.Headers.Range = new RangeHeaderValue(0, 10);
            await RefusedAsync(await Http.SendAsync(ranged, TestNode.Cancel), 403);
        }
        using var head = await Http.SendAsync(access.Request(HttpMethod.Head), TestNode.Cancel);
        Assert.Equal(403, (int)head.StatusCode);
        foreach (var sql in (string[])["SELECT * FROM data", "SELECT 1", "SELECT count(*) FROM data"])
            await RefusedAsync(await PostAsync(access, "query", $$"""{"sql":"{{sql}}"}"""), 403);
        // The id of a running call resumes nothing either.
        using var called = await PostAsync(access, "call", """{"parameters":{}}""");
        using var resumed = access.Request(HttpMethod.Get);
        resumed.Headers.Add("Millrace-Read", called.Headers.GetValues("Millrace-Read").Single());
        await RefusedAsync(await Http.SendAsync(resumed, TestNode.Cancel), 403);

        var sharing = new SharingClient(holder, agreement, access.Token, product.Id);
        Assert.DoesNotContain("\"name\"", (await sharing.GetAsync("/shares")).Text, StringComparison.Ordinal);
        foreach (var way in (string[])["metadata", "version", "changes?startingVersion=1"])
            Assert.InRange((int)(await sharing.GetAsync($"{sharing.Table}/{way}")).Status, 400, 499);
        var shared = await sharing.PostAsync($"{sharing.Table}/query", "{}");
        Assert.InRange((int)shared.Status, 400, 499);
        Assert.DoesNotContain("alice", shared.Text, StringComparison.Ordinal);

        using var flight = new FlightCalls(holder.Node, access.Token);
        foreach (var call in (Func<Task>[])
        [
            () => flight.ListAsync(holder.Id), () => flight.InfoAsync(holder.Id, agreement),
            () => flight.SchemaAsync(holder.Id, agreement),
        ])
        {
            var thrown = await Assert.ThrowsAsync<RpcException>(call);
            Assert.Equal(StatusCode.PermissionDenied, thrown.StatusCode);
        }

        var usage = (await holder.GetAsync("usage", ApiJson.Wire.Usage)).Lines.Single();
        Assert.Equal(1, usage.Reads);
    }

    [Fact]
    public async Task A_table_cannot_be_called_and_a_stranger_learns_of_nothing()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await using var peer = await RawPeer.StartAsync();
        var table = await holder.PublishAsync(Table, product: $"table-{Interlocked.Increment(ref _products)}");
        var plain = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, table));
        await RefusedAsync(await PostAsync(plain, "call", """{"parameters":{}}"""), 403, "not-a-query");
        var query = await PublishAsync(holder);
        var access = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, query), format: "HttpCall-PULL");
        await RefusedAsync(
            await PostAsync(access with { Token = plain.Token }, "call", """{"parameters":{}}"""), 404, "not-found");
        using var nobody = await Http.PostAsJsonAsync(
            $"{access.Endpoint}/call", new { parameters = new { } }, TestNode.Cancel);
        Assert.Equal(401, (int)nobody.StatusCode);
        using var strange = await CallAsync(access, """{}""", format: "xml");
        Assert.Equal(406, (int)strange.StatusCode);
    }

    [Fact]
    public async Task The_query_sees_the_table_as_the_contract_shows_it()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await using var peer = await RawPeer.StartAsync();
        const string People =
            """
            {"sql":"SELECT who, count(*) AS n FROM data WHERE rides < $most GROUP BY who ORDER BY who",
             "parameters":[{"name":"most","type":"integer","min":0,"max":1000}]}
            """;
        var shown = await PublishAsync(
            holder, People, Odrl.Offer(Odrl.Row("station", "Clark"), Odrl.Mask("who", "first:1")));
        var access = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, shown), format: "HttpCall-PULL");
        using var answer = await CallAsync(access, """{"most":25}""");
        Assert.Equal("who,n\r\na,1\r\nb,1\r\n", await TextAsync(answer));

        // What the contract hides is not there for the query either.
        var hidden = await PublishAsync(holder, People, Odrl.Offer(Odrl.Columns("station", "rides")));
        access = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, hidden), format: "HttpCall-PULL");
        await RefusedAsync(await CallAsync(access, """{"most":25}"""), 422, "query-failed");
    }

    [Fact]
    public async Task Counts_purposes_environments_and_withdrawals_hold_for_calls()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await using var peer = await RawPeer.StartAsync();
        const string Environment = "https://millrace.dev/odrl/environment";

        var counted = await PublishAsync(holder, offer: Odrl.Offer(Odrl.Count(2), Odrl.Purpose("research")));
        var agreement = await peer.AgreeAsync(holder, counted);
        using var purposeless = await peer.PostAsync(
            holder, "transfers/request", peer.Asking(agreement, format: "HttpCall-PULL"));
        Assert.Contains("no-purpose", await TextAsync(purposeless), StringComparison.Ordinal);
        var access = await peer.AccessAsync(
            holder, agreement, peer.Sign(holder, agreement, "academic-research"), "HttpCall-PULL");
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => CallAsync(access, "{}")));
        Assert.Equal(2, answers.Count(a => a.IsSuccessStatusCode));
        foreach (var none in answers.Where(a => !a.IsSuccessStatusCode))
            await RefusedAsync(none, 403, "count-used-up");
        await holder.WithdrawAsync(agreement);
        await RefusedAsync(await CallAsync(access, "{}"), 403, "withdrawn");

        foreach (var (where, status) in (IEnumerable<(string, int)>)[("query", 200), ("download", 403)])
        {
            var product = await PublishAsync(holder, offer: Odrl.Offer(Odrl.Constraint(Environment, "eq", where)));
            access = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, product), format: "HttpCall-PULL");
            using var answer = await CallAsync(access, "{}");
            Assert.Equal(status, (int)answer.StatusCode);
            // Who asks beforehand is told the same.
            var tried = await holder.PostAsync(
                $"products/{product.Id}/trial", new TrialDraft(), ApiJson.Wire.TrialDraft, ApiJson.Wire.Trial);
            Assert.All(tried.Answers, a => Assert.Equal(status == 200, a.Refusal is null));
        }
    }

    [Theory]
    [InlineData("""{"parameters":{"station":"Clark' OR '1'='1"}}""", "parameter-out-of-bounds")]
    [InlineData("""{"parameters":{"station":"clark"}}""", "parameter-out-of-bounds")]
    [InlineData("""{"parameters":{"station":["Clark"]}}""", "bad-parameter")]
    [InlineData("""{"parameters":{"station":"\ud800"}}""", "bad-parameter")]
    [InlineData("""{"parameters":{"from":"2000-12-31"}}""", "parameter-out-of-bounds")]
    [InlineData("""{"parameters":{"from":"2001-01-01' OR 1=1 --"}}""", "bad-parameter")]
    [InlineData("""{"parameters":{"other":1}}""", "unknown-parameter")]
    [InlineData("""{"parameters":{"sql":"SELECT * FROM data"}}""", "unknown-parameter")]
    [InlineData("""{"parameters":{"from":"2001-01-01","from":"2002-01-01"}}""", "bad-json")]
    [InlineData("""{"parameters":[]}""", "bad-json")]
    [InlineData("""{"sql":"SELECT * FROM data"}""", "bad-json")]
    [InlineData("""{}""", "bad-json")]
    [InlineData("""x""", "bad-json")]
    public async Task A_call_with_other_values_is_refused_and_not_counted(string body, string code)
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await using var peer = await RawPeer.StartAsync();
        var agreement = await peer.AgreeAsync(holder, await PublishAsync(holder));
        var access = await peer.AccessAsync(holder, agreement, format: "HttpCall-PULL");
        await RefusedAsync(await PostAsync(access, "call", body), 400, code);
        Assert.Equal(0, (await holder.GetAsync("usage", ApiJson.Wire.Usage)).Lines.Single().Reads);
        var refused = (await holder.EvidenceAsync("read-refused")).Select(e => e.Body.GetProperty("data")).ToList();
        Assert.Equal(code == "bad-json" ? 0 : 1, refused.Count);
        Assert.All(refused, r => Assert.Equal(code, r.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_call_that_fails_while_it_runs_is_a_read_and_is_logged()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await using var peer = await RawPeer.StartAsync();
        var product = await PublishAsync(
            holder,
            """
            {"sql":"SELECT station, CAST($x || rides AS INTEGER) AS x FROM data",
             "parameters":[{"name":"x","type":"text","lengthMax":9}]}
            """);
        var access = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, product), format: "HttpCall-PULL");
        using var failed = await CallAsync(access, """{"x":"alice"}""");
        var problem = await TestNode.ProblemAsync(failed);
        Assert.Equal((422, "query-failed"), ((int)failed.StatusCode, problem.Code));
        Assert.DoesNotContain("alice", problem.Detail!, StringComparison.Ordinal);
        Assert.Equal("query-failed", (await holder.EvidenceAsync("read-refused")).Single().Body
            .GetProperty("data").GetProperty("code").GetString());
        Assert.Equal(1, (await holder.GetAsync("usage", ApiJson.Wire.Usage)).Lines.Single().Reads);
        using var works = await CallAsync(access, """{"x":7}""");
        Assert.Equal(200, (int)works.StatusCode);
    }

    [Fact]
    public async Task A_product_stays_what_it_is_and_its_newest_version_answers()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await using var peer = await RawPeer.StartAsync();
        var product = await PublishAsync(holder);
        var access = await peer.AccessAsync(holder, await peer.AgreeAsync(holder, product), format: "HttpCall-PULL");
        var more = Encoding.UTF8.GetBytes(Table + "Adams,2001-01-02,1,alice\n");
        using (var again = await holder.UploadAsync(new ProductDraft(product.Id), ("t.csv", more)))
            Assert.Equal("query", (await TestNode.ReadAsync(again, ApiJson.Wire.Product)).Kind);
        using var answer = await CallAsync(access, """{"station":"Adams"}""");
        Assert.Equal("station,n,rides\r\nAdams,2,100\r\n", await TextAsync(answer));

        var other = JsonElement.Parse("""{"sql":"SELECT * FROM data"}""");
        await RefusedAsync(
            await holder.UploadAsync(new ProductDraft(product.Id, Query: other), ("t.csv", more)), 400,
            "query-changed");
        var table = await holder.PublishAsync(Table, product: $"table-{Interlocked.Increment(ref _products)}");
        await RefusedAsync(
            await holder.UploadAsync(new ProductDraft(table.Id, Query: other), ("t.csv", more)), 400, "query-changed");
        using var same = await holder.UploadAsync(
            new ProductDraft(product.Id, Query: JsonElement.Parse(Query)), ("t.csv", more));
        Assert.Equal(3, (await TestNode.ReadAsync(same, ApiJson.Wire.Product)).Latest.Number);
    }

    [Theory]
    [InlineData("""{"sql":"SELECT * FROM data WHERE station = $s"}""", 422, "query-refused")]
    [InlineData("""{"sql":"SELECT * FROM other"}""", 422, "query-refused")]
    [InlineData("""{"sql":"SELECT nothing FROM data"}""", 422, "query-failed")]
    [InlineData("""{"sql":"DROP TABLE data"}""", 400, "bad-query")]
    [InlineData("""{"sql":"SELECT max(rides) FROM data","minGroup":2}""", 422, "query-refused")]
    [InlineData("""{"sql":"SELECT 1 FROM data","parameters":[{"name":"s","type":"text"}]}""", 400, "bad-definition")]
    [InlineData("""{"sql":"SELECT 1 FROM data","minGroup":1}""", 400, "bad-definition")]
    public async Task What_cannot_be_kept_is_not_published(string query, int status, string code)
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        var draft = new ProductDraft("x", Query: JsonElement.Parse(query));
        await RefusedAsync(
            await holder.UploadAsync(draft, ("table.csv", Encoding.UTF8.GetBytes(Table))), status, code);
        Assert.Empty(await holder.GetAsync("products", ApiJson.Wire.IReadOnlyListProduct));
    }

    [Fact]
    public async Task An_agreement_that_was_taken_over_is_about_the_query_too()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await using var peer = await RawPeer.StartAsync();
        var product = await PublishAsync(holder);
        var policy = product.Offers[0].Policy.GetRawText();
        var agreement = JsonNode.Parse(policy)!.AsObject();
        agreement["@type"] = "Agreement";
        agreement["@id"] = $"urn:paper:{product.Id}";
        agreement["target"] = product.Id;
        agreement["assigner"] = holder.Did;
        agreement["assignee"] = peer.Did;
        using var imported = await holder.PostAsync("agreements", JsonContent.Create(
            new AgreementImport("provider", peer.Did, JsonElement.Parse(agreement.ToJsonString())),
            ApiJson.Wire.AgreementImport));
        await TestNode.ReadAsync(imported, ApiJson.Wire.Agreement);
        using var read = await peer.PostAsync(holder, "transfers/request", peer.Asking($"urn:paper:{product.Id}"));
        Assert.Contains("unknown-format", await TextAsync(read), StringComparison.Ordinal);
    }

    private static async Task<Product> PublishAsync(
        TestParticipant holder, string query = Query, JsonObject? offer = null)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"called-{Interlocked.Increment(ref _products)}");
        using var answer = await holder.UploadAsync(
            new ProductDraft(
                id, Query: JsonElement.Parse(query),
                Offer: offer is null ? null : JsonElement.Parse(offer.ToJsonString())),
            ("table.csv", Encoding.UTF8.GetBytes(Table)));
        return await TestNode.ReadAsync(answer, ApiJson.Wire.Product);
    }

    private static async Task<Transfer> TransferAsync(TestParticipant analyst, string agreement)
    {
        var asked = await analyst.PostAsync(
            "transfers", new TransferDraft(agreement, Format: "HttpCall-PULL"), ApiJson.Wire.TransferDraft,
            ApiJson.Wire.Transfer);
        return await analyst.GetAsync($"transfers/{asked.Id}?wait=60", ApiJson.Wire.Transfer);
    }

    private static Task<HttpResponseMessage> CallAsync(TestParticipant analyst, Transfer transfer, string values) =>
        analyst.PostTextAsync($"transfers/{transfer.Id}/call?format=csv", $$"""{"parameters":{{values}}}""");

    private static Task<HttpResponseMessage> CallAsync(DataAccess access, string values, string format = "csv") =>
        PostAsync(access, "call", $$"""{"parameters":{{values}}}""", format);

    private static Task<HttpResponseMessage> PostAsync(
        DataAccess access, string way, string body, string format = "csv") => Http.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, $"{access.Endpoint}/{way}?format={format}")
        {
            Headers = { Authorization = new("Bearer", access.Token) },
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        },
        TestNode.Cancel);

    private static Task<string> TextAsync(HttpResponseMessage answer) =>
        answer.Content.ReadAsStringAsync(TestNode.Cancel);

    private static async Task RefusedAsync(HttpResponseMessage answer, int status, string code = "only-calls")
    {
        Assert.Equal((status, code), ((int)answer.StatusCode, (await TestNode.ProblemAsync(answer)).Code));
        answer.Dispose();
    }
}
