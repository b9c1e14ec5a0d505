using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Millrace.Engine.Supply.Conversions;
using Millrace.Node;
using Millrace.Node.Api;
using Millrace.Node.Commands;
using Millrace.Node.Hosting;
using Millrace.Node.Identity;
using Millrace.Node.Products;
using Millrace.Node.Sources;
using Millrace.Tests.Commands;
using Millrace.Tests.Nodes;
using static Millrace.Tests.Sources.ServerTables;

namespace Millrace.Tests.Sources;

/// <summary>Sources that the node reads again by the clock.</summary>
public sealed class ScheduleTests : IAsyncDisposable
{
    private const string Id = "products/orders";

    private static readonly DateTimeOffset _start = new(2026, 1, 10, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _tick = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new(_start);
    private WebApplication? _server;
    private int _asked;

    /// <summary>What the server behind an address answers.</summary>
    private Func<HttpContext, Task> _answer = http => http.Response.WriteAsync("id\n1\n");

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_product_is_refreshed_by_the_clock_and_shows_what_came_of_it(string database)
    {
        await using var world = await SourceWorld.StartAsync(database: database, time: _time);
        var source = (await PostgresAsync("CREATE TABLE t AS SELECT 1 AS id")) with { Table = "t" };
        await world.PublishAsync(source);
        var set = await SetAsync(world.Holder, new ScheduleDraft(Every: "6h"));
        Assert.Equal(new RefreshInfo("6h", null, null, _start.AddHours(6), false, null, 0), set);

        await AskAsync(source, "INSERT INTO t VALUES (2)");
        var made = await LastAsync(world.Holder, _start.AddHours(6));
        Assert.Equal(("new-version", 2), (made.Last!.Result, made.Last.Version));
        Assert.Equal(_start.AddHours(12), made.Next);
        var same = await LastAsync(world.Holder, _start.AddHours(12));
        Assert.Equal(("unchanged", 2), (same.Last!.Result, same.Last.Version));
        var product = await world.Holder.GetAsync(Id, ApiJson.Wire.Product);
        Assert.Equal(same, product.Refresh);
        Assert.Equal(new ReadingInfo(source, made.Last.At), product.Latest.ReadFrom);

        var off = await SetAsync(world.Holder, new ScheduleDraft());
        Assert.Equal((null, null, same.Last), (off.Every, off.Next, off.Last));
        var entries = await world.Holder.EvidenceAsync("version-published", "refresh-scheduled");
        Assert.Equal(
            ["version-published", "refresh-scheduled", "version-published", "refresh-scheduled"],
            entries.Select(e => e.Type)); // Of a refresh without change nothing is logged.
        var read = entries[2].Body.GetProperty("data");
        Assert.Equal("t", read.GetProperty("readFrom").GetProperty("table").GetString());
        Assert.StartsWith("2026-01-10T18:00:", read.GetProperty("readAt").GetString(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_failure_is_logged_once_and_so_is_its_end(string database)
    {
        await using var world = await SourceWorld.StartAsync(database: database, time: _time);
        var url = await ServeAsync();
        await world.PublishAsync(new SourceDocument("http", Url: $"{url}/t.csv?key=sesame"));
        await SetAsync(world.Holder, new ScheduleDraft(Every: "1d"));
        _answer = http =>
        {
            http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        };
        // It may heal: it is tried again after 1, 2 and 4 minutes.
        var due = _start.AddDays(1);
        for (var failures = 1; failures <= 3; failures++)
        {
            var failed = await LastAsync(world.Holder, due);
            Assert.Equal(("failed", "source-lost", failures), (failed.Last!.Result, failed.Last.Code, failed.Failures));
            Assert.Equal(failed.Last.At.AddMinutes(Math.Pow(2, failures - 1)), failed.Next);
            due = failed.Next!.Value;
        }
        _answer = http => http.Response.WriteAsync("id\n1\n2\n");
        var healed = await LastAsync(world.Holder, due);
        Assert.Equal(("new-version", 0), (healed.Last!.Result, healed.Failures));
        Assert.Equal(_start.AddDays(2), healed.Next);
        // It cannot heal by itself: it is left alone until the next turn.
        _answer = http =>
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        };
        var refused = await LastAsync(world.Holder, _start.AddDays(2));
        Assert.Equal(("source-refused", _start.AddDays(3)), (refused.Last!.Code, refused.Next));
        var entries = await world.Holder.EvidenceAsync();
        Assert.Equal(
            ["refresh-failing", "version-published", "refresh-failing"],
            entries.Select(e => e.Type).Where(t => t.Contains("-fail", StringComparison.Ordinal)
                || t == "version-published").Skip(1));
        Assert.Single(entries, e => e.Type == "refresh-recovered");
        Assert.DoesNotContain(entries, e => e.Body.GetRawText().Contains("sesame", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_kept_of_a_failure_holds_no_values_of_the_data()
    {
        await using var world = await SourceWorld.StartAsync(time: _time);
        _answer = http => http.Response.WriteAsync("land,n\nDEU,1\n");
        await world.PublishAsync(
            new SourceDocument("http", Url: $"{await ServeAsync()}/t.csv"),
            convert: [new Conversion("land", "country-2")]);
        await SetAsync(world.Holder, new ScheduleDraft(Every: "1h"));
        _answer = http => http.Response.WriteAsync("land,n\nAtlantis,1\n");
        var failed = (await LastAsync(world.Holder, _start.AddHours(1))).Last!;
        Assert.Equal("bad-conversion", failed.Code);
        Assert.Contains("land holds values that country-2 has no code for", failed.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("Atlantis", failed.Reason, StringComparison.Ordinal);
        Assert.Contains("Atlantis", (await world.RefreshRefusedAsync()).Detail, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task Turns_that_were_missed_are_made_up_for_by_one(string database)
    {
        await using var world = await SourceWorld.StartAsync(database: database, time: _time);
        await world.PublishAsync(new SourceDocument("http", Url: $"{await ServeAsync()}/t.csv"));
        await SetAsync(world.Holder, new ScheduleDraft(Every: "15m"));
        _asked = 0;
        await world.Node.RestartAsync(() => _time.Advance(TimeSpan.FromHours(10)));
        var made = await Until.SeenAsync(() => ShowAsync(world.Holder), r => r is { Last: not null, Running: false });
        Assert.Equal(_start.AddHours(10).AddMinutes(15), made.Next);
        await TickAsync(world.Holder, 10);
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task Of_two_nodes_over_one_database_one_has_each_turn()
    {
        var options = new NodeOptions
        {
            DataFolder = "",
            Database = await TestNode.NewDatabaseAsync(),
            MasterKey = DataToken.New(),
            Listen = new Uri("http://127.0.0.1:0"),
            AllowPrivatePeers = true,
        };
        await using var first = await TestNode.StartAsync(options, _time);
        await using var second = await TestNode.StartAsync(options, _time);
        var holder = await first.AddAsync("shop");
        var draft = new ProductDraft("orders", Source: new SourceDocument("http", Url: $"{await ServeAsync()}/t.csv"));
        await holder.PostAsync("products", draft, ApiJson.Wire.ProductDraft, ApiJson.Wire.Product);
        await SetAsync(holder, new ScheduleDraft(Every: "1h"));
        _answer = http => http.Response.WriteAsync($"id\n{_asked + 1}\n");
        _asked = 0;
        for (var hour = 1; hour <= 8; hour++)
        {
            var made = await LastAsync(holder, _start.AddHours(hour));
            Assert.Equal(("new-version", hour + 1), (made.Last!.Result, made.Last.Version));
            await TickAsync(holder, 3);
            Assert.Equal(hour, _asked);
        }
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_turn_that_was_cut_off_is_run_again_once_its_claim_is_void(string database)
    {
        await using var world = await SourceWorld.StartAsync(database: database, time: _time);
        await world.PublishAsync(new SourceDocument("http", Url: $"{await ServeAsync()}/t.csv"));
        await SetAsync(world.Holder, new ScheduleDraft(Every: "1h"));
        var hangs = Hang();
        _time.Advance(TimeSpan.FromHours(1));
        await hangs;
        // The node stops amid the turn, and writes nothing of it: as if it had been killed.
        await world.Node.RestartAsync(() => _answer = http => http.Response.WriteAsync("id\n2\n"));
        await TickAsync(world.Holder, 3);
        var running = await world.Holder.GetAsync(Id, ApiJson.Wire.Product);
        Assert.Equal((true, 1), (running.Refresh!.Running, running.Latest.Number));
        _time.Advance(Limits.Default.RefreshSilenceMax);
        var made = await Until.SeenAsync(() => ShowAsync(world.Holder), r => r is { Last: not null, Running: false });
        Assert.Equal(("new-version", 2), (made.Last!.Result, made.Last.Version));
    }

    [Theory, MemberData(nameof(TestNode.Databases), MemberType = typeof(TestNode))]
    public async Task A_turn_that_lost_its_claim_publishes_nothing(string database)
    {
        await using var world = await SourceWorld.StartAsync(database: database, time: _time);
        await world.PublishAsync(new SourceDocument("http", Url: $"{await ServeAsync()}/t.csv"));
        await SetAsync(world.Holder, new ScheduleDraft(Every: "1h"));
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var hangs = Hang(go.Task, "id\n2\n");
        _time.Advance(TimeSpan.FromHours(1));
        await hangs;
        await SetAsync(world.Holder, new ScheduleDraft());
        go.SetResult();
        _answer = http => http.Response.WriteAsync("id\n3\n");
        // The manual refresh comes after it or before: in each case the cut-off turn has made no version.
        Assert.Equal((2, "3"), (await world.RefreshAsync() is var made ? made.Latest.Number : 0, Cell(world, made)));
        await TickAsync(world.Holder, 30);
        Assert.Equal(2, (await world.Holder.GetAsync(Id, ApiJson.Wire.Product)).Latest.Number);
    }

    [Fact]
    public async Task A_refresh_by_hand_ends_a_row_of_failures()
    {
        await using var world = await SourceWorld.StartAsync(time: _time);
        var source = (await PostgresAsync("CREATE TABLE t AS SELECT 1 AS id")) with { Table = "t" };
        await world.PublishAsync(source);
        await SetAsync(world.Holder, new ScheduleDraft(At: "13:00", Zone: "Etc/UTC"));
        await AskAsync(source, "ALTER TABLE t RENAME TO u");
        Assert.Equal("source-refused", (await LastAsync(world.Holder, _start.AddHours(1))).Last!.Code);
        await AskAsync(source, "ALTER TABLE u RENAME TO t");
        var refresh = (await world.RefreshAsync()).Refresh!;
        Assert.Equal(("unchanged", 0, _start.AddHours(25)), (refresh.Last!.Result, refresh.Failures, refresh.Next));
    }

    [Theory]
    [InlineData("orders", """{"every":"1s"}""", 400, "bad-schedule")]
    [InlineData("orders", """{"at":"03:00"}""", 400, "bad-schedule")]
    [InlineData("orders", """{"every":5}""", 400, "bad-json")]
    [InlineData("files", """{"every":"6h"}""", 400, "no-source")]
    [InlineData("none", """{"every":"6h"}""", 404, "not-found")]
    public async Task What_cannot_be_scheduled_is_refused(string product, string body, int status, string code)
    {
        await using var world = await SourceWorld.StartAsync();
        await world.PublishAsync(
            new SourceDocument("sqlite", Path: Sqlite(world.Folder, "CREATE TABLE t AS SELECT 1 AS id"), Table: "t"));
        await world.Holder.PublishAsync("id\n1\n", product: "files");
        var other = await world.Node.AddAsync("other");
        using var answer = await world.Holder.PostTextAsync($"products/{product}/schedule", body);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(code, (await TestNode.ProblemAsync(answer)).Code);
        using var foreign = await other.PostTextAsync("products/orders/schedule", """{"every":"6h"}""");
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        using var look = await world.Node.Http.GetAsync(other.Path("products/orders/schedule"), TestNode.Cancel);
        Assert.Equal(HttpStatusCode.NotFound, look.StatusCode);
        Assert.Null((await ShowAsync(world.Holder)).Next);
        Assert.Empty(await world.Holder.EvidenceAsync("refresh-scheduled"));
    }

    [Fact]
    public async Task The_command_and_the_page_show_when_and_whence()
    {
        await using var world = await SourceWorld.StartAsync(time: _time);
        var url = await ServeAsync();
        await world.PublishAsync(new SourceDocument("http", Url: $"{url}/t.csv?key=sesame"));
        string[] node = ["--data", world.Node.Options.DataFolder];
        var set = await CommandRunner.RunAsync(
            CommandRunner.NoStart,
            ["refresh", "orders", "--at", "03:00", "--zone", "Europe/Berlin", .. node]);
        Assert.Equal((ExitCode.Done, ""), (set.ExitCode, set.Error));
        Assert.Contains("each day at 03:00, Europe/Berlin", set.Output, StringComparison.Ordinal);
        Assert.Contains("2026-01-11 02:00Z", set.Output, StringComparison.Ordinal);
        await LastAsync(world.Holder, new DateTimeOffset(2026, 1, 11, 2, 0, 0, TimeSpan.Zero));
        var shown = await CommandRunner.RunAsync(
            CommandRunner.NoStart, ["refresh", "orders", "--show", .. node]);
        Assert.Contains("unchanged, version 1", shown.Output, StringComparison.Ordinal);
        var json = await CommandRunner.RunAsync(
            CommandRunner.NoStart, ["refresh", "orders", "--show", "--json", .. node]);
        Assert.Contains("\"zone\":\"Europe/Berlin\"", json.Output, StringComparison.Ordinal);
        foreach (var (language, words) in new[]
        {
            ("en", (string[])["Read by the node", "each day at 03:00, Europe/Berlin", "unchanged"]),
            ("zh", ["由节点读取", "每天 03:00（Europe/Berlin）", "无变化"]),
        })
        {
            var page = WebUtility.HtmlDecode(await PageAsync(world, language));
            Assert.All(words, word => Assert.Contains(word, page, StringComparison.Ordinal));
            Assert.Contains($"{url}/t.csv", page, StringComparison.Ordinal);
            Assert.DoesNotContain("sesame", page, StringComparison.Ordinal);
        }
        var off = await CommandRunner.RunAsync(CommandRunner.NoStart, ["refresh", "orders", "--off", .. node]);
        Assert.Contains("never by the clock", off.Output, StringComparison.Ordinal);
        var both = await CommandRunner.RunAsync(
            CommandRunner.NoStart, ["refresh", "orders", "--off", "--whole", .. node]);
        Assert.NotEqual(ExitCode.Done, both.ExitCode);
        Assert.Contains("Say one of them", both.Error, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private static Task<RefreshInfo> SetAsync(TestParticipant holder, ScheduleDraft draft) => holder.PostAsync(
        $"{Id}/schedule", draft, ApiJson.Wire.ScheduleDraft, ApiJson.Wire.RefreshInfo);

    private static Task<RefreshInfo> ShowAsync(TestParticipant holder) =>
        holder.GetAsync($"{Id}/schedule", ApiJson.Wire.RefreshInfo);

    private static string? Cell(SourceWorld world, Product product) => world.Cells(product)[0][0];

    private static async Task<string> PageAsync(SourceWorld world, string language)
    {
        using var http = new HttpClient { BaseAddress = world.Node.Address };
        var token = world.Node.Http.DefaultRequestHeaders.Authorization!.Parameter;
        http.DefaultRequestHeaders.Add("Cookie", $"millrace-{world.Node.Address.Port}={token}");
        return await http.GetStringAsync(
            new Uri($"/portal/shop/products/orders?lang={language}", UriKind.Relative), TestNode.Cancel);
    }

    /// <summary>Lets the time of a turn come, and waits until it was run.</summary>
    [Fact]
    public async Task A_node_for_the_time_of_a_command_takes_no_turns()
    {
        var folder = Directory.CreateTempSubdirectory("millrace-command-");
        List<bool> runs = [];
        try
        {
            var ended = await CommandRunner.RunAsync(
                (options, cancel) => NodeProgram.StartAsync(
                    options, cancel, replace: services => runs.AddRange(
                        [services.Any(s => s.ImplementationType == typeof(RefreshRunner)), options.RunsSchedules])),
                "participant", "add", "holder", "--data", folder.FullName);
            Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        Assert.Equal([false, false], runs);
        Assert.True(new NodeOptions { DataFolder = folder.FullName }.RunsSchedules);
    }

    private async Task<RefreshInfo> LastAsync(TestParticipant holder, DateTimeOffset due)
    {
        _time.Advance(due - _time.GetUtcNow());
        return await Until.SeenAsync(() => ShowAsync(holder), r => r is { Running: false } && r.Last?.At >= due);
    }

    /// <summary>Lets the nodes look for turns several times.</summary>
    private async Task TickAsync(TestParticipant holder, int times)
    {
        for (var i = 0; i < times; i++)
        {
            _time.Advance(_tick);
            await ShowAsync(holder);
        }
    }

    /// <summary>The next request is answered only when it is broken off, or when the test lets it.</summary>
    /// <returns>Ends when that request has come.</returns>
    private Task Hang(Task? until = null, string body = "")
    {
        var come = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _answer = async http =>
        {
            come.TrySetResult();
            await (until ?? Task.Delay(Timeout.Infinite, http.RequestAborted));
            await http.Response.WriteAsync(body);
        };
        return come.Task;
    }

    private async Task<string> ServeAsync()
    {
        _server = await LocalServer.StartAsync(http =>
        {
            Interlocked.Increment(ref _asked);
            return _answer(http);
        });
        return _server.Urls.Single();
    }
}
