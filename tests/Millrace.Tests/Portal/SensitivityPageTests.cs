using Millrace.Node.Api;

namespace Millrace.Tests.Portal;

public sealed class SensitivityPageTests(PortalSite site) : IClassFixture<PortalSite>
{
    [Fact]
    public async Task A_person_decides_on_the_level_of_a_column()
    {
        await using var window = await site.OpenAsync();
        await window.Page.GotoAsync(site.Fill("/portal/transit/products/callers"));
        var row = window.Page.Locator("tr", new() { HasText = "Chinese mobile number" });
        Assert.Contains("very likely 2 of 2 cells", await row.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal("hash", await row.Locator("td:nth-child(3) code").InnerTextAsync());

        await window.Page.Locator("summary", new() { HasText = "Decide on the level" }).ClickAsync();
        await window.Page.SelectOptionAsync("#column", "asked");
        await window.Page.SelectOptionAsync("#level", "4");
        await window.Page.FillAsync("#person", "A. Lin");
        await window.Page.FillAsync("#reason", "What callers ask is private.");
        await window.Page.Locator("form[action$=classification] button").ClickAsync();

        row = window.Page.Locator("tr", new() { HasText = "What callers ask is private." });
        Assert.Equal("4", await row.Locator("td.number").InnerTextAsync());
        Assert.Equal("hash", await row.Locator("td:nth-child(3) code").InnerTextAsync());
    }

    [Fact]
    public async Task No_value_of_a_sensitive_column_is_shown_until_a_person_decides()
    {
        await site.PublishAsync(
            "drivers", "Drivers", "drivers.csv", "phone,town\n13800138000,Xian\n13900139000,Wuhan\n"u8.ToArray());
        await using var window = await site.OpenAsync();
        var column = window.Page.Locator("article.column", new() { HasText = "phone" });
        await window.Page.GotoAsync("/portal/transit/products/drivers");
        Assert.Contains("Xian", await window.Page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("Values are withheld", await column.InnerTextAsync(), StringComparison.Ordinal);
        Assert.DoesNotMatch("13[,.]?[89]00", await window.Page.ContentAsync());

        await site.PostAsync(
            "participants/transit/products/drivers/classification",
            new LevelDraft("phone", 1, "A. Lin", "Phones of depots."));
        await window.Page.ReloadAsync();
        Assert.Contains("13,900,139,000", await column.InnerTextAsync(), StringComparison.Ordinal);
    }
}
