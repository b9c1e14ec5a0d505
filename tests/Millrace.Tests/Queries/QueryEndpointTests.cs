using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Millrace.Node;
using Millrace.Node.Api;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Queries;

/// <summary>SQL over the view of an agreement, as a program at the other end sees it.</summary>
public sealed class QueryEndpointTests(TwoNodes nodes)
{
    private const string Table =
        "id,city,amount,who\n1,ORD,10.5,alice\n2,MDW,20.25,bob\n3,ORD,30.75,carol\n4,ORD,41.25,alice\n";

    private const string PerPerson =
        "SELECT who, count(*) AS n, sum(amount) AS total FROM data GROUP BY who ORDER BY who";

    private static readonly HttpClient Http = new();
    private static int _products;

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task An_answer_holds_what_the_contract_allows_and_is_counted_as_what_it_is(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        var (agreement, access) = await AccessAsync(
            holder, peer, Odrl.Columns("id", "amount", "who"), Odrl.Row("city", "ORD"), Odrl.Mask("who", "first:1"));

        using var answer = await AskAsync(access, PerPerson);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var bytes = await answer.Content.ReadAsByteArrayAsync(TestNode.Cancel);
        Assert.Equal("who,n,total\r\na,2,51.75\r\nc,1,30.75\r\n", Encoding.UTF8.GetString(bytes));
        Assert.Equal("text/csv", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("2", answer.Headers.GetValues("Millrace-Rows").Single());

        foreach (var hidden in (string[])["SELECT city FROM data", "SELECT max(city) FROM data"])
            await RefusedAsync(await AskAsync(access, hidden), 422, "query-failed");
        await RefusedAsync(await AskAsync(access, "SELECT * FROM read_text('/etc/passwd')"), 422, "query-refused");
        await RefusedAsync(await AskAsync(access, "DROP TABLE data"), 400, "bad-query");

        var usage = await holder.GetAsync("usage", ApiJson.Wire.Usage);
        var used = usage.Lines.Single(a => a.Agreement == agreement);
        Assert.Equal((1, 2, bytes.Length), (used.Reads, used.Rows, used.Bytes));
        var opened = (await holder.EvidenceAsync("read-opened"))
            .Select(e => e.Body.GetProperty("data")).Single(e => e.GetProperty("agreement").GetString() == agreement);
        Assert.Equal(PerPerson, opened.GetProperty("query").GetString());
        Assert.Empty(Directory.GetFiles(holder.Node.Options.DataFolder, "*.answer", SearchOption.AllDirectories));
        // What was not run was free, and is told.
        var failures = (await holder.EvidenceAsync("read-refused"))
            .Select(e => e.Body.GetProperty("data")).Where(e => e.GetProperty("agreement").GetString() == agreement)
            .Select(e => e.GetProperty("code").GetString());
        Assert.Equal(["query-failed", "query-failed", "query-refused", "bad-query"], failures);
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_query_that_fails_while_it_runs_is_a_read_and_its_text_is_logged(string database)
    {
        const string Bit = "SELECT CASE WHEN who = 'bob' THEN ('x' || who)::INT ELSE 1 END FROM data WHERE id = 2";
        var holder = await nodes.ParticipantAsync(database);
        await using var peer = await RawPeer.StartAsync();
        var (agreement, access) = await AccessAsync(holder, peer, Odrl.Count(2));
        await RefusedAsync(await AskAsync(access, "SELECT wo FROM data"), 422, "query-failed");
        await RefusedAsync(await AskAsync(access, "SELECT city + 1 FROM data"), 422, "query-failed");
        Assert.Equal(0, (await holder.AgreementAsync(agreement)).Reads);

        using var failed = await AskAsync(access, Bit);
        var problem = await TestNode.ProblemAsync(failed);
        Assert.Equal(("query-failed", 422), (problem.Code, (int)failed.StatusCode));
        Assert.EndsWith("It was run, and counts as a read.", problem.Detail, StringComparison.Ordinal);
        var used = (await holder.GetAsync("usage", ApiJson.Wire.Usage)).Lines.Single(a => a.Agreement == agreement);
        Assert.Equal((1, 0, 0), (used.Reads, used.Rows, used.Bytes));
        foreach (var type in (string[])["read-opened", "read-refused"])
        {
            var entry = (await holder.EvidenceAsync(type)).Select(e => e.Body.GetProperty("data"))
                .Last(e => e.GetProperty("agreement").GetString() == agreement);
            Assert.Equal(Bit, entry.GetProperty("query").GetString());
        }

        // The reads that are left are the bits that are left, however many ask at once.
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AskAsync(access, Bit)));
        Assert.Equal([403, 403, 403, 422], answers.Select(a => (int)a.StatusCode).Order());
        await RefusedAsync(await AskAsync(access, Bit), 403, "count-used-up");
        Assert.Empty(Directory.GetFiles(holder.Node.Options.DataFolder, "*.answer", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task An_answer_that_is_too_large_for_the_contract_is_a_read_of_nothing()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await using var peer = await RawPeer.StartAsync();
        var (agreement, access) = await AccessAsync(
            holder, peer, Odrl.Constraint("https://millrace.dev/odrl/rows", "lteq", "1"));
        using var refused = await AskAsync(access, PerPerson);
        Assert.Equal("permission[0].constraint[0]", (await TestNode.ProblemAsync(refused)).Rule);
        var used = (await holder.GetAsync("usage", ApiJson.Wire.Usage)).Lines.Single(a => a.Agreement == agreement);
        Assert.Equal((1, 0, 0), (used.Reads, used.Rows, used.Bytes));
    }

    [Fact]
    public async Task A_refusal_tells_nothing_of_the_answer_that_it_refuses()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await using var peer = await RawPeer.StartAsync();
        var (_, used) = await AccessAsync(holder, peer, Odrl.Count(1));
        (await AskAsync(used, PerPerson)).Dispose();
        var (_, small) = await AccessAsync(
            holder, peer, Odrl.Constraint("https://millrace.dev/odrl/rows", "lteq", "1"));
        foreach (var access in (DataAccess[])[used, small])
        {
            using var refused = await AskAsync(access, PerPerson);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            foreach (var header in (string[])["Millrace-Rows", "Millrace-Read", "Repr-Digest", "ETag"])
                Assert.False(refused.Headers.Contains(header), header);
        }
    }

    [Theory]
    [InlineData("query", 200, 403)]
    [InlineData("download", 403, 200)]
    public async Task A_contract_may_allow_asking_without_downloading(string environment, int asked, int downloaded)
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await using var peer = await RawPeer.StartAsync();
        var (_, access) = await AccessAsync(
            holder, peer, Odrl.Constraint("https://millrace.dev/odrl/environment", "eq", environment));
        using var answer = await AskAsync(access, PerPerson);
        Assert.Equal(asked, (int)answer.StatusCode);
        using var whole = await Http.SendAsync(access.Request(HttpMethod.Get), TestNode.Cancel);
        Assert.Equal(downloaded, (int)whole.StatusCode);
        var refused = asked == 403 ? answer : whole;
        Assert.Equal("permission[0].constraint[0]", (await TestNode.ProblemAsync(refused)).Rule);
    }

