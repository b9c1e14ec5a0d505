using System.Text;

namespace Millrace.Tests.Portal;

public sealed class ProofPageTests(PortalSite site) : IClassFixture<PortalSite>
{
    [Theory]
    [InlineData("en", "All that was tried was refused.", "a read that it allows")]
    [InlineData("zh", "所有尝试均被拒绝。", "其所允许的读取")]
    public async Task A_holder_tries_what_an_offer_forbids_and_sees_what_came_of_it(
        string language, string verdict, string tried)
    {
        await site.PublishAsync("proved", "Proved rides", "t.csv", Encoding.UTF8.GetBytes("id,rides\n1,10\n2,20\n"));
        await using var window = await site.OpenAsync(language);
        await window.Page.SetViewportSizeAsync(400, 900);
        await window.Page.GotoAsync("/portal/transit/products/proved");
        await window.Page.ClickAsync("form[action$='/proof'] button");

        Assert.Equal(verdict, await window.Page.Locator("main [role=status]").InnerTextAsync());
        await window.Page.ClickAsync("section.card summary >> nth=0");
        var ways = await window.Page.Locator("section.card >> nth=0 >> td code").AllInnerTextsAsync();
        Assert.Equal(["gate", "parquet", "sql", "csv", "jsonl", "arrow", "sharing"], ways.Take(7));
        Assert.Contains(tried, await window.Page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        Assert.True(await window.Page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= 400);
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task An_offer_that_is_not_there_cannot_be_tried()
    {
        await site.PublishAsync("proved", "Proved rides", "t.csv", Encoding.UTF8.GetBytes("id,rides\n1,10\n2,20\n"));
        await using var window = await site.OpenAsync();
        await window.Page.GotoAsync("/portal/transit/products/proved");
        await window.Page.EvaluateAsync("document.querySelector('[name=offer]').value = 'none'");
        var answer = await window.Page.RunAndWaitForResponseAsync(
            () => window.Page.ClickAsync("form[action$='/proof'] button"), "**/proof");
        Assert.Equal(404, answer.Status);
    }
}
