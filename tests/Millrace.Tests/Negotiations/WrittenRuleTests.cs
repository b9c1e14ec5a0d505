using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Node.Api;
using Millrace.Protocol.Negotiations;
using Millrace.Tests.Architecture;
using Millrace.Tests.Nodes;
using Negotiation = Millrace.Node.Api.Negotiation;

namespace Millrace.Tests.Negotiations;

/// <summary>A rule of the holder decides on requests, over HTTP between two nodes.</summary>
public sealed class WrittenRuleTests(TwoNodes nodes)
{
    private const string Rule =
        """
        {"lines": [
          {"when": [{"leftOperand": "mr:request", "operator": "eq", "rightOperand": "as-offered"}], "then": "accept"},
          {"when": [{"leftOperand": "mr:request", "operator": "eq", "rightOperand": "other-price"},
                    {"leftOperand": "mr:price", "operator": "gteq", "rightOperand": "80 CNY per agreement"}],
           "then": "accept"},
          {"when": [{"leftOperand": "mr:price", "operator": "lt", "rightOperand": "50 CNY per agreement"}],
           "then": {"refuse": "That is too little for what it costs us."}}]}
        """;

    private static readonly JsonObject _offer = Odrl.Priced(Odrl.Offer(), "100");

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_request_as_offered_is_agreed_to_by_the_line_that_says_so(string database)
    {
        var (holder, reader, product) = await PublishedAsync(database);
        var ended = await reader.NegotiateAsync(holder.Did, product.Id, product.Offers[0].Id);
        Assert.Equal("FINALIZED", ended.State);

        var ours = await OnlyAsync(holder);
        Assert.False(ours.Waits);
        var round = Assert.Single(await RoundsAsync(holder, ours.Id));
        Assert.Equal(("accept", "lines[0]"), (round.Decision!.Outcome, round.Decision.Line));
        Assert.Null(round.Decision.Reason);
        Assert.Equal("If the terms are as offered: agree at once.", round.Decision.Text);
        Assert.Equal("如果条款与要约一致：立即同意。", round.Decision.TextZh);
        await LoggedAsync(holder, ours.Id, "accept", "lines[0]");

        // It is the holder's own: who asked sees nothing of it, and logs nothing.
        Assert.All(await RoundsAsync(reader, ended.Id), r => Assert.Null(r.Decision));
        Assert.Empty(await reader.EvidenceAsync("request-decided"));
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Another_price_is_agreed_to_down_to_the_floor(string database)
    {
        var (holder, reader, product) = await PublishedAsync(database);
        var ended = await reader.NegotiateAsync(
            holder.Did, product.Id, product.Offers[0].Id, Terms(Odrl.Priced(Odrl.Offer(), "80")));
        Assert.Equal("FINALIZED", ended.State);
        var agreement = await holder.AgreementAsync(ended.Agreement!);
        Assert.Contains(agreement.Terms, t => t.Text.Contains("80 CNY", StringComparison.Ordinal));
        await LoggedAsync(holder, (await OnlyAsync(holder)).Id, "accept", "lines[1]");
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_refusal_ends_it_with_the_reason_of_the_rule(string database)
    {
        var (holder, reader, product) = await PublishedAsync(database);
        var ended = await reader.NegotiateAsync(
            holder.Did, product.Id, product.Offers[0].Id, Terms(Odrl.Priced(Odrl.Offer(), "49.99")));
        Assert.Equal("TERMINATED", ended.State);
        Assert.Equal(
            ("refused-by-rule", "That is too little for what it costs us."),
            (ended.Refusal!.Code, ended.Refusal.Reason));
        var ours = await OnlyAsync(holder);
        Assert.Equal("TERMINATED", ours.State);
        var decision = (await RoundsAsync(holder, ours.Id))[0].Decision!;
        Assert.Equal(("refuse", "lines[2]"), (decision.Outcome, decision.Line));
        var entry = await LoggedAsync(holder, ours.Id, "refuse", "lines[2]");
        Assert.Equal("That is too little for what it costs us.", (string?)entry["reason"]);
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task What_no_line_names_waits_for_a_person(string database)
    {
        var (holder, reader, product) = await PublishedAsync(database);
        var asked = await AskAsync(reader, holder, product, Odrl.Priced(Odrl.Offer(Odrl.Count(3)), "100"));
        var ours = await SeenAsync(holder, n => n.Waits);
        Assert.Equal((false, "REQUESTED"), (ours.Manual, ours.State));
        await LoggedAsync(holder, ours.Id, "ask", "otherwise");

        await ActAsync(holder, ours.Id, new NegotiationAct("agree"));
        var ended = await reader.GetAsync($"negotiations/{asked.Id}?wait=60", ApiJson.Wire.Negotiation);
        Assert.Equal("FINALIZED", ended.State);
    }

    [Theory]
    [InlineData("sqlite", "85", "FINALIZED", "accept", "lines[1]")]
    [InlineData("postgresql", "85", "FINALIZED", "accept", "lines[1]")]
    [InlineData("sqlite", "100", "FINALIZED", "accept", "lines[0]")]
    [InlineData("postgresql", "100", "FINALIZED", "accept", "lines[0]")]
    [InlineData("sqlite", "20", "TERMINATED", "refuse", "lines[2]")]
    [InlineData("postgresql", "20", "TERMINATED", "refuse", "lines[2]")]
    [InlineData("sqlite", "60", "REQUESTED", "ask", "otherwise")]
    [InlineData("postgresql", "60", "REQUESTED", "ask", "otherwise")]
    public async Task A_counter_offer_is_decided_by_the_same_rule(
        string database, string price, string state, string outcome, string line)
    {
        var (holder, reader, product) = await PublishedAsync(database);
        var asked = await AskAsync(reader, holder, product, Odrl.Priced(Odrl.Offer(), "70"), manual: true);
        var ours = await SeenAsync(holder, n => n.Waits);
        await ActAsync(holder, ours.Id, new NegotiationAct("offer", Terms(Odrl.Priced(Odrl.Offer(), "95"))));
        await SeenAsync(reader, n => n.State == "OFFERED");
        await ActAsync(reader, asked.Id, new NegotiationAct("counter", Terms(Odrl.Priced(Odrl.Offer(), price))));
        if (outcome == "accept")
        {
            await SeenAsync(reader, n => n.State == "AGREED");
            await ActAsync(reader, asked.Id, new NegotiationAct("verify"));
        }
        await SeenAsync(holder, n => n.State == state);

        var rounds = await RoundsAsync(holder, ours.Id);
        Assert.Equal(["ask", null, outcome], rounds.Select(r => r.Decision?.Outcome));
        Assert.Equal(line, rounds[2].Decision!.Line);
        Assert.Equal(outcome == "ask", (await OnlyAsync(holder)).Waits);
        var entries = await holder.EvidenceAsync("request-decided");
        Assert.Equal([1, 3], entries.Select(e => (int)Data(e)["round"]!));
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_counter_offer_to_an_offer_of_ours_is_decided_too(string database)
    {
        var (holder, reader, product) = await PublishedAsync(database);
        await holder.PostAsync(
            "negotiations/offers", new OfferToDraft(reader.Did, product.Id, product.Offers[0].Id),
            ApiJson.Wire.OfferToDraft, ApiJson.Wire.Negotiation);
        var arrived = await SeenAsync(reader, n => n.State == "OFFERED");
        await ActAsync(
            reader, arrived.Id, new NegotiationAct("counter", Terms(Odrl.Priced(Odrl.Offer(), "90"))));
        await SeenAsync(reader, n => n.State == "FINALIZED");
        var rounds = await RoundsAsync(holder, (await OnlyAsync(holder)).Id);
        Assert.Equal([null, "accept"], rounds.Select(r => r.Decision?.Outcome));
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task The_other_side_is_told_nothing_but_the_reason(string database)
    {
        var (holder, _, product) = await PublishedAsync(database);
        await using var peer = await RawPeer.StartAsync();
        using (var catalogue = await peer.GetAsync(holder, $"catalog/datasets/{product.Id}"))
        {
            var body = await catalogue.Content.ReadAsStringAsync(TestNode.Cancel);
            Assert.Contains(product.Offers[0].Id, body, StringComparison.Ordinal);
            Private(body);
        }
        var offer = product.Offer();
        var opening = peer.Opening(offer with { Obligations = [] });
        using var answer = await peer.PostAsync(holder, "negotiations/request", opening);
        Assert.Equal(NegotiationState.Requested, (await RawPeer.ReadAsync<NegotiationStatus>(answer)).State);
        var sent = await peer.ReceiveAsync("/termination");
        var ended = sent.Read<NegotiationEnded>();
        Assert.Equal("refused-by-rule", ended.Code);
        Assert.Equal(["That is too little for what it costs us."], ended.Reasons);
        Private(Encoding.UTF8.GetString(sent.Body));

        static void Private(string body)
        {
            foreach (var word in new[] { "handling", "lines", "80 CNY", "otherwise", "as-offered" })
                Assert.DoesNotContain(word, body, StringComparison.Ordinal);
        }
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_repeated_request_is_decided_once(string database)
    {
        var (holder, _, product) = await PublishedAsync(database);
        await using var peer = await RawPeer.StartAsync();
        var opening = peer.Opening(product.Offer());
        for (var i = 0; i < 2; i++)
        {
            using var answer = await peer.PostAsync(holder, "negotiations/request", opening);
            Assert.True(answer.IsSuccessStatusCode);
        }
        await peer.ReceiveAsync("/agreement");
        Assert.Single(await holder.EvidenceAsync("request-decided"));
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task The_holder_reads_the_rule_back_as_written_and_as_sentences(string database)
    {
        var holder = await nodes.ParticipantAsync(database);
        var product = await holder.PublishAsync("id\n1\n");
        var added = await holder.PostAsync(
            $"products/{product.Id}/offers", new OfferDraft(Terms(_offer), Rule: JsonElement.Parse(Rule)),
            ApiJson.Wire.OfferDraft, ApiJson.Wire.OfferInfo);
        var shown = (await holder.GetAsync($"products/{product.Id}", ApiJson.Wire.Product)).Offers[1];
        foreach (var offer in new[] { added, shown })
        {
            Assert.Equal("rule", offer.Handling);
            Assert.Equal(3, offer.Rule!.Value.GetProperty("lines").GetArrayLength());
            Assert.Equal("ask", offer.Rule.Value.GetProperty("otherwise").GetString());
            Assert.Equal(
                ["lines[0]", "lines[1]", "lines[2]", "otherwise"], offer.RuleLines!.Select(l => l.Path));
            Assert.Equal(
                "If nothing but the price differs from the offer, and the price is at least 80 CNY per agreement: "
                + "agree at once.",
                offer.RuleLines![1].Text);
        }
        var entries = (await holder.EvidenceAsync("offer-published")).Select(Data).ToList();
        Assert.Equal(["Accept", "Rule"], entries.Select(e => (string?)e["handling"]));
        Assert.Equal([false, true], entries.Select(e => e["rule"] is not null));
    }

    [Theory]
    [InlineData("""{"lines":[{"when":[],"then":"maybe"}]}""", null, "bad-rule", "lines[0].then")]
    [InlineData(
        """{"lines":[{"when":[{"leftOperand":"odrl:count","operator":"lt","rightOperand":"9"}],"then":"ask"}]}""", null,
        "unknown-term", "lines[0].when[0]")]
    [InlineData(
        """
        {"lines":[{"when":[{"leftOperand":"mr:request","operator":"eq","rightOperand":"other-price"}],"then":"accept"}]}
        """,
        "rule", "no-floor", "lines[0].when")]
    [InlineData(Rule, "ask", "bad-handling", null)]
    [InlineData(Rule, "accept", "bad-handling", null)]
    [InlineData(null, "rule", "bad-handling", "rule")]
    [InlineData(null, "sell", "bad-handling", null)]
    [InlineData("[]", null, "bad-rule", "")]
    public async Task A_rule_that_is_none_is_refused_and_nothing_is_published(
        string? rule, string? handling, string code, string? path)
    {
        var holder = await nodes.ParticipantAsync("sqlite");
        var json = rule is null ? (JsonElement?)null : JsonElement.Parse(rule);
        using var answer = await holder.UploadAsync(
            new ProductDraft("trips", Offer: Terms(_offer), Handling: handling, Rule: json),
            ("table.csv", "id\n1\n"u8.ToArray()));
        var problem = await TestNode.ProblemAsync(answer);
        Assert.Equal((400, code, path), ((int)answer.StatusCode, problem.Code, problem.Rule));
        Assert.Empty(await holder.GetAsync("products", ApiJson.Wire.IReadOnlyListProduct));

        await holder.PublishAsync("id\n1\n");
        using var added = await holder.PostAsync(
            "products/trips/offers",
            JsonContent(new OfferDraft(Terms(_offer), handling, Rule: json)));
        Assert.Equal((code, path), ((await TestNode.ProblemAsync(added)).Code, problem.Rule));
        Assert.Single((await holder.GetAsync("products/trips", ApiJson.Wire.Product)).Offers);
    }

    [Fact]
    public async Task The_rule_in_the_guide_can_be_published()
    {
        var guide = SourceTree.Get("docs/guide/requests.md").Text;
        var rule = guide.Split("```json\n")[1].Split("```")[0];
        var holder = await nodes.ParticipantAsync("sqlite");
        using var answer = await holder.UploadAsync(
            new ProductDraft("trips", Offer: Terms(_offer), Rule: JsonElement.Parse(rule)),
            ("table.csv", "id\n1\n"u8.ToArray()));
        Assert.Equal(4, (await TestNode.ReadAsync(answer, ApiJson.Wire.Product)).Offers[0].RuleLines!.Count);
    }

    private static StringContent JsonContent(OfferDraft draft) => new(
        JsonSerializer.Serialize(draft, ApiJson.Wire.OfferDraft), Encoding.UTF8, "application/json");

    private static JsonElement Terms(JsonObject offer) => JsonElement.Parse(offer.ToJsonString());

    private async Task<(TestParticipant Holder, TestParticipant Reader, Product Product)> PublishedAsync(
        string database)
    {
        var (holder, reader) = (await nodes.ParticipantAsync(database), await nodes.AcrossAsync(database));
        using var answer = await holder.UploadAsync(
            new ProductDraft("trips", Offer: Terms(_offer), Rule: JsonElement.Parse(Rule)),
            ("table.csv", "id\n1\n"u8.ToArray()));
        return (holder, reader, await TestNode.ReadAsync(answer, ApiJson.Wire.Product));
    }

    private static Task<Negotiation> AskAsync(
        TestParticipant reader, TestParticipant holder, Product product, JsonObject terms, bool manual = false) =>
        reader.PostAsync(
            "negotiations",
            new NegotiationDraft(holder.Did, product.Id, product.Offers[0].Id, Terms(terms), Manual: manual),
            ApiJson.Wire.NegotiationDraft, ApiJson.Wire.Negotiation);

    private static Task<Negotiation> ActAsync(TestParticipant who, string pid, NegotiationAct act) => who.PostAsync(
        $"negotiations/{pid}/acts", act, ApiJson.Wire.NegotiationAct, ApiJson.Wire.Negotiation);

    private static Task<IReadOnlyList<NegotiationRound>> RoundsAsync(TestParticipant who, string pid) =>
        who.GetAsync($"negotiations/{pid}/rounds", ApiJson.Wire.IReadOnlyListNegotiationRound);

    private static Task<Negotiation> OnlyAsync(TestParticipant who) => SeenAsync(who, _ => true);

    private static async Task<Negotiation> SeenAsync(TestParticipant who, Func<Negotiation, bool> right) =>
        (await Until.SeenAsync(
            () => who.GetAsync("negotiations", ApiJson.Wire.IReadOnlyListNegotiation),
            all => all is [var one] && right(one)))[0];

    /// <summary>The only decision in the log, with what it was made on.</summary>
    private static async Task<JsonObject> LoggedAsync(
        TestParticipant holder, string negotiation, string outcome, string line)
    {
        var data = Data(Assert.Single(await holder.EvidenceAsync("request-decided")));
        Assert.Equal(
            (negotiation, outcome, line, 1),
            ((string?)data["negotiation"], (string?)data["outcome"], (string?)data["line"], (int)data["round"]!));
        var published = Data(Assert.Single(await holder.EvidenceAsync("offer-published")));
        Assert.Equal((string?)published["rule"], (string?)data["rule"]);
        Assert.Equal(64, ((string)data["terms"]!).Length);
        return data;
    }

    private static JsonObject Data(EvidenceEntry entry) => JsonObject.Create(entry.Body)!["data"]!.AsObject();
}
