using System.Text;
using Millrace.Node.Api;
using Millrace.Node.Portal;

namespace Millrace.Tests.Portal;

public sealed class CallPageTests(PortalSite site) : IClassFixture<PortalSite>
{
    private const string Table =
        """"
        station,day,rides
        "Clark, ""West""",2001-01-01,10
        "Clark, ""West""",2001-01-02,20
        <b>Lake</b>,2001-01-01,5
        <b>Lake</b>,2001-01-03,6
        Adams,2001-01-01,99

        """";

    private const string Query =
        """
        {"sql":["SELECT station, count(*) AS n, sum(rides) AS rides FROM data",
          "WHERE day <= $until AND (station = $station OR $station = 'all') AND (NOT $large OR rides > $least)",
          "GROUP BY station ORDER BY station"],
         "minGroup":2,
         "parameters":[
          {"name":"station","type":"text","lengthMax":20,"pattern":"[^;]+","default":"all","description":"The station"},
          {"name":"until","type":"date","min":"2001-01-01","max":"2030-12-31"},
          {"name":"large","type":"boolean","default":false},
          {"name":"least","type":"integer","min":0,"max":100,"default":7}]}
        """;

    private static int _products;

    [Fact]
    public async Task A_consumer_calls_a_query_on_the_page_of_its_agreement_and_downloads_the_answer()
    {
        var agreement = await AgreeAsync();
        await using var window = await site.OpenAsync();
        await window.Page.GotoAsync($"/portal/desk/agreements/{Uri.EscapeDataString(agreement)}");
        Assert.Equal(0, await window.Page.Locator("text=Ask for access").CountAsync());
        Assert.Equal("all", await window.Page.InputValueAsync("#value-station"));
        await window.Page.FillAsync("#value-until", "2001-12-31");
        await window.Page.ClickAsync("form.card button");

        Assert.Equal(
            [["<b>Lake</b>", "2", "11"], ["Clark, \"West\"", "2", "30"]],
            await RowsAsync(window));
        Assert.Equal("2001-12-31", await window.Page.InputValueAsync("#value-until"));
        var download = await window.Page.RunAndWaitForDownloadAsync(
            () => window.Page.ClickAsync("text=Download as CSV"));
        Assert.Equal("answer.csv", download.SuggestedFilename);
        Assert.Equal(
            "station,n,rides\r\n<b>Lake</b>,2,11\r\n\"Clark, \"\"West\"\"\",2,30\r\n",
            await File.ReadAllTextAsync(await download.PathAsync(), PortalSite.Cancel));
        // To download is no second call.
        var used = await site.GetAsync<Agreement>($"participants/desk/agreements/{Uri.EscapeDataString(agreement)}");
        Assert.Equal((1, 2), (used.Reads, used.Rows));

        await window.Page.SelectOptionAsync("#value-large", "true");
        await window.Page.FillAsync("#value-least", "9");
        await window.Page.ClickAsync("form.card button");
        Assert.Equal([["Clark, \"West\"", "2", "30"]], await RowsAsync(window));
        await window.Page.FillAsync("#value-station", "none");
        await window.Page.ClickAsync("form.card button");
        Assert.Contains(
            "The answer has no rows.", await window.Page.Locator("[role=status]").AllInnerTextsAsync());
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task A_value_out_of_bounds_is_refused_in_the_language_of_the_reader()
    {
        var agreement = await AgreeAsync();
        await using var window = await site.OpenAsync("zh");
        await window.Page.GotoAsync($"/portal/desk/agreements/{Uri.EscapeDataString(agreement)}");
        // As a program that does not keep to the form.
        await window.Page.EvaluateAsync(
            "document.querySelectorAll('form.card input').forEach(i => { i.removeAttribute('pattern');"
            + "i.removeAttribute('required'); i.removeAttribute('min'); })");
        await window.Page.FillAsync("#value-until", "1999-01-01");
        await window.Page.ClickAsync("form.card button");
        Assert.Contains(
            "参数值超出范围", await window.Page.Locator("[role=alert]").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal("1999-01-01", await window.Page.InputValueAsync("#value-until"));
        var used = await site.GetAsync<Agreement>($"participants/desk/agreements/{Uri.EscapeDataString(agreement)}");
        Assert.Equal(0, used.Reads);
    }

    [Theory]
    [InlineData("en", "at most 20 characters")]
    [InlineData("zh", "最多 20 个字符")]
    public async Task The_pages_of_holder_and_catalogue_say_how_it_is_called(string language, string says)
    {
        await AgreeAsync();
        await using var window = await site.OpenAsync(language);
        foreach (var (path, isHolder) in new[]
        {
            ($"/portal/transit/products/{Product}", true), ("/portal/desk/catalogue?q=called", false),
        })
        {
            await window.Page.SetViewportSizeAsync(400, 900);
            await window.Page.GotoAsync(path);
            var text = await window.Page.Locator("main").InnerTextAsync();
            Assert.Contains(says, text, StringComparison.Ordinal);
            Assert.Equal(isHolder, text.Contains("SELECT station", StringComparison.Ordinal));
            Assert.True(await window.Page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= 400, path);
        }
        Assert.Empty(window.Faults);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("a,b\r\n", "a|b")]
    [InlineData("a\n1", "a/1")]
    [InlineData("\"x, \"\"y\"\"\",\r\n\"\",\"two\r\nlines\"\r\n", "x, \"y\"|/|two\r\nlines")]
    public void Csv_is_read_as_it_is_written(string text, string cells)
    {
        var answer = CallAnswer.Of(Encoding.UTF8.GetBytes(text), 100);
        var lines = answer.Rows.Prepend(answer.Columns).Select(line => string.Join('|', line));
        Assert.Equal(cells, string.Join('/', lines));
        Assert.Equal((answer.Rows.Count, text), (answer.Count, Encoding.UTF8.GetString(answer.Csv)));
        Assert.Empty(CallAnswer.Of(Encoding.UTF8.GetBytes(text), 0).Rows);
    }

    private static string Product => $"called-{_products}";

    private async Task<string> AgreeAsync()
    {
        _products++;
        await site.PublishAsync(Product, "Called rides", "t.csv", Encoding.UTF8.GetBytes(Table), Query);
        await site.GetAsync<CatalogueHits>("participants/desk/catalogue?fresh=true");
        return await site.AgreeAsync(Product);
    }

    private static async Task<IReadOnlyList<IReadOnlyList<string>>> RowsAsync(Window window)
    {
        var rows = new List<IReadOnlyList<string>>();
        foreach (var row in await window.Page.Locator("section[aria-labelledby=call] tbody tr").AllAsync())
            rows.Add(await row.Locator("td").AllInnerTextsAsync());
        return rows;
    }
}
