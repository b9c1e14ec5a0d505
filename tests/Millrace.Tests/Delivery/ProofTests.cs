using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Engine.Delivery;
using Millrace.Node.Api;
using Millrace.Node.Commands;
using Millrace.Protocol.Policies;
using Millrace.Tests.Commands;
using Millrace.Tests.Nodes;
using Millrace.Tests.Supply;

namespace Millrace.Tests.Delivery;

/// <summary>Proved clauses: forbidden reads are tried on the real product before anything is signed.</summary>
public sealed class ProofTests(TwoNodes nodes)
{
    private const string Table = "id,name,card,amount\n1,Ada,4711,12.5\n2,Bob,4712,99.1\n3,Eve,4713,7\n";

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Each_clause_comes_back_with_what_was_tried_against_it(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        var offer = Odrl.Offer(
            Odrl.Purpose("research"), Odrl.Count(2), Odrl.Within("P1Y"),
            Odrl.Columns("id", "name", "card"), Odrl.Mask("name", "first:1"), Odrl.Mask("card", "hash"),
            Odrl.Constraint("https://millrace.dev/odrl/row/id", "isAnyOf", new JsonArray("1", "3")));
        offer["prohibition"] = new JsonArray(new JsonObject { ["action"] = "odrl:distribute" });
        await holder.PublishAsync(Table, offer);
        var proof = await ProveAsync(holder, new ProofDraft());

        Assert.True(proof.Held, Broken(proof));
        var tried = proof.Clauses.ToDictionary(c => c.Term.Path, c => (c.Status, c.Attempts.Count));
        // A read that it allows, the columns by six ways, and the hidden one by its name.
        Assert.Equal(("held", 8), tried["permission[0]"]);
        Assert.Contains(
            proof.Clauses.Single(c => c.Term.Path == "permission[0]").Attempts,
            a => a is { What: "to ask for amount", Channel: "sql", Held: true, Result: "query-failed" });
        Assert.Equal(("held", 15), tried["permission[0].constraint[0]"]); // No purpose, and 14 of 17 others.
        Assert.Equal(("held", 1), tried["permission[0].constraint[1]"]);
        Assert.Equal(("held", 1), tried["permission[0].constraint[2]"]);
        Assert.All([3, 4, 5, 6], i => Assert.Equal(("held", 6), tried[$"permission[0].constraint[{i}]"]));
        Assert.Equal(("not-tried", 0), tried["prohibition[0]"]);
        Assert.Equal("legal", proof.Clauses[^1].Term.Reach);
        var rows = proof.Clauses.Single(c => c.Term.Path == "permission[0].constraint[6]").Attempts;
        Assert.Equal(
            [
                "parquet: 2 rows, 2 are allowed, 0 of them not allowed",
                "sql: 2 rows, 2 are allowed, 0 of them not allowed", "csv: 2 rows, 2 are allowed",
                "jsonl: 2 rows, 2 are allowed", "arrow: 2 rows, 2 are allowed, 0 of them not allowed",
                "sharing: 2 rows, 2 are allowed, 0 of them not allowed",
            ],
            rows.Select(a => $"{a.Channel}: {a.Result}"));
        Assert.Equal(
            "0 of 2 cells are unmasked",
            proof.Clauses.Single(c => c.Term.Path == "permission[0].constraint[5]").Attempts[0].Result);

        // Nothing was signed, counted or read; that it was tried is logged.
        Assert.Empty(await holder.GetAsync("agreements", ApiJson.Wire.IReadOnlyListAgreement));
        Assert.DoesNotContain(await holder.EvidenceAsync(), e => e.Type.StartsWith("read-", StringComparison.Ordinal));
        var entry = Assert.Single(await holder.EvidenceAsync("clauses-proved")).Body.GetProperty("data");
        Assert.Equal(8 + 15 + 1 + 1 + (4 * 6), entry.GetProperty("attempts").GetInt32());
        Assert.True(entry.GetProperty("held").GetBoolean());
    }

