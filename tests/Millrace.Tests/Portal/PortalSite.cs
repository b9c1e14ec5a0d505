using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using Millrace.Node.Api;
using Millrace.Node.Hosting;
using Millrace.Tests.Architecture;
using Millrace.Tests.Nodes;

namespace Millrace.Tests.Portal;

/// <summary>A real node with two participants and what is under way between them, and a real browser.</summary>
public sealed class PortalSite : IAsyncLifetime
{
    /// <summary>An offer that asks a person.</summary>
    public const string AskedOffer = "urn:offer:asked";

    public const string Wicked = "<script>alert('x')</script> \"quoted\" & <b>bold</b>";

    private readonly string _folder = Directory.CreateTempSubdirectory("millrace-portal-").FullName;
    private TestBrowser? _browser;
    private HttpClient? _api;
    private string _transit = "";

    public RunningNode Node { get; private set; } = null!;

    public IBrowser Browser => _browser!.Browser;

    /// <summary>An agreement that no test changes.</summary>
    public string Agreement { get; private set; } = "";

    /// <summary>A negotiation that no test changes; it waits for a person of the transit authority.</summary>
    public string Waiting { get; private set; } = "";

    /// <summary>A transfer of the desk that no test changes.</summary>
    public string Transfer { get; private set; } = "";

    /// <summary>The control state on disk.</summary>
    public string DatabaseFile => Path.Combine(_folder, "millrace.db");

