using System.Net;
using Microsoft.Data.Sqlite;

namespace Millrace.Tests.Portal;

public sealed class FailureTests(PortalSite site) : IClassFixture<PortalSite>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("en", "That was not done")]
    [InlineData("zh", "操作未完成")]
    public async Task What_should_not_have_happened_is_told_on_a_page(string language, string title)
    {
        // The row of an agreement that nobody can read back.
        await using (var database = new SqliteConnection($"Data Source={site.DatabaseFile}"))
        {
            await database.OpenAsync(Cancel);
            await using var broken = database.CreateCommand();
            broken.CommandText =
                """
                INSERT INTO agreement (participant, id, version, product, body)
                VALUES ('desk', 'broken', 1, 'x', 'null') ON CONFLICT DO NOTHING
                """;
            await broken.ExecuteNonQueryAsync(Cancel);
        }
        await using var window = await site.OpenAsync(language);
        var answer = await window.Page.GotoAsync("/portal/desk/agreements/broken");
        Assert.Equal(500, answer!.Status);
        Assert.Equal(title, await window.Page.Locator("h1").InnerTextAsync());
        Assert.Equal(1, await window.Page.Locator("nav a[href='/portal/desk/agreements']").CountAsync());
        Assert.StartsWith(
            "default-src 'none'", answer.Headers["content-security-policy"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_that_is_too_large_is_refused_on_a_page()
    {
        using var http = new HttpClient { BaseAddress = site.Node.Address };
        using var form = new FormUrlEncodedContent([new("token", new string('x', 70_000))]);
        var answer = await http.PostAsync(new Uri("/login", UriKind.Relative), form, Cancel);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
    }
}
