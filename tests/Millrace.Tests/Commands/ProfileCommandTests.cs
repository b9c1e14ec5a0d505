using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Millrace.Node.Commands;
using ZstdSharp;

namespace Millrace.Tests.Commands;

/// <summary><c>millrace profile</c>.</summary>
public sealed class ProfileCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("millrace-profile-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Each_column_is_told_in_a_block_of_its_own()
    {
        var file = Write("t.csv", "id,delay,city\n" + string.Concat(
            Enumerable.Range(1, 40)
                .Select(i => $"{i},{i % 4},{(i % 4 == 0 ? "" : i % 2 == 0 ? "ORD" : "MDW")}\n")));
        var told = await RunAsync("profile", file);
        Assert.Equal(("", ExitCode.Done), (told.Error, told.ExitCode));
        Assert.StartsWith("t.csv: 40 rows, 3 columns\n\nid  Integer\n", told.Output, StringComparison.Ordinal);
        foreach (var line in (string[])[
            "range      1 … 40", "different  40", "mean       1.5, standard deviation 1.13228", "histogram  ████",
            "missing    10 (25 %)", "frequent   MDW 20 (50 %) · ORD 10 (25 %)", "length     3 characters",
            "shapes     AAA 30 (75 %)"])
            Assert.Contains($"\n  {line}\n", told.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_with_the_same_columns_are_one_table_and_others_are_refused()
    {
        var (one, two) = (Write("a.csv", "id,n\n1,2\n"), Write("b.csv", "id,n\n2,2\n3,2\n"));
        var json = await RunAsync("profile", one, two, "--json");
        var report = JsonDocument.Parse(json.Output).RootElement;
        Assert.Equal("""["a.csv","b.csv"]""", report.GetProperty("files").GetRawText());
        Assert.Equal(3, report.GetProperty("profile").GetProperty("rows").GetInt64());
        var other = await RunAsync("profile", one, Write("c.csv", "id,m\n2,2\n"));
        Assert.Equal(ExitCode.BadInput, other.ExitCode);
        Assert.StartsWith("millrace: c.csv has other columns", other.Error, StringComparison.Ordinal);
        foreach (var (path, sentence) in new[]
        {
            (Path.Combine(_folder, "none.csv"), "does not exist"), (_folder, "is a folder"),
            (Write("empty.csv", ""), "is empty"),
        })
        {
            var refused = await RunAsync("profile", path);
            Assert.Equal((ExitCode.BadInput, ""), (refused.ExitCode, refused.Output));
            Assert.Contains(sentence, refused.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Columns_that_are_a_key_together_are_told_in_every_form()
    {
        var file = Write("t.csv", "line,stop,rides\n" + string.Concat(
            Enumerable.Range(0, 120).Select(i => $"{i % 10},S{i / 10},{i * i % 7}\n")));
        Assert.Contains(
            "\nColumns that together may be a key: no combination of their values occurs twice in all 120 rows\n"
            + "  line · stop\n", (await RunAsync("profile", file)).Output, StringComparison.Ordinal);
        Assert.Contains(
            "\"compositeKeys\":[{\"columns\":[\"line\",\"stop\"],\"rows\":120}]",
            (await RunAsync("profile", file, "--json")).Output, StringComparison.Ordinal);
        var document = WebUtility.HtmlDecode((await RunAsync("profile", file, "--html")).Output);
        Assert.Contains("was found twice: line + stop", document, StringComparison.Ordinal);
        Assert.Contains("in all 120 rows", document, StringComparison.Ordinal);
        Assert.Contains(
            "组合）：line + stop", WebUtility.HtmlDecode((await RunAsync("profile", file, "--html", "--language", "zh"))
                .Output).Replace("： ", "：", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_rows_a_key_of_several_columns_is_told_with_what_its_sample_excludes()
    {
        var file = Write("t.csv", "line,stop\n" + string.Concat(
            Enumerable.Range(0, 10_000).Select(i => $"{i % 100},S{i / 100}\n")));
        Assert.Contains(
            " twice in 8,192 rows, an even choice; with 99 % confidence fewer than 0.14 % of all rows repeat one\n"
            + "  line · stop\n", (await RunAsync("profile", file)).Output, StringComparison.Ordinal);
        Assert.Contains(
            "in 8,192 rows, an even choice; fewer than 0.14 %",
            (await RunAsync("profile", file, "--html")).Output, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task No_value_of_a_sensitive_column_is_told(bool json)
    {
        var file = Write("people.csv", "email,plan\n" + string.Concat(
            Enumerable.Range(0, 60)
                .Select(i => $"person{i % 20}@mail.example.org,{(i % 3 == 0 ? "gold" : "basic")}\n")));
        var told = await RunAsync(json ? ["profile", file, "--json"] : ["profile", file]);
        Assert.Equal(("", ExitCode.Done), (told.Error, told.ExitCode));
        Assert.DoesNotContain("mail.example", told.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("@", told.Output, StringComparison.Ordinal);
        Assert.Contains("gold", told.Output, StringComparison.Ordinal);
        Assert.Contains(json ? "\"withheld\":[\"email\"]" : "  withheld   ", told.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_values_are_stands_beside_their_type_in_every_form()
    {
        var file = Write("t.csv", "手机号,password,paid\n" + string.Concat(
            Enumerable.Range(0, 50).Select(i => $"{(i == 0 ? 7 : 13_800_138_000 + i)},{i * i % 9 + 1},{i % 7}\n")));
        var text = (await RunAsync("profile", file)).Output;
        Assert.Contains("\n手机号  Integer, cn-mobile (98 %)\n", text, StringComparison.Ordinal);
        Assert.Contains("\npassword  Integer, credential (by its name)\n", text, StringComparison.Ordinal);
        Assert.Contains("\npaid  Integer\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("13800138", text, StringComparison.Ordinal);
        Assert.Contains(
            """
            "semanticTypes":[{"column":"手机号","kind":"cn-mobile","share":0.98},{"column":"password","kind":"credential"}]
            """.Trim(), (await RunAsync("profile", file, "--json")).Output, StringComparison.Ordinal);
        foreach (var (language, mobile, named) in new[]
        {
            ("en", "Chinese mobile number · 98 %", "by the column's name"), ("zh", "手机号 · 98 %", "依据列名"),
        })
        {
            var drawn = await RunAsync("profile", file, "--html", "--language", language);
            var html = string.Concat(WebUtility.HtmlDecode(drawn.Output).Where(c => !char.IsWhiteSpace(c)));
            Assert.Contains(Solid(mobile), html, StringComparison.Ordinal);
            Assert.Contains(Solid($"<td class=\"number\">{named}</td>"), html, StringComparison.Ordinal);
            Assert.DoesNotContain("0/50", html, StringComparison.Ordinal);
            Assert.DoesNotContain("13,800,138", html, StringComparison.Ordinal);
        }

        static string Solid(string text) => text.Replace(" ", "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_stranger_wrote_into_values_does_not_reach_the_terminal()
    {
        var file = Write("t.csv", "a,c\nx\u001b[31my,1\nx\u001b[31my,2\n");
        var told = await RunAsync("profile", file);
        Assert.Equal(ExitCode.Done, told.ExitCode);
        Assert.DoesNotContain('\u001b', told.Output + told.Error);
        Assert.Contains("[31my", told.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".gz")]
    [InlineData(".zst")]
    [InlineData(".zip")]
    public async Task Of_a_large_file_the_first_rows_are_told_first_and_marked_as_provisional(string packing)
    {
        var file = Path.Combine(_folder, "large.csv" + packing);
        await WriteLargeAsync(file, packing);
        var told = await RunAsync("profile", file);
        Assert.Equal(ExitCode.Done, told.ExitCode);
        Assert.StartsWith($"large.csv{packing}: 280,000 rows, 2 columns\n", told.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("PROVISIONAL", told.Output, StringComparison.Ordinal);
        Assert.Matches(
            @"^PROVISIONAL: only the first ([0-9]{2},[0-9]{3}) rows of (large.csv[.a-z]*).\n\2: \1 rows, 2 columns\n",
            told.Error);
        Assert.EndsWith("The whole table is being measured.\n", told.Error, StringComparison.Ordinal);
        var json = await RunAsync("profile", file, "--json");
        Assert.Equal("", json.Error);
    }

    [Fact]
    public async Task Behind_a_link_a_large_file_is_as_large_as_it_is()
    {
        var file = Path.Combine(_folder, "large.csv.gz");
        await WriteLargeAsync(file, ".gz");
        var link = Path.Combine(_folder, "link.gz");
        File.CreateSymbolicLink(link, file);
        Assert.StartsWith("PROVISIONAL", (await RunAsync("profile", link)).Error, StringComparison.Ordinal);
    }

    private static async Task WriteLargeAsync(string file, string packing)
    {
        await using var to = File.Create(file);
        using var zip = packing == ".zip" ? new ZipArchive(to, ZipArchiveMode.Create, leaveOpen: true) : null;
        await using var rows = packing switch
        {
            ".gz" => new GZipStream(to, CompressionLevel.Fastest),
            ".zst" => new CompressionStream(to, 1),
            ".zip" => zip!.CreateEntry("large.csv", CompressionLevel.Fastest).Open(),
            _ => (Stream)to,
        };
        await using var writer = new StreamWriter(rows);
        await writer.WriteAsync("n,text\n");
        for (var i = 1; i <= 280_000; i++)
        {
            // Texts of which most cannot be packed away.
            var text = Convert.ToHexString(SHA512.HashData(BitConverter.GetBytes(i)));
            await writer.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{i},\"{text}\"\n"));
        }
    }

    private static Task<CommandResult> RunAsync(params string[] args) =>
        CommandRunner.RunAsync(CommandRunner.NoStart, args);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
