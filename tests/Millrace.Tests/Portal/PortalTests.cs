using System.Net;
using System.Text.Json;
using Millrace.Engine.Supply;
using Millrace.Node.Api;

namespace Millrace.Tests.Portal;

public sealed class PortalTests(PortalSite site) : IClassFixture<PortalSite>
{
    private static readonly JsonSerializerOptions _web = new(JsonSerializerDefaults.Web);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Pages => new(
        from page in new[]
        {
            "/", "/portal/transit", "/portal/desk", "/portal/desk/catalogue", "/portal/desk/catalogue?q=rides",
            "/portal/transit/products/ridership", "/portal/transit/products/wicked?version=1",
            "/portal/transit/products/callers", "/portal/transit/products/promised",
            "/portal/transit/products/moved", "/portal/transit/products/moved/drift",
            "/portal/transit/products/moved/drift?from=1&to=2", "/portal/transit/products/callers/fitness",
            "/portal/transit/products/wicked/fitness?label=name&against=callers",
            "/portal/transit/products/ridership/joins", "/portal/transit/products/copied/joins",
            "/portal/transit/agreements", "/portal/transit/agreements/AGREEMENT",
            "/portal/transit/agreements/AGREEMENT/withdrawal?ground=breach&note=why", "/portal/transit/evidence",
            "/portal/transit/evidence?before=3", "/portal/desk/usage", "/portal/desk/scenarios",
            "/portal/desk/catalogue/ridership/request?provider=PROVIDER&offer=urn:offer:asked",
            "/portal/desk/catalogue/ridership/request?provider=PROVIDER&offer=urn:offer:asked&other=yes",
            "/portal/transit/products/ridership/proposal?offer=urn:offer:asked",
            "/portal/transit/negotiations", "/portal/transit/negotiations/WAITING",
            "/portal/transit/negotiations/WAITING/acts/agree", "/portal/transit/negotiations/WAITING/acts/offer",
            "/portal/transit/negotiations/WAITING/acts/terminate", "/portal/desk/transfers",
            "/portal/desk/transfers/TRANSFER", "/portal/desk/transfers/TRANSFER/acts/suspend",
        }
        from language in new[] { "en", "zh" }
        select (page, language));

    [Theory, MemberData(nameof(Pages))]
    public async Task A_page_renders_in_both_languages_without_a_fault(string path, string language)
    {
        await using var window = await site.OpenAsync(language);
        var answer = await window.Page.GotoAsync(site.Fill(path));

        Assert.Equal(200, answer!.Status);
        Assert.Equal(language == "zh" ? "zh-Hans" : "en", await window.Page.Locator("html").GetAttributeAsync("lang"));
        Assert.Equal(1, await window.Page.Locator("h1").CountAsync());
        Assert.Equal(0, await window.Page.Locator("[style], style, script").CountAsync());
        Assert.Contains(
            language == "zh" ? "退出" : "Sign out", await window.Page.Locator("header.top").InnerTextAsync(),
            StringComparison.Ordinal);
        Assert.Empty(window.Faults);
    }

    [Theory]
    [InlineData("en", "The data break their contract.", "broken", "the primary key is broken", "all",
        "Weighted mean, before any cap: ")]
    [InlineData("zh", "数据违反合同。", "未通过（错误）", "主键重复", "全部", "设上限之前的加权平均：")]
    public async Task The_rules_of_a_contract_are_shown_with_the_rows_that_break_them(
        string language, string verdict, string outcome, string cap, string promised, string uncapped)
    {
        await using var window = await site.OpenAsync(language);
        await window.Page.GotoAsync("/portal/transit/products/promised");
        var section = window.Page.Locator("section[aria-labelledby=quality]");
        var text = await section.InnerTextAsync();
        Assert.Contains(verdict, text, StringComparison.Ordinal);
        Assert.Contains(cap, text, StringComparison.Ordinal);
        var key = section.Locator("tr", new() { HasText = "primary-key" }).Last;
        Assert.Equal("2 / 3", await key.Locator("td").Nth(1).InnerTextAsync());
        Assert.Equal(promised, await key.Locator("td").Nth(2).InnerTextAsync());
        Assert.Equal(outcome, await key.Locator("td").Nth(3).InnerTextAsync());
        Assert.Equal("2", await key.Locator("td").Nth(4).InnerTextAsync());
        var mean = section.GetByText(uncapped);
        Assert.False(await mean.IsVisibleAsync()); // On demand.
        await section.Locator("summary").First.ClickAsync();
        Assert.True(await mean.IsVisibleAsync());
        Assert.Empty(window.Faults);
    }