    [Fact]
    public async Task Of_a_query_its_table_is_asked_for_and_of_a_collection_a_file_that_is_left_out()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        using var asked = await holder.UploadAsync(
            new ProductDraft(
                "trips", Offer: JsonElement.Parse(Odrl.Offer(Odrl.Mask("name", "first:1")).ToJsonString()),
                Query: JsonElement.Parse("""{"sql":"SELECT name, count(*) AS n FROM data GROUP BY name"}""")),
            ("t.csv", Encoding.UTF8.GetBytes(Table)));
        await TestNode.ReadAsync(asked, ApiJson.Wire.Product);
        var query = await ProveAsync(holder, new ProofDraft());
        Assert.True(query.Held, Broken(query));
        Assert.Equal(
            ["gate: a read that it allows: allowed", "gate: to read the table itself: only-calls"],
            query.Clauses[0].Attempts.Take(2).Select(a => $"{a.Channel}: {a.What}: {a.Result}"));
        Assert.Equal(["call"], query.Clauses[1].Attempts.Select(a => a.Channel));

        var other = await nodes.ParticipantAsync("sqlite");
        using var files = await other.UploadAsync(
            new ProductDraft(
                "trips", Offer: JsonElement.Parse(Odrl.Offer(Odrl.Row("path", "a.txt")).ToJsonString()), Kind: "files"),
            ("a.txt", [1]), ("b.txt", [2]));
        await TestNode.ReadAsync(files, ApiJson.Wire.Product);
        var collection = await ProveAsync(other, new ProofDraft());
        Assert.True(collection.Held, Broken(collection));
        Assert.Contains(
            collection.Clauses[0].Attempts,
            a => a is { What: "to get a file that is left out", Channel: "files", Result: "not-found" });
    }

    [Fact]
    public async Task Terms_that_nobody_offers_yet_are_proved_too_and_what_nobody_can_use_is_told()
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        await holder.PublishAsync(Table);
        var over = Odrl.Offer(Odrl.Until(new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        var proof = await ProveAsync(holder, new ProofDraft(JsonElement.Parse(over.ToJsonString())));
        Assert.False(proof.Held);
        var clause = Assert.Single(proof.Clauses, c => c.Status == "broken");
        Assert.Equal(("permission[0]", "expired"), (clause.Term.Path, Assert.Single(clause.Attempts).Result));

        var unknown = Odrl.Offer(Odrl.Columns("nobody"));
        using var refused = await holder.PostTextAsync(
            "products/trips/proof", new JsonObject { ["policy"] = unknown }.ToJsonString());
        Assert.Equal("unknown-column", (await TestNode.ProblemAsync(refused)).Code);
        using var none = await holder.PostTextAsync("products/trips/proof", """{"offer":"none"}""");
        Assert.Equal("not-found", (await TestNode.ProblemAsync(none)).Code);
    }

    /// <summary>The twin: an inspection that could find nothing would prove nothing.</summary>
    [Theory]
    [InlineData(ViewFormat.Parquet)]
    [InlineData(ViewFormat.SnappyParquet)]
    [InlineData(ViewFormat.Csv)]
    [InlineData(ViewFormat.JsonLines)]
    [InlineData(ViewFormat.Arrow)]
    public async Task A_view_that_shows_too_much_is_found_out(ViewFormat format)
    {
        using var work = new Workshop();
        var schema = (await work.ImportText(Table)).Schema;
        var (duck, path) = (work.Duck, work.At("out.parquet"));
        var whole = new AccessPlan(schema, [.. schema.Columns.Select(c => new PlanColumn(c.Name, c.Type))]);
        await new GovernedView(duck).BuildAsync([path], whole, [], format, work.At("view"), Workshop.Cancel);
        var plan = new AccessPlan(
            schema,
            [
                new("id", ColumnType.Integer), new("name", ColumnType.Text, Mask.Parse("first:1")),
                new("card", ColumnType.Integer, Mask.Parse("hash")),
            ],
            new RowComparison("id", ColumnType.Integer, Operator.Lt, ["3"]));
        var found = await new ViewInspection(duck).InspectAsync(
            [path], work.At("view"), format, plan, Workshop.Cancel);
        Assert.Equal(["id", "name", "card", "amount"], found.Columns);
        Assert.Equal((3, 2), (found.Rows, found.RowsAllowed));
        Assert.Equal(format is ViewFormat.Csv or ViewFormat.JsonLines ? null : 1, found.Strays);
        Assert.Equal((3, 3), (found.Unmasked["name"], found.Unmasked["card"]));
    }

    [Theory]
    [InlineData(ViewFormat.Parquet)]
    [InlineData(ViewFormat.Arrow)]
    public async Task A_view_without_rows_still_tells_its_columns(ViewFormat format)
    {
        using var work = new Workshop();
        var schema = (await work.ImportText(Table)).Schema;
        var nothing = new AccessPlan(
            schema, [.. schema.Columns.Select(c => new PlanColumn(c.Name, c.Type))],
            new RowComparison("id", ColumnType.Integer, Operator.Lt, ["0"]));
        await new GovernedView(work.Duck).BuildAsync(
            [work.At("out.parquet")], nothing, [], format, work.At("view"), Workshop.Cancel);
        var found = await new ViewInspection(work.Duck).InspectAsync(
            [work.At("out.parquet")], work.At("view"), format, nothing, Workshop.Cancel);
        Assert.Equal(["id", "name", "card", "amount"], found.Columns);
        Assert.Equal((0, 0), (found.Rows, found.RowsAllowed));
    }

    [Fact]
    public async Task The_command_writes_the_draft_with_all_results_and_ends_with_one_where_something_got_through()
    {
        await using var node = await FakeNode.StartAsync(TestNode.Cancel, "me");
        const string term = """{"path":"permission[0]","text":"You may.","textZh":"可。","reach":"provider"}""";
        string Answer(bool held) =>
            $$"""
            {"product":"rides","version":3,"terms":"ab12","at":"2026-01-02T03:04:05Z",
             "held":{{(held ? "true" : "false")}},"policy":{},
             "clauses":[{"term":{{term}},"status":"{{(held ? "held" : "broken")}}","attempts":[
               {"what":"for marketing","whatZh":"用于市场营销","channel":"gate","held":{{(held ? "true" : "false")}},
                "result":"{{(held ? "wrong-purpose" : "allowed")}}"}]}]}
            """;
        node.Gives("POST /api/v1/participants/me/products/rides/proof", Answer(true));
        var file = node.InFolder("proof.json");
        var good = await CommandRunner.RunAsync(node, "policy", "prove", "rides", "-o", file);
        Assert.Equal(ExitCode.Done, good.ExitCode);
        Assert.StartsWith("All that was tried was refused.", good.Output, StringComparison.Ordinal);
        Assert.Equal(Answer(true) + "\n", await File.ReadAllTextAsync(file, TestNode.Cancel));

        node.Gives("POST /api/v1/participants/me/products/rides/proof", Answer(false));
        var bad = await CommandRunner.RunAsync(node, "policy", "prove", "rides");
        Assert.Equal(ExitCode.Refused, bad.ExitCode);
        Assert.Contains("permission[0]: for marketing by gate: allowed", bad.Output, StringComparison.Ordinal);
    }

    private static Task<Proof> ProveAsync(TestParticipant holder, ProofDraft draft) =>
        holder.PostAsync("products/trips/proof", draft, ApiJson.Wire.ProofDraft, ApiJson.Wire.Proof);

    private static string Broken(Proof proof) => string.Join("; ", proof.Clauses.SelectMany(c =>
        c.Attempts.Where(a => !a.Held).Select(a => $"{c.Term.Path} {a.What} {a.Channel}: {a.Result}")));
}
