using System.Text;
using Microsoft.Playwright;
using Millrace.Node.Commands;
using Millrace.Tests.Commands;

namespace Millrace.Tests.Portal;

/// <summary><c>millrace profile --html</c>, opened from disk in a browser that reaches nothing.</summary>
public sealed class ProfileDocumentTests : IAsyncLifetime
{
    /// <summary>What would do something if any place of the document took it for more than text.</summary>
    private static readonly string[] _attacks =
    [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "</title></style><script>alert(1)</script>",
        "' onmouseover='alert(1)", "<!--", "]]>", "javascript:alert(1)", "{0} @Model &lt;b&gt; &amp;",
        "<svg onload=alert(1)>",
        "\u202Eevil", "</td></table><h1>owned</h1>", "<style>*{display:none}</style>",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("millrace-document-").FullName;
    private TestBrowser? _browser;

    public async ValueTask InitializeAsync() => _browser = await TestBrowser.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("en", "What rides.csv holds", "every day", "between 2024-01-10 and 2024-01-14: 3 missing", "English")]
    [InlineData("zh", "rides.csv 的数据画像", "每天", "2024-01-10 与 2024-01-14 之间：缺 3 个", "英语")]
    public async Task A_document_says_and_draws_what_the_table_holds(
        string language, string title, string step, string gap, string english)
    {
        var html = await DrawAsync(Rides(), "--language", language);
        await using var window = await OpenAsync(html);
        var page = window.Page;
        Assert.Equal(title, await page.Locator("h1").InnerTextAsync());
        Assert.Equal($"{title} · Millrace", await page.TitleAsync());
        Assert.Equal(language == "zh" ? "zh-Hans" : "en", await page.Locator("html").GetAttributeAsync("lang"));
        Assert.Equal(4, await page.Locator("article.column").CountAsync());
        var day = page.Locator("article.column", new() { HasText = "day" }).First;
        Assert.Contains(step, await day.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains(gap, await day.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await day.Locator("svg.gaps rect.away").CountAsync());
        Assert.Equal(1, await page.Locator("svg.together").CountAsync());
        Assert.Contains(english, await page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        Assert.True((await page.Locator("svg.histogram rect.bar").First.BoundingBoxAsync())!.Height > 0);
        Assert.Equal(0, await page.Locator("script, form, iframe, img, a[href]").CountAsync());
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task It_is_dark_where_that_is_asked_for_fits_a_narrow_window_and_prints()
    {
        await using var window = await OpenAsync(await DrawAsync(Rides()));
        var page = window.Page;
        const string Ground = "getComputedStyle(document.body).backgroundColor";
        var light = await page.EvaluateAsync<string>(Ground);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        Assert.NotEqual(light, await page.EvaluateAsync<string>(Ground));
        await page.SetViewportSizeAsync(400, 900);
        Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= 400);
        await page.EmulateMediaAsync(new() { Media = Media.Print, ColorScheme = ColorScheme.Light });
        Assert.Contains("local", await page.EvaluateAsync<string>(
            "getComputedStyle(document.querySelector('.scroll')).backgroundAttachment"), StringComparison.Ordinal);
        var folded = page.Locator("details table").First;
        Assert.True((await folded.BoundingBoxAsync())!.Height > 0); // On paper nobody unfolds it.
        Assert.True((await page.PdfAsync()).Length > 10_000);
        Assert.Empty(window.Faults);
    }

    [Fact]
    public async Task What_strangers_wrote_into_names_and_values_is_shown_as_text_and_does_nothing()
    {
        var table = new StringBuilder(string.Join(',', _attacks.Select(Quoted))).Append('\n');
        for (var row = 0; row < 6; row++)
            table.AppendJoin(',', _attacks.Select((_, i) => Quoted(_attacks[(i + row) % 3]))).Append('\n');
        var file = Write("a&b '<img src=x onerror=alert(1)>.csv", table.ToString());
        await using var window = await OpenAsync(await DrawAsync(file));
        var page = window.Page;
        Assert.Equal(_attacks, await page.Locator("article.column h3").AllInnerTextsAsync());
        Assert.Contains(_attacks[0], await page.Locator("table.values th").AllInnerTextsAsync());
        Assert.Contains(Path.GetFileName(file), await page.Locator("h1").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await page.Locator("h1").CountAsync());
        Assert.Equal(1, await page.Locator("style").CountAsync());
        Assert.Equal(0, await page.Locator("script, img, [onerror], [onload], [onmouseover]").CountAsync());
        await page.Locator("article.column").First.HoverAsync();
        Assert.Empty(window.Faults);
    }

    /// <summary>The other tests can fail: the policy of the document stops what would have come through.</summary>
    [Fact]
    public async Task Were_something_to_come_through_its_policy_would_stop_it()
    {
        var html = await DrawAsync(Rides());
        await using var window = await OpenAsync(html.Replace(
            "</main>", "<script>alert(1)</script><img src='http://192.0.2.1/x.png'></main>", StringComparison.Ordinal));
        Assert.NotEmpty(window.Faults);
        Assert.DoesNotContain(window.Faults, f => f.Contains("dialogue", StringComparison.Ordinal));
        Assert.Contains(window.Faults, f => f.Contains("Content Security Policy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_value_of_a_sensitive_column_is_in_it_and_the_finding_is()
    {
        var file = Write("people.csv", "email,plan\n" + string.Concat(Enumerable.Range(0, 60)
            .Select(i => $"person{i % 20}@mail.example.org,{(i % 3 == 0 ? "gold" : "basic")}\n")));
        var html = await DrawAsync(file);
        Assert.DoesNotContain("mail.example", html, StringComparison.Ordinal);
        await using var window = await OpenAsync(html);
        var text = await window.Page.Locator("main").InnerTextAsync();
        Assert.Contains("Values are withheld", text, StringComparison.Ordinal);
        Assert.Contains("gold", text, StringComparison.Ordinal);
        Assert.Contains(
            "email", await window.Page.Locator("section[aria-labelledby=sensitivity] tbody").InnerTextAsync(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cells_of_white_space_are_seen()
    {
        var rows = Enumerable.Range(0, 20).Select(i => $"\" \",{i}\nx,{i}\n");
        var file = Write("t.csv", "note,n\n" + string.Concat(rows));
        Assert.Contains("(blank)", await DrawAsync(file), StringComparison.Ordinal);
        var told = await CommandRunner.RunAsync(CommandRunner.NoStart, "profile", file);
        Assert.Contains("(blank) 20", told.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2_000, "Every value is different.")]
    [InlineData(200_000, "Too many values differ to tell a frequent one.")]
    public async Task Says_why_no_value_is_frequent(int different, string sentence)
    {
        var rows = Enumerable.Range(0, different).Concat(Enumerable.Repeat(0, different == 2_000 ? 0 : 100));
        var html = await DrawAsync(Write("t.csv", $"code\n{string.Join('\n', rows.Select(i => $"K-{i}"))}\n"));
        Assert.Contains(sentence, html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LANG", "zh_CN.UTF-8", "zh-Hans")]
    [InlineData("LC_ALL", "zh_TW", "zh-Hans")]
    [InlineData("LANG", "de_DE.UTF-8", "en")]
    [InlineData("LANG", "", "en")]
    public async Task The_language_is_that_of_the_surroundings_unless_it_is_named(
        string variable, string value, string language)
    {
        var file = Write("t.csv", "a\n1\n2\n");
        using var output = new StringWriter();
        var world = CommandRunner.World(output, TextWriter.Null, CommandRunner.NoStart) with
        {
            Variable = name => name == variable ? value : null,
        };
        Assert.Equal(
            ExitCode.Done, await CommandLine.RunAsync(["profile", file, "--html"], world, CommandRunner.Cancel));
        Assert.Contains($"<html lang=\"{language}\">", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A report is HTML or JSON", "--html", "--json")]
    [InlineData("Only documents have a language", "--language", "zh")]
    [InlineData("'de' not recognized", "--html", "--language", "de")]
    public async Task What_makes_no_sense_together_is_refused(string sentence, params string[] options)
    {
        var told = await CommandRunner.RunAsync(
            CommandRunner.NoStart, ["profile", Write("t.csv", "a\n1\n2\n"), .. options]);
        Assert.Equal(ExitCode.BadInput, told.ExitCode);
        Assert.Contains(sentence, told.Error, StringComparison.Ordinal);
    }

    private static string Quoted(string cell) => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static async Task<string> DrawAsync(string file, params string[] options)
    {
        var told = await CommandRunner.RunAsync(CommandRunner.NoStart, ["profile", file, "--html", .. options]);
        Assert.Equal(("", ExitCode.Done), (told.Error, told.ExitCode));
        return told.Output;
    }

    private async Task<Window> OpenAsync(string html)
    {
        var path = Path.Combine(_folder, $"{Path.GetRandomFileName()}.html");
        await File.WriteAllTextAsync(path, html, CommandRunner.Cancel);
        var context = await _browser!.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            Offline = true,
            ViewportSize = new ViewportSize { Width = 1280, Height = 900 },
        });
        var window = new Window(context, await context.NewPageAsync());
        await window.Page.GotoAsync(new Uri(path).AbsoluteUri);
        return window;
    }

    /// <summary>A day a row, three days missing, of which most have a note.</summary>
    private string Rides() => Write("rides.csv", "day,rides,delay,note\n" + string.Concat(
        Enumerable.Range(0, 60).Where(i => i is < 10 or > 12).Select(i =>
            $"{new DateOnly(2024, 1, 1).AddDays(i):yyyy-MM-dd},{100 + (i * 3)},{(i * 7919) % 5},"
            + (i % 4 == 0 ? "\n" : $"\"The bus number {i % 6} was late, and nobody said why.\"\n"))));

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