    [Theory]
    [InlineData("en", "of the 18 indicators", "0105 authoritative reference data", "It needs an authoritative list")]
    [InlineData("zh", "18 项指标中", "0105 权威参考数据", "需要用于比对的权威参考数据")]
    public async Task Every_indicator_of_the_standard_is_shown_on_demand_with_what_it_needs(
        string language, string coverage, string name, string need)
    {
        await using var window = await site.OpenAsync(language);
        await window.Page.GotoAsync("/portal/transit/products/promised");
        var section = window.Page.Locator("section[aria-labelledby=quality]");
        Assert.Contains(coverage, await section.InnerTextAsync(), StringComparison.Ordinal);
        var row = section.Locator("details tr", new() { HasText = "0105" });
        Assert.False(await row.IsVisibleAsync());
        await section.Locator("details", new() { HasText = "0105" }).Locator("summary").ClickAsync();
        var text = await row.InnerTextAsync();
        Assert.Contains(name, text, StringComparison.Ordinal);
        Assert.Contains(need, text, StringComparison.Ordinal);
        Assert.Empty(window.Faults);
    }

    [Theory]
    [InlineData("en", "delay: median 4 → 34, PSI", "<i>new</i> was added.", "far")]
    [InlineData("zh", "delay：中位数 4 → 34，PSI", "<i>new</i>：新增列。", "大")]
    public async Task What_changed_between_versions_is_told_in_sentences(
        string language, string moved, string added, string extent)
    {
        await using var window = await site.OpenAsync(language);
        await window.Page.GotoAsync("/portal/transit/products/moved");
        await window.Page.Locator("a[href*='/drift?to=2']").ClickAsync();
        var text = await window.Page.Locator("main").InnerTextAsync();
        Assert.Contains(moved, text, StringComparison.Ordinal);
        Assert.Contains(added, text, StringComparison.Ordinal);
        var row = window.Page.Locator("tr", new() { HasText = "delay" });
        Assert.Equal(extent, await row.Locator("td").Nth(2).InnerTextAsync());
        Assert.Empty(window.Faults);
        await window.Page.GotoAsync("/portal/transit/products/callers/drift");
        Assert.Contains("callers", await window.Page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "Cells without personal data", "not evaluated")]
    [InlineData("zh", "无个人信息的单元格", "未评估")]
    public async Task Fitness_is_measured_with_the_label_that_a_person_chooses(
        string language, string personal, string open)
    {
        await using var window = await site.OpenAsync(language);
        await window.Page.GotoAsync("/portal/transit/products/wicked");
        await window.Page.Locator("a[href$='/fitness']").ClickAsync();
        var label = window.Page.Locator("tr", new() { HasText = "label-balance/1" });
        Assert.Contains(open, await label.InnerTextAsync(), StringComparison.Ordinal);
        await window.Page.SelectOptionAsync("#label", "name");
        await window.Page.Locator("main form button").ClickAsync();
        Assert.Contains("0.918296 / 1", await label.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains(personal, await window.Page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal("name", await window.Page.Locator("#label").InputValueAsync());
        Assert.Empty(window.Faults);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(1400)]
    public async Task A_page_is_never_wider_than_the_window(int width)
    {
        await using var window = await site.OpenAsync();
        await window.Page.SetViewportSizeAsync(width, 900);
        foreach (var path in Pages.Select(row => row.Data.Item1).Distinct())
        {
            await window.Page.GotoAsync(site.Fill(path));
            var wide = await window.Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            Assert.True(wide <= width, $"{path} is {wide} wide in a window of {width}.");
        }
    }

    [Fact]
    public async Task Every_page_but_signing_in_asks_for_it()
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
        {
            BaseAddress = site.Node.Address,
        };
        var paths = Pages.Select(row => row.Data.Item1).Distinct();
        foreach (var path in paths.Concat(["/portal/transit/evidence/0/receipt", "/portal/transit/evidence/0/entry"]))
        {
            var answer = await http.GetAsync(new Uri(path, UriKind.Relative), Cancel);
            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
            Assert.Equal("/login", answer.Headers.Location?.OriginalString);
        }
        var login = await http.GetAsync(new Uri("/login", UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.OK, login.StatusCode);
        Assert.StartsWith(
            "default-src 'none'; style-src 'self';", login.Headers.GetValues("Content-Security-Policy").Single(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_types_the_token_is_signed_in_and_a_wrong_one_is_refused()
    {
        await using var window = await site.OpenAsync(signIn: false);
        await window.Page.GotoAsync("/");
        Assert.EndsWith("/login", window.Page.Url, StringComparison.Ordinal);
        await window.Page.FillAsync("#token", "wrong");
        await window.Page.ClickAsync("main button");
        Assert.Equal(1, await window.Page.Locator("[role=alert]").CountAsync());
        await window.Page.FillAsync("#token", site.Node.AdminToken);
        await window.Page.ClickAsync("main button");
        Assert.Equal("Participants", await window.Page.Locator("h1").InnerTextAsync());
        await window.Page.ClickAsync("header button");
        await window.Page.GotoAsync("/portal/transit");
        Assert.EndsWith("/login", window.Page.Url, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/portal/transit/agreements/AGREEMENT/withdrawal")]
    [InlineData("/portal/transit/negotiations/WAITING/acts/terminate")]
    [InlineData("/portal/transit/products/ridership/proposal?offer=urn:offer:asked")]
    [InlineData("/portal/desk/catalogue/ridership/request?provider=PROVIDER&offer=urn:offer:asked")]
    [InlineData("/portal/desk/transfers")]
    [InlineData("/portal/desk/transfers/TRANSFER/acts/terminate")]
    public async Task A_form_without_its_antiforgery_token_changes_nothing(string path)
    {
        using var http = new HttpClient { BaseAddress = site.Node.Address };
        http.DefaultRequestHeaders.Add("Cookie", $"millrace-{site.Node.Address.Port}={site.Node.AdminToken}");
        using var form = new FormUrlEncodedContent([new("ground", "breach"), new("agreement", site.Agreement)]);
        var entries = (await site.GetAsync<EvidencePage>("participants/desk/evidence")).Size;
        var answer = await http.PostAsync(new Uri(site.Fill(path), UriKind.Relative), form, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("active", (await AgreementAsync(site.Agreement)).State);
        await site.SeenAsync("transit", site.Waiting, "REQUESTED");
        Assert.Equal(entries, (await site.GetAsync<EvidencePage>("participants/desk/evidence")).Size);
    }

    [Fact]
    public async Task The_profile_is_drawn_with_as_many_bars_as_bins()
    {
        var product = await site.GetAsync<Product>("participants/transit/products/ridership");
        var profile = product.Latest.Profile.Deserialize<TableProfile>(_web)!;
        await using var window = await site.OpenAsync();
        await window.Page.GotoAsync("/portal/transit/products/ridership");
        var articles = window.Page.Locator("article.column");
        Assert.Equal(profile.Columns.Count, await articles.CountAsync());
        Assert.Contains(profile.Columns, c => c.Histogram.Count > 0);
        foreach (var (index, column) in profile.Columns.Index())
        {
            var article = articles.Nth(index);
            Assert.Equal(column.Name, await article.Locator("h3").InnerTextAsync());
            Assert.Equal(column.Histogram.Count, await article.Locator("svg.histogram rect.bar").CountAsync());
            Assert.Equal(column.Frequent.Count, await article.Locator("svg.frequent rect.bar").CountAsync());
        }
        var bar = window.Page.Locator("svg.histogram rect.bar").First;
        Assert.True((await bar.BoundingBoxAsync())!.Height > 0);
    }

    [Fact]
    public async Task Columns_that_are_a_key_together_and_those_with_decimal_commas_are_told()
    {
        await using var window = await site.OpenAsync();
        await window.Page.GotoAsync("/portal/transit/products/ridership");
        Assert.Contains(
            "was found twice: date + station", await window.Page.Locator("main").InnerTextAsync(),
            StringComparison.Ordinal);
        await site.PublishAsync("commas", "Commas", "commas.csv", "amount;name\n1,5;x\n2;y\n"u8.ToArray());
        await window.Page.GotoAsync("/portal/transit/products/commas");
        Assert.Contains(
            "numbers with a decimal comma: amount", await window.Page.Locator("main").TextContentAsync(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_confirms_by_form_what_a_column_holds_and_others_see_it_in_their_language()
    {
        await using var window = await site.OpenAsync("zh");
        await window.Page.GotoAsync("/portal/transit/products/copied");
        var row = window.Page.Locator("#elements ~ .card tr", new() { HasText = "日期" });
        Assert.Contains("建议", await row.InnerTextAsync(), StringComparison.Ordinal);
        await window.Page.Locator("summary", new() { HasText = "认定某列的数据元" }).ClickAsync();
        await window.Page.SelectOptionAsync("#element-column", "date");
        await window.Page.FillAsync("#element-person", "A. Lin");
        await window.Page.FillAsync("#element-reason", "Days of <i>service</i>.");
        await window.Page.Locator("form[action$=elements] button").ClickAsync();
        row = window.Page.Locator("tr", new() { HasText = "Days of <i>service</i>." });
        Assert.Contains("已确认", await row.InnerTextAsync(), StringComparison.Ordinal);

        // With nothing proposed, there is nothing to adopt.
        await window.Page.Locator("summary", new() { HasText = "认定某列的数据元" }).ClickAsync();
        await window.Page.SelectOptionAsync("#element-column", "rides_thousand");
        await window.Page.FillAsync("#element-person", "A. Lin");
        await window.Page.FillAsync("#element-reason", "Why not.");
        await window.Page.Locator("form[action$=elements] button").ClickAsync();
        Assert.Contains("无可否定", await window.Page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);

        await window.Page.GotoAsync("/portal/transit/products/copied/joins");
        var joined = window.Page.Locator("tr", new() { HasText = "Rides" });
        Assert.Equal(2, await joined.CountAsync()); // By day and by station.
        await site.Api.GetAsync("participants/desk/catalogue?fresh=true", Cancel);
        await window.Page.GotoAsync("/portal/desk/catalogue?q=日期");
        var hit = window.Page.Locator(".hit", new() { HasText = "Copied" });
        Assert.Contains("common/calendar-date", await hit.InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_withdraws_an_agreement_by_form_after_confirming()
    {
        var agreement = await site.AgreeAsync("ridership");
        await using var window = await site.OpenAsync();
        await window.Page.GotoAsync($"/portal/transit/agreements/{Uri.EscapeDataString(agreement)}");
        await window.Page.SelectOptionAsync("#ground", "authority");
        await window.Page.FillAsync("#note", "By letter of \"today\" <b>");
        await window.Page.ClickAsync("form.danger button");
        Assert.Equal("active", (await AgreementAsync(agreement)).State);
        await window.Page.ClickAsync("button.stop");

        Assert.Contains(
            "an authority demands it", await window.Page.Locator("[role=status]").InnerTextAsync(),
            StringComparison.Ordinal);
        Assert.Equal(0, await window.Page.Locator("form.danger").CountAsync());
        Assert.Equal("authority", (await AgreementAsync(agreement)).Withdrawal?.Ground);
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task A_consumer_is_not_offered_to_withdraw()
    {
        await using var window = await site.OpenAsync();
        await window.Page.GotoAsync($"/portal/desk/agreements/{Uri.EscapeDataString(site.Agreement)}");
        Assert.Equal(1, await window.Page.Locator("h1").CountAsync());
        Assert.Equal(0, await window.Page.Locator("form.danger").CountAsync());
    }

    [Theory]
    [InlineData("/portal/transit/products/wicked", "h1")]
    [InlineData("/portal/transit", "article h3, li h3")]
    [InlineData("/portal/desk/catalogue", "article h2")]
    public async Task A_title_with_markup_is_shown_as_text(string path, string place)
    {
        await using var window = await site.OpenAsync();
        await window.Page.GotoAsync(path);
        Assert.Contains(PortalSite.Wicked, await window.Page.Locator(place).AllInnerTextsAsync());
        Assert.Equal(0, await window.Page.Locator("main script, main b").CountAsync());
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task The_log_is_verified_on_demand_and_each_check_is_shown()
    {
        await using var window = await site.OpenAsync();
        await window.Page.GotoAsync("/portal/transit/evidence");
        var key = await site.GetAsync<LogKey>("participants/transit/evidence/key");
        Assert.Contains(
            key.Key, await window.Page.Locator("section.card code").AllInnerTextsAsync(), StringComparer.Ordinal);
        await window.Page.ClickAsync("section.card form button");
        Assert.Equal("The log is whole", await window.Page.Locator(".verdict h3").InnerTextAsync());
        Assert.True(await window.Page.Locator(".checks .state-active").CountAsync() >= 3);
        Assert.Equal(0, await window.Page.Locator(".checks .state-ended").CountAsync());
        Assert.Contains(
            "Transit Authority joined this node.", await window.Page.Locator(".entries").InnerTextAsync(),
            StringComparison.Ordinal);
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task The_language_that_was_chosen_is_remembered()
    {
        await using var window = await site.OpenAsync();
        await window.Page.GotoAsync("/portal/desk/catalogue?q=rides");
        await window.Page.ClickAsync("a.language");
        Assert.Equal("rides", await window.Page.InputValueAsync("#q"));
        await window.Page.GotoAsync("/portal/desk");
        Assert.Equal("zh-Hans", await window.Page.Locator("html").GetAttributeAsync("lang"));
    }

    [Theory]
    [InlineData("/portal/nobody")]
    [InlineData("/portal/desk/products/ridership")] // The product is another participant's.
    [InlineData("/portal/transit/agreements/none")]
    [InlineData("/portal/desk/negotiations/WAITING")] // The other side knows it by another name.
    [InlineData("/portal/desk/negotiations/WAITING/acts/agree")]
    [InlineData("/portal/transit/transfers/TRANSFER")]
    [InlineData("/portal/desk/catalogue/ridership/request?provider=PROVIDER&offer=none")]
    [InlineData("/portal/transit/products/ridership?version=9")]
    public async Task What_is_not_there_is_not_found(string path)
    {
        await using var window = await site.OpenAsync();
        Assert.Equal(404, (await window.Page.GotoAsync(site.Fill(path)))!.Status);
        Assert.Equal(1, await window.Page.Locator("h1").CountAsync());
    }

    private Task<Agreement> AgreementAsync(string id) =>
        site.GetAsync<Agreement>($"participants/transit/agreements/{Uri.EscapeDataString(id)}");
}