    [Fact]
    public async Task Counts_end_and_a_withdrawal_refuses_the_next_question()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await using var peer = await RawPeer.StartAsync();
        var (agreement, access) = await AccessAsync(holder, peer, Odrl.Count(2));
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => AskAsync(access, PerPerson)));
        Assert.Equal(2, answers.Count(a => a.IsSuccessStatusCode));
        foreach (var refused in answers.Where(a => !a.IsSuccessStatusCode))
            Assert.Equal("permission[0].constraint[0]", (await TestNode.ProblemAsync(refused)).Rule);
        await holder.WithdrawAsync(agreement);
        Assert.Equal("withdrawn", (await TestNode.ProblemAsync(await AskAsync(access, PerPerson))).Code);
    }

    [Fact]
    public async Task One_consumer_asks_one_query_at_a_time_and_others_get_their_turn_meanwhile()
    {
        await using var node = await TestNode.StartAsync("sqlite", limits: Limits.Default with
        {
            QueryTimeMax = TimeSpan.FromSeconds(6),
            QueryTurnWait = TimeSpan.Zero,
        });
        var holder = await node.AddAsync("holder");
        await using var greedy = await RawPeer.StartAsync();
        await using var modest = await RawPeer.StartAsync();
        var (_, access) = await AccessAsync(holder, greedy);
        var (_, second) = await AccessAsync(holder, greedy); // Another contract, the same consumer.
        var (_, other) = await AccessAsync(holder, modest);
        var heavy = "SELECT count(*) FROM "
            + string.Join(", ", Enumerable.Range(0, 20).Select(i => $"data t{i}")) + " WHERE t0.id + t19.id > 3";

        List<Task<HttpResponseMessage>> asked =
            [AskAsync(access, heavy), AskAsync(access, heavy), AskAsync(second, heavy)];
        for (var i = 0; i < 2; i++)
        {
            var told = await Task.WhenAny(asked);
            asked.Remove(told);
            await RefusedAsync(await told, 429, "query-busy");
        }
        using var answer = await AskAsync(other, PerPerson);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(asked.Single().IsCompleted);
        await RefusedAsync(await asked.Single(), 422, "query-too-slow");
        using var next = await AskAsync(access, PerPerson);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task Without_the_token_of_the_transfer_there_is_nothing_to_ask()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await using var peer = await RawPeer.StartAsync();
        var (_, access) = await AccessAsync(holder, peer);
        var (_, other) = await AccessAsync(holder, peer);
        using var stranger = await Http.PostAsJsonAsync(
            $"{access.Endpoint}/query", new JsonObject { ["sql"] = PerPerson }, TestNode.Cancel);
        Assert.Equal(401, (int)stranger.StatusCode);
        using var mixed = await AskAsync(access with { Token = other.Token }, PerPerson);
        Assert.Equal(404, (int)mixed.StatusCode);
        using var nothing = await AskAsync(access, null);
        Assert.Equal("bad-json", (await TestNode.ProblemAsync(nothing)).Code);
    }

    [Fact]
    public async Task A_consumer_asks_through_its_own_node_and_both_write_down_the_same()
    {
        var (holder, analyst) = (await nodes.ParticipantAsync("sqlite"), await nodes.ParticipantAsync("postgresql"));
        var agreement = await analyst.AgreeAsync(holder, await holder.PublishAsync(Table));
        var transfer = await analyst.TransferAsync(agreement);
        var path = $"transfers/{transfer.Id}/query?format=jsonl";
        using var answer = await analyst.PostTextAsync(path, new JsonObject { ["sql"] = PerPerson }.ToJsonString());
        Assert.Equal(
            """
            {"who":"alice","n":2,"total":51.75}
            {"who":"bob","n":1,"total":20.25}
            {"who":"carol","n":1,"total":30.75}

            """.ReplaceLineEndings("\n"),
            await answer.Content.ReadAsStringAsync(TestNode.Cancel));
        foreach (var party in (TestParticipant[])[holder, analyst])
        {
            var used = (await party.GetAsync("usage", ApiJson.Wire.Usage)).Lines
                .Single(a => a.Agreement == agreement);
            Assert.Equal((1, 3), (used.Reads, used.Rows));
        }
        using var refused = await analyst.PostTextAsync(path, """{"sql":"SELECT * FROM other"}""");
        var problem = await TestNode.ProblemAsync(refused);
        Assert.Equal(("query-refused", 422), (problem.Code, (int)refused.StatusCode));
    }

    private static async Task<(string Agreement, DataAccess Access)> AccessAsync(
        TestParticipant holder, RawPeer peer, params JsonObject[] terms)
    {
        var id = $"asked-{Interlocked.Increment(ref _products)}";
        var product = await holder.PublishAsync(Table, Odrl.Offer(terms), id);
        var agreement = await peer.AgreeAsync(holder, product);
        return (agreement, await peer.AccessAsync(holder, agreement));
    }

    private static Task<HttpResponseMessage> AskAsync(DataAccess access, string? sql) => Http.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, $"{access.Endpoint}/query?format=csv")
        {
            Headers = { Authorization = new("Bearer", access.Token) },
            Content = JsonContent.Create(sql is null ? new JsonObject() : new JsonObject { ["sql"] = sql }),
        },
        TestNode.Cancel);

    private static async Task RefusedAsync(HttpResponseMessage answer, int status, string code)
    {
        Assert.Equal((status, code), ((int)answer.StatusCode, (await TestNode.ProblemAsync(answer)).Code));
        answer.Dispose();
    }
}
