using System.Text.Json;
using Microsoft.Playwright;
using Millrace.Node.Api;
using Millrace.Protocol;
using Millrace.Protocol.Negotiations;
using Millrace.Protocol.Policies;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Portal;

public sealed class NegotiationPageTests(PortalSite site) : IClassFixture<PortalSite>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_waits_for_a_person_stands_first_and_on_the_overview()
    {
        await using var window = await site.OpenAsync();
        await window.Page.GotoAsync("/portal/transit");
        await window.Page.ClickAsync(".tiles .waits");

        Assert.EndsWith("/portal/transit/negotiations", window.Page.Url, StringComparison.Ordinal);
        var queue = window.Page.Locator("section[aria-labelledby=waiting]");
        await queue.Locator($"a[href*=\"{Uri.EscapeDataString(site.Waiting)}\"]").ClickAsync();
        Assert.Equal("Rides", await window.Page.Locator("h1").InnerTextAsync());
        Assert.Equal(
            ["Agree to these terms", "Offer other terms", "End the negotiation"],
            await window.Page.Locator(".acts a").AllInnerTextsAsync());
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task Nothing_waits_for_who_has_asked()
    {
        var (desk, _) = await site.AskAsync();
        await using var window = await site.OpenAsync();
        await window.Page.GotoAsync("/portal/desk/negotiations");
        var link = $"a[href*=\"{Uri.EscapeDataString(desk)}\"]";
        Assert.Equal(0, await window.Page.Locator($"section[aria-labelledby=waiting] {link}").CountAsync());
        Assert.Equal(1, await window.Page.Locator($"section[aria-labelledby=all] {link}").CountAsync());
    }

    [Fact]
    public async Task A_person_agrees_and_the_other_side_has_the_agreement()
    {
        var (desk, transit) = await site.AskAsync();
        await using var window = await site.OpenAsync();
        await window.Page.GotoAsync($"/portal/transit/negotiations/{Uri.EscapeDataString(transit)}/acts/agree");
        await site.SeenAsync("transit", transit, "REQUESTED"); // Looking is not agreeing.
        await window.Page.ClickAsync("button.main");
        var theirs = await site.SeenAsync("desk", desk, "FINALIZED");
        await window.Page.GotoAsync($"/portal/transit/negotiations/{Uri.EscapeDataString(transit)}");
        await window.Page.ClickAsync("text=To the agreement");
        Assert.EndsWith(
            Uri.EscapeDataString(theirs.Agreement!), window.Page.Url, StringComparison.Ordinal);
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task A_person_takes_each_step_where_the_offer_says_so()
    {
        const string offer = "urn:offer:by-hand";
        await site.PostAsync(
            "participants/transit/products/ridership/offers",
            new { policy = Odrl.Offer(), handling = "manual", id = offer });
        var (desk, transit) = await site.AskAsync(offer: offer);
        await site.PostAsync(
            $"participants/transit/negotiations/{Uri.EscapeDataString(transit)}/acts", new { act = "agree" });
        await site.SeenAsync("transit", transit, "VERIFIED");
        await using var window = await site.OpenAsync();
        await window.Page.GotoAsync($"/portal/transit/negotiations/{Uri.EscapeDataString(transit)}");
        await window.Page.ClickAsync(".acts a >> text=Put the agreement in force");
        await window.Page.ClickAsync("button.main");
        await site.SeenAsync("desk", desk, "FINALIZED");
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task Other_terms_are_shown_as_sentences_before_and_after_they_are_sent()
    {
        var (desk, transit) = await site.AskAsync(manual: true);
        await using var window = await site.OpenAsync();
        var page = window.Page;
        await page.GotoAsync($"/portal/transit/negotiations/{Uri.EscapeDataString(transit)}/acts/offer");
        Assert.Equal("2030-12-31", await page.InputValueAsync("#lastDay"));
        Assert.Equal("3", await page.InputValueAsync("#reads"));
        await page.FillAsync("#reads", "2");
        await page.FillAsync("#amount", "4.50");
        await page.FillAsync("#currency", "eur");
        await page.ClickAsync("#usual button");
        await ChangesAsync(page.Locator(".changes"));
        await site.SeenAsync("transit", transit, "REQUESTED"); // Nothing is sent yet.
        await page.ClickAsync("button.main");

        await site.SeenAsync("desk", desk, "OFFERED");
        await page.GotoAsync($"/portal/desk/negotiations/{Uri.EscapeDataString(desk)}");
        await ChangesAsync(page.Locator(".rounds .changes"));
        Assert.Equal(
            ["Accept this offer", "Ask for other terms", "End the negotiation"],
            await page.Locator(".acts a").AllInnerTextsAsync());
        await page.ClickAsync(".acts a >> text=Accept this offer");
        await page.ClickAsync("button.main");
        await site.SeenAsync("transit", transit, "AGREED");
        Assert.Empty(window.Faults);

        static async Task ChangesAsync(ILocator changes) => Assert.Equal(
            [
                "no longer Condition: at most 3 reads.", "new Condition: at most 2 reads.",
                "new You pay 4.50 EUR for each read; both sides' records are signed.",
            ],
            await changes.Locator("li").AllInnerTextsAsync());
    }

    [Fact]
    public async Task A_consumer_asks_for_other_terms_in_JSON_and_is_told_where_it_is_wrong()
    {
        var (desk, transit) = await site.AskAsync(manual: true);
        await site.PostAsync(
            $"participants/transit/negotiations/{Uri.EscapeDataString(transit)}/acts", new { act = "offer" });
        await site.SeenAsync("desk", desk, "OFFERED");
        await using var window = await site.OpenAsync();
        var page = window.Page;
        await page.GotoAsync($"/portal/desk/negotiations/{Uri.EscapeDataString(desk)}/acts/counter");
        var policy = await page.InputValueAsync("#policy");
        await page.FillAsync("#policy", policy.Replace("\"3\"", "\"9\",", StringComparison.Ordinal));
        await page.ClickAsync("#whole button");
        Assert.Contains(
            "This is not JSON: look at line ", await page.Locator("[role=alert]").InnerTextAsync(),
            StringComparison.Ordinal);
        Assert.Contains("\"9\",", await page.InputValueAsync("#policy"), StringComparison.Ordinal);
        await page.FillAsync("#policy", policy.Replace("\"3\"", "\"9\"", StringComparison.Ordinal));
        await page.ClickAsync("#whole button");
        await page.ClickAsync("button.main");

        await site.SeenAsync("transit", transit, "REQUESTED");
        await page.GotoAsync($"/portal/transit/negotiations/{Uri.EscapeDataString(transit)}");
        Assert.Equal(
            ["no longer Condition: at most 3 reads.", "new Condition: at most 9 reads."],
            await page.Locator(".rounds .card:last-child .changes li").AllInnerTextsAsync());
    }

    [Theory]
    [InlineData(
        "en-GB", "Our written rule decides on each request. The other side does not see it.",
        "If the terms are as offered: agree at once.", "By our rule: agreed to.")]
    [InlineData("zh-CN", "每个请求按我方规则决定，对方看不到该规则。", "如果条款与要约一致：立即同意。", "按我方规则：同意。")]
    public async Task A_written_rule_and_what_it_said_read_as_sentences(
        string language, string handled, string line, string said)
    {
        var id = $"urn:offer:ruled:{language}";
        await site.PostAsync("participants/transit/products/ridership/offers", new
        {
            policy = Odrl.Offer(), id,
            rule = JsonElement.Parse(
                """
                {"lines":[{"when":[{"leftOperand":"mr:request","operator":"eq","rightOperand":"as-offered"}],
                "then":"accept"}]}
                """),
        });
        var (desk, transit) = await site.AskAsync(offer: id);
        await site.SeenAsync("desk", desk, "FINALIZED");
        await using var window = await site.OpenAsync(language);
        await window.Page.GotoAsync("/portal/transit/products/ridership");
        var offer = window.Page.Locator("section[aria-labelledby=offers] article", new() { HasText = id });
        Assert.Contains(handled, await offer.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(line, await offer.Locator("ol li").First.InnerTextAsync());

        await window.Page.GotoAsync($"/portal/transit/negotiations/{Uri.EscapeDataString(transit)}");
        Assert.Equal([said, line], await window.Page.Locator(".rounds .notice p").AllInnerTextsAsync());
        await window.Page.GotoAsync($"/portal/desk/negotiations/{Uri.EscapeDataString(desk)}");
        Assert.Equal(0, await window.Page.Locator(".rounds .notice").CountAsync());
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task A_negotiation_is_ended_with_a_reason_that_the_other_side_reads()
    {
        var (desk, transit) = await site.AskAsync();
        await using var window = await site.OpenAsync();
        await window.Page.GotoAsync($"/portal/transit/negotiations/{Uri.EscapeDataString(transit)}");
        await window.Page.ClickAsync(".acts a >> text=End the negotiation");
        await window.Page.FillAsync("#reason", "We keep these <b>figures</b>.");
        await window.Page.ClickAsync("button.stop");
        Assert.Equal(0, await window.Page.Locator(".acts").CountAsync());

        await site.SeenAsync("desk", desk, "TERMINATED");
        await window.Page.GotoAsync($"/portal/desk/negotiations/{Uri.EscapeDataString(desk)}");
        Assert.Equal(
            "Why it ended: We keep these <b>figures</b>.", await window.Page.Locator("[role=status]").InnerTextAsync());
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task Terms_that_were_not_seen_are_not_accepted()
    {
        var (desk, transit) = await site.AskAsync(manual: true);
        var path = $"participants/transit/negotiations/{Uri.EscapeDataString(transit)}/acts";
        await site.PostAsync(path, new { act = "offer" });
        await site.SeenAsync("desk", desk, "OFFERED");
        await using var window = await site.OpenAsync();
        await window.Page.GotoAsync($"/portal/desk/negotiations/{Uri.EscapeDataString(desk)}/acts/accept");
        await site.PostAsync(
            $"participants/desk/negotiations/{Uri.EscapeDataString(desk)}/acts", new { act = "counter" });
        await site.SeenAsync("transit", transit, "REQUESTED");
        await site.PostAsync(path, new { act = "offer" });
        await site.SeenAsync("desk", desk, "OFFERED");

        await window.Page.ClickAsync("button.main");
        Assert.Contains(
            "Other terms lie on the table by now", await window.Page.Locator("[role=alert]").InnerTextAsync(),
            StringComparison.Ordinal);
        await site.SeenAsync("desk", desk, "OFFERED");
    }

    [Fact]
    public async Task A_step_that_is_not_open_any_more_is_not_taken()
    {
        var (_, transit) = await site.AskAsync();
        await using var window = await site.OpenAsync();
        await window.Page.GotoAsync($"/portal/transit/negotiations/{Uri.EscapeDataString(transit)}/acts/agree");
        await site.PostAsync(
            $"participants/transit/negotiations/{Uri.EscapeDataString(transit)}/acts", new { act = "terminate" });
        await window.Page.ClickAsync("button.main");
        Assert.Contains(
            "went on since you opened the page", await window.Page.Locator("[role=alert]").InnerTextAsync(),
            StringComparison.Ordinal);
        await site.SeenAsync("transit", transit, "TERMINATED");
    }

    [Fact]
    public async Task An_offer_is_asked_for_from_the_catalogue()
    {
        await using var window = await site.OpenAsync();
        await window.Page.GotoAsync("/portal/desk/catalogue?q=rides");
        await window.Page.ClickAsync($"a[href$=\"{Uri.EscapeDataString(PortalSite.AskedOffer)}\"]");
        Assert.Contains(
            "at most 3 reads", await window.Page.Locator(".terms").InnerTextAsync(), StringComparison.Ordinal);
        await window.Page.CheckAsync("[name=manual]");
        await window.Page.ClickAsync("button.main");

        Assert.Contains("/portal/desk/negotiations/urn", window.Page.Url, StringComparison.Ordinal);
        Assert.Equal("requested", await window.Page.Locator("main .badge").First.InnerTextAsync());
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task A_provider_makes_somebody_an_offer_that_waits_for_them()
    {
        await using var window = await site.OpenAsync();
        await window.Page.GotoAsync("/portal/transit/products/wicked");
        await window.Page.ClickAsync("text=Offer this to somebody");
        await window.Page.FillAsync("#to", "the desk");
        await window.Page.ClickAsync("button.main");
        Assert.Equal("the desk", await window.Page.InputValueAsync("#to"));
        Assert.Equal(1, await window.Page.Locator("[role=alert]").CountAsync());
        await window.Page.FillAsync("#to", (await site.GetAsync<Participant>("participants/desk")).Did);
        await window.Page.ClickAsync("button.main");
        Assert.Equal("offered", await window.Page.Locator("main .badge").First.InnerTextAsync());

        var arrived = await Until.SeenAsync(
            async () => (await site.NegotiationsAsync("desk")).Where(n => n.Dataset == "wicked").ToList(),
            offered => offered.Count == 1);
        Assert.True(arrived[0].Waits);
        await window.Page.GotoAsync($"/portal/desk/negotiations/{Uri.EscapeDataString(arrived[0].Id)}/acts/accept");
        await window.Page.ClickAsync("button.main");
        await site.SeenAsync("desk", arrived[0].Id, "FINALIZED");
    }

    [Fact]
    public async Task Foreign_terms_are_accepted_one_by_one_by_a_person_with_a_name()
    {
        await using var stranger = await RawPeer.StartAsync();
        var desk = await site.GetAsync<Participant>("participants/desk");
        await OfferAsync(stranger, desk, new Policy
        {
            Kind = PolicyKind.Offer,
            Id = "urn:offer:foreign",
            Target = "urn:data/foreign",
            Assigner = stranger.Did,
            Permissions =
            [
                new Rule
                {
                    Action = Terms.Use,
                    Constraints =
                    [
                        new AtomicConstraint("urn:elsewhere:Member", Operator.Eq, RightOperand.Of("active")),
                        new AtomicConstraint("urn:elsewhere:Seal", Operator.Eq, RightOperand.Of("gold")),
                    ],
                },
            ],
        });
        await using var window = await site.OpenAsync();
        await window.Page.GotoAsync("/portal/desk/negotiations");
        await window.Page.ClickAsync("section[aria-labelledby=waiting] >> text=urn:data/foreign");
        await window.Page.ClickAsync(".acts a >> text=Accept this offer");
        Assert.Equal(2, await window.Page.Locator("[name=accept]").CountAsync());
        await window.Page.CheckAsync("[name=accept] >> nth=0");
        await window.Page.FillAsync("#person", "Li Wei");
        // A browser without this check in HTML gets the rule's own answer.
        await window.Page.EvalOnSelectorAsync("form.card", "form => form.noValidate = true");
        await window.Page.ClickAsync("button.main");
        Assert.Contains(
            "A person must accept each of them", await window.Page.Locator("[role=alert]").InnerTextAsync(),
            StringComparison.Ordinal);
        await window.Page.CheckAsync("[name=accept] >> nth=0");
        await window.Page.CheckAsync("[name=accept] >> nth=1");
        await window.Page.FillAsync("#person", "Li Wei");
        await window.Page.ClickAsync("button.main");

        await stranger.ReceiveAsync("/events");
        await window.Page.GotoAsync("/portal/desk/evidence");
        Assert.Contains(
            "Li Wei accepted foreign terms", await window.Page.Locator(".entries").InnerTextAsync(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_history_is_told_in_Chinese()
    {
        await using var window = await site.OpenAsync("zh");
        await window.Page.GotoAsync($"/portal/transit/negotiations/{Uri.EscapeDataString(site.Waiting)}");
        Assert.Equal("已请求", await window.Page.Locator("main .badge").First.InnerTextAsync());
        Assert.Equal("第 1 轮，对方提出", await window.Page.Locator(".rounds h3").InnerTextAsync());
        Assert.Contains(
            "最多读取3次", await window.Page.Locator(".rounds .terms").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(
            ["同意这些条款", "提出其他条款", "终止协商"], await window.Page.Locator(".acts a").AllInnerTextsAsync());
    }

    private async Task OfferAsync(RawPeer from, Participant to, Policy offer)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri(site.Node.Address, $"{to.Id}/dsp/2025-1/negotiations/offers"))
        {
            Content = new ByteArrayContent(
                Wire.Write(new ContractOffer(RawReader.NewPid(), null, RawReader.NewPid(), offer, from.Callback))),
        };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Authorization = new("Bearer", from.Token(to.Did));
        using var answer = await http.SendAsync(request, Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }
}
