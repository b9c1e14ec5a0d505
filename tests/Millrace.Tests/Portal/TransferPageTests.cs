using System.Net.Http.Json;
using Millrace.Node.Api;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Portal;

public sealed class TransferPageTests(PortalSite site) : IClassFixture<PortalSite>
{
    [Fact]
    public async Task A_consumer_asks_for_access_with_a_purpose_from_the_page_of_the_agreement()
    {
        await using var window = await site.OpenAsync();
        await window.Page.GotoAsync($"/portal/desk/agreements/{Uri.EscapeDataString(site.Agreement)}");
        await window.Page.ClickAsync("text=Ask for access");
        Assert.Equal(site.Agreement, await window.Page.InputValueAsync("#agreement"));
        await window.Page.SelectOptionAsync("#purpose", "operations-planning");
        await window.Page.ClickAsync("form.card button");
        Assert.Contains(
            "A purpose needs the project", await window.Page.Locator("[role=alert]").InnerTextAsync(),
            StringComparison.Ordinal);
        Assert.Equal("operations-planning", await window.Page.InputValueAsync("#purpose"));
        await window.Page.FillAsync("#project", "Weekend service");
        await window.Page.ClickAsync("form.card button");
        await window.Page.WaitForURLAsync("**/transfers/*"); // A page that still loads cannot be loaded again.

        var transfer = Uri.UnescapeDataString(window.Page.Url.Split('/')[^1]);
        Assert.Equal("STARTED", (await SeenAsync(transfer, "STARTED")).State);
        await window.Page.ReloadAsync();
        Assert.Contains(
            "planning of operations", await window.Page.Locator(".facts").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains(
            "grpc+tcp://127.0.0.1:", await window.Page.Locator(".facts").InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agreement_that_has_expired_says_so_and_is_no_choice_for_access()
    {
        var policy = Odrl.Offer(Odrl.Until(new DateTimeOffset(2020, 1, 2, 0, 0, 0, TimeSpan.Zero)));
        (policy["@type"], policy["@id"], policy["target"]) = ("Agreement", "urn:paper:over", "rides");
        (policy["assigner"], policy["assignee"]) = ("did:web:a.example", "did:web:b.example");
        using var imported = await site.Api.PostAsync(
            new Uri("participants/desk/agreements", UriKind.Relative),
            JsonContent.Create(new { role = "consumer", peer = "did:web:a.example", policy }), TestNode.Cancel);
        Assert.True(imported.IsSuccessStatusCode);

        await using var window = await site.OpenAsync("zh");
        await window.Page.GotoAsync("/portal/desk/agreements/urn:paper:over");
        Assert.Equal("已到期", await window.Page.Locator("main .badge").First.InnerTextAsync());
        Assert.Contains(
            "已于 2020-01-02", await window.Page.Locator("[role=status]").InnerTextAsync(), StringComparison.Ordinal);
        await window.Page.GotoAsync("/portal/desk/agreements");
        Assert.Contains("2020-01-02", await window.Page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        await window.Page.GotoAsync("/portal/desk/transfers?agreement=urn:paper:over");
        Assert.Equal(0, await window.Page.Locator("option[value='urn:paper:over']").CountAsync());
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task A_transfer_is_held_with_a_reason_and_resumed()
    {
        var transfer = await StartAsync();
        await using var window = await site.OpenAsync();
        await window.Page.GotoAsync("/portal/desk/transfers");
        await window.Page.ClickAsync($"a[href$=\"{Uri.EscapeDataString(transfer)}\"]");
        await window.Page.ClickAsync(".acts >> text=Hold");
        await window.Page.FillAsync("#reason", "We check the figures.");
        await window.Page.ClickAsync("button.main");
        Assert.Equal(
            "Why it is held: We check the figures.", await window.Page.Locator("[role=status]").InnerTextAsync());
        Assert.Equal("SUSPENDED", (await SeenAsync(transfer, "SUSPENDED")).State);
        Assert.Equal(
            ["Resume", "End the transfer"], await window.Page.Locator(".acts a").AllInnerTextsAsync());
        await window.Page.ClickAsync(".acts a >> text=Resume");
        await window.Page.ClickAsync("button.main");
        Assert.Equal("running", await window.Page.Locator("main .badge").First.InnerTextAsync());
        Assert.Equal("STARTED", (await SeenAsync(transfer, "STARTED")).State);
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task A_transfer_that_has_ended_offers_no_step()
    {
        var transfer = await StartAsync();
        await using var window = await site.OpenAsync("zh");
        await window.Page.GotoAsync($"/portal/desk/transfers/{Uri.EscapeDataString(transfer)}/acts/complete");
        await window.Page.ClickAsync("button.stop");
        Assert.Equal("已完成", await window.Page.Locator("main .badge").First.InnerTextAsync());
        Assert.Equal(0, await window.Page.Locator(".acts").CountAsync());
        Assert.Empty(window.Faults);
    }

    private async Task<string> StartAsync()
    {
        var asked = await site.PostAsync<Transfer>("participants/desk/transfers", new { agreement = site.Agreement });
        return (await SeenAsync(asked.Id, "STARTED")).Id;
    }

    private Task<Transfer> SeenAsync(string transfer, string state) => Until.SeenAsync(
        () => site.GetAsync<Transfer>($"participants/desk/transfers/{Uri.EscapeDataString(transfer)}"),
        t => t.State == state);
}