    public HttpClient Api => _api!;

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Node = await NodeProgram.StartAsync(
            new NodeOptions
            {
                DataFolder = _folder,
                Listen = new Uri("http://127.0.0.1:0"),
                FlightPort = 0,
                AllowPrivatePeers = true,
            },
            Cancel);
        _api = new HttpClient { BaseAddress = new Uri(Node.Address, "/api/v1/") };
        _api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Node.AdminToken);
        foreach (var (id, title) in new[] { ("transit", "Transit Authority"), ("desk", "Travel Desk") })
            await PostAsync("participants", new { id, title });
        await PublishAsync("ridership", "Rides", "l-ridership-2001.csv", Sample("l-ridership-2001.csv"));
        await PublishAsync("copied", "Copied", "l-ridership-2001.csv", Sample("l-ridership-2001.csv"));
        await PublishAsync(
            "callers", "Callers", "callers.csv",
            "phone,asked\n13800138000,write to a@example.org\n13900139000,when\n"u8.ToArray());
        await PublishAsync(
            "promised", "Promised", "promised.csv", "id,kind\n1,a\n1,b\n2,<b>\n"u8.ToArray(), contract: """
                apiVersion: v3.1.0
                schema:
                - properties:
                  - { name: id, primaryKey: true }
                  - { name: kind, logicalTypeOptions: { pattern: "^[a-z<>]+$" } }
                customProperties: [{ property: millrace.gate, value: publish }]
                """);
        await PublishAsync("moved", "Moved", "moved.csv", Delays("", from: 0));
        await PublishAsync("moved", "Moved", "moved.csv", Delays(",<i>new</i>", from: 30));
        await PublishAsync("wicked", Wicked, "wicked.csv", "name,note\nA,1\nB,2\nB,3\n"u8.ToArray());
        _transit = (await GetAsync<Participant>("participants/transit")).Did;
        await PostAsync("participants/desk/peers", new { address = _transit });
        Agreement = await AgreeAsync("ridership");
        Transfer = (await PostAsync<Transfer>("participants/desk/transfers", new { agreement = Agreement })).Id;
        await GetAsync<Transfer>($"participants/desk/transfers/{Uri.EscapeDataString(Transfer)}?wait=30");
        await PostAsync("participants/transit/products/ridership/offers", new
        {
            policy = Odrl.Offer(Odrl.Count(3), Odrl.Until(new DateTimeOffset(2031, 1, 1, 0, 0, 0, TimeSpan.Zero))),
            handling = "ask", id = AskedOffer,
        });
        (_, Waiting) = await AskAsync();
        await PostAsync("participants/desk/scenarios", new
        {
            title = "Weekend service", purpose = "operations", measure = "Trips without a wait",
            unit = "%", before = 40,
        });
        _browser = await TestBrowser.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _api?.Dispose();
        if (Node is not null)
            await Node.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The analyst's desk negotiates for a product of the transit authority.</summary>
    /// <returns>The id of the agreement.</returns>
    public async Task<string> AgreeAsync(string product)
    {
        var offered = await GetAsync<Product>($"participants/transit/products/{product}");
        var opened = await PostAsync<Negotiation>(
            "participants/desk/negotiations",
            new { provider = _transit, dataset = product, offer = offered.Offers[0].Id });
        var settled = await GetAsync<Negotiation>($"participants/desk/negotiations/{opened.Id}?wait=30");
        Assert.Equal("FINALIZED", settled.State);
        return settled.Agreement!;
    }

    /// <summary>The desk asks for the offer that a person of the transit authority decides about.</summary>
    /// <param name="manual">The desk's own steps wait for a person too.</param>
    /// <returns>The ids of the negotiation at the desk and at the authority.</returns>
    public async Task<(string Desk, string Transit)> AskAsync(bool manual = false, string offer = AskedOffer)
    {
        var before = (await NegotiationsAsync("transit")).Select(n => n.Id).ToHashSet();
        var opened = await PostAsync<Negotiation>(
            "participants/desk/negotiations",
            new { provider = _transit, dataset = "ridership", offer, manual });
        var arrived = await Until.SeenAsync(
            async () => (await NegotiationsAsync("transit")).Where(n => !before.Contains(n.Id)).ToList(),
            fresh => fresh.Count == 1);
        return (opened.Id, arrived[0].Id);
    }

    public Task<IReadOnlyList<Negotiation>> NegotiationsAsync(string participant) =>
        GetAsync<IReadOnlyList<Negotiation>>($"participants/{participant}/negotiations");

    /// <summary>Waits until a negotiation is in a state.</summary>
    public Task<Negotiation> SeenAsync(string participant, string pid, string state) => Until.SeenAsync(
        () => GetAsync<Negotiation>($"participants/{participant}/negotiations/{Uri.EscapeDataString(pid)}"),
        n => n.State == state);

    /// <summary>A path of a test with the ids of this site in it.</summary>
    public string Fill(string path) => path
        .Replace("AGREEMENT", Uri.EscapeDataString(Agreement), StringComparison.Ordinal)
        .Replace("WAITING", Uri.EscapeDataString(Waiting), StringComparison.Ordinal)
        .Replace("TRANSFER", Uri.EscapeDataString(Transfer), StringComparison.Ordinal)
        .Replace("PROVIDER", Uri.EscapeDataString(_transit), StringComparison.Ordinal);

    /// <summary>A window of its own, signed in.</summary>
    public async Task<Window> OpenAsync(string language = "en", bool signIn = true)
    {
        var context = await Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = Node.Address.AbsoluteUri,
            Locale = language,
            ViewportSize = new ViewportSize { Width = 1280, Height = 900 },
        });
        var window = new Window(context, await context.NewPageAsync());
        if (signIn)
            await window.Page.GotoAsync($"/login?token={Node.AdminToken}");
        return window;
    }

    public async Task<T> GetAsync<T>(string path) =>
        (await Api.GetFromJsonAsync<T>(path, Cancel))!;

    /// <param name="query">A query product (JSON); else a table.</param>
    public async Task PublishAsync(
        string id, string title, string name, byte[] content, string? query = null, string? contract = null)
    {
        var offer = """{"@type":"Offer","permission":[{"action":"odrl:use"}]}""";
        JsonElement? asked = query is null ? null : JsonElement.Parse(query);
        var draft = JsonSerializer.Serialize(
            new { id, title, description = title, offer = JsonElement.Parse(offer), query = asked, contract });
        using var body = new MultipartFormDataContent
        {
            { new StringContent(draft, Encoding.UTF8, "application/json"), "product" },
            { new ByteArrayContent(content), "files", name },
        };
        var answer = await Api.PostAsync("participants/transit/products", body, Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }

    public async Task PostAsync(string path, object body)
    {
        var answer = await Api.PostAsJsonAsync(path, body, Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }

    public async Task<T> PostAsync<T>(string path, object body)
    {
        var answer = await Api.PostAsJsonAsync(path, body, Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
        return (await answer.Content.ReadFromJsonAsync<T>(Cancel))!;
    }

    private static byte[] Delays(string column, int from) => Encoding.UTF8.GetBytes(
        $"id,delay{column}\n" + string.Concat(Enumerable.Range(1, 100).Select(
            i => $"{i},{from + (i % 10)}{(column.Length == 0 ? "" : ",x")}\n")));

    private static byte[] Sample(string name) => File.ReadAllBytes(Path.Combine(SourceTree.Root, "samples", name));
}
