using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Millrace.Engine.Supply;
using Millrace.Node.Commands;

namespace Millrace.Tests.Commands;

/// <summary>Collections of files from a folder to a node, and from a node into a folder.</summary>
public sealed class CollectionCommandTests
{
    private const string Transfer = "/api/v1/participants/me/transfers/t1";

    [Fact]
    public async Task A_folder_is_sent_with_all_that_is_below_it_and_what_is_said_of_it()
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "me");
        var folder = Directory.CreateDirectory(node.InFolder("photos/ships/old")).Parent!.Parent!;
        File.WriteAllText(Path.Combine(folder.FullName, "ships/old/b.png"), "b");
        File.WriteAllText(Path.Combine(folder.FullName, "empty"), "");
        File.WriteAllText(node.InFolder("secret"), "not below the folder");
        File.CreateSymbolicLink(Path.Combine(folder.FullName, "link"), node.InFolder("secret"));
        File.WriteAllText(node.InFolder("labels.csv"), "path,label\n");
        var (files, index, draft) = (Array.Empty<string>(), "", "");
        node.Gives("POST /api/v1/participants/me/products", async context =>
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            files = [.. form.Files.GetFiles("files").Select(f => f.FileName)];
            index = form.Files.GetFiles("index").Single().FileName;
            draft = form["product"].ToString();
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync("""{"code":"seen","reason":"Seen."}""");
        });
        await CommandRunner.RunAsync(
            node, "publish", folder.FullName + "/", "--files", "--index", node.InFolder("labels.csv"));
        Assert.Equal(["empty", "ships/old/b.png"], files);
        Assert.Equal("labels.csv", index);
        Assert.Equal("""{"title":"photos","kind":"files"}""", draft);
    }

    [Theory]
    [InlineData("An index says more of files", "x.csv", "--index", "x.csv")]
    [InlineData("holds no file", "folder")]
    [InlineData("is a folder", "x.csv", "--files", "--index", "folder")]
    [InlineData("holds no file", "folder", "--files")]
    public async Task What_is_no_collection_is_told_before_anything_is_sent(string sentence, params string[] arguments)
    {
        await using var node = await FakeNode.StartAsync(CommandRunner.Cancel, "me");
        Directory.CreateDirectory(node.InFolder("folder"));
        File.WriteAllText(node.InFolder("x.csv"), "a\n1\n");
        var result = await CommandRunner.RunAsync(
            node, ["publish", .. arguments.Select(a => a.StartsWith('-') ? a : node.InFolder(a))]);
        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_come_into_the_folder_and_those_that_are_there_stay()
    {
        await using var node = await StartAsync(("ships/a b#.png", "one"), ("two", "2"), ("three", "drei"));
        var folder = Directory.CreateDirectory(node.InFolder("out")).FullName;
        File.WriteAllText(Path.Combine(folder, "two"), "2");
        File.WriteAllText(Path.Combine(folder, "three"), "stale");
        File.WriteAllText(Path.Combine(folder, "mine"), "mine");

        var result = await CommandRunner.RunAsync(node, ["read", "a1", "--files", "-o", folder, "--json"]);
        Assert.Equal(("", ExitCode.Done), (result.Error, result.ExitCode));
        Assert.Contains("\"files\":3,\"bytes\":8,\"fetched\":2", result.Output, StringComparison.Ordinal);
        Assert.Equal("one", File.ReadAllText(Path.Combine(folder, "ships/a b#.png")));
        Assert.Equal("drei", File.ReadAllText(Path.Combine(folder, "three")));
        Assert.Equal("mine", File.ReadAllText(Path.Combine(folder, "mine")));
        Assert.DoesNotContain($"GET {Transfer}/files/two", node.Asked.Select(a => a.Request));
        Assert.Empty(new DirectoryInfo(folder).GetFiles("*.part*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("../out")]
    [InlineData("/tmp/out")]
    [InlineData("a/../../out")]
    [InlineData("a\\b")]
    [InlineData("")]
    public async Task A_name_that_leads_out_of_the_folder_is_not_followed(string name)
    {
        await using var node = await StartAsync(("first", "1"), (name, "evil"));
        var result = await CommandRunner.RunAsync(node, ["read", "a1", "--files", "-o", node.InFolder("out")]);
        Assert.Equal(ExitCode.Refused, result.ExitCode);
        Assert.Contains("leads out of the folder", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(node.InFolder("out")));
    }

    [Fact]
    public async Task A_file_that_is_not_the_one_of_the_index_is_told()
    {
        await using var node = await StartAsync(("a", "1"));
        node.Gives($"GET {Transfer}/files/a", context => context.Response.WriteAsync("2"));
        var result = await CommandRunner.RunAsync(node, ["read", "a1", "--files", "-o", node.InFolder("out")]);
        Assert.Equal(ExitCode.Refused, result.ExitCode);
        Assert.Contains("(changed)", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_has_no_files()
    {
        await using var node = await StartAsync();
        node.Gives($"GET {Transfer}/data", context => context.Response.WriteAsync("{\"id\":1}\n"));
        var result = await CommandRunner.RunAsync(node, ["read", "a1", "--files", "-o", node.InFolder("out")]);
        Assert.Equal(ExitCode.Refused, result.ExitCode);
        Assert.Contains("(no-files)", result.Error, StringComparison.Ordinal);
    }

    private static async Task<FakeNode> StartAsync(params (string Path, string Content)[] files)
    {
        var node = await FakeNode.StartAsync(CommandRunner.Cancel, "me");
        const string Started =
            """
            {"id":"t1","agreement":"a1","role":"consumer","peer":"did:web:p.example","state":"STARTED",
             "createdAt":"2026-01-02T03:04:05Z","updatedAt":"2026-01-02T03:04:05Z"}
            """;
        node.Gives("POST /api/v1/participants/me/transfers", Started, 202).Gives($"GET {Transfer}", Started)
            .Gives($"POST {Transfer}/completion", Started);
        string Digest(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
        string Row((string Path, string Content) f)
        {
            var path = f.Path.Replace("\\", "\\\\", StringComparison.Ordinal);
            return $$"""{"path":"{{path}}","bytes":{{f.Content.Length}},"sha256":"{{Digest(f.Content)}}"}""";
        }
        node.Gives($"GET {Transfer}/data", context => context.Response.WriteAsync(
            string.Concat(files.Select(f => Row(f) + "\n"))));
        foreach (var (path, content) in files)
            node.Gives(
                $"GET {Transfer}/files/{CollectionPath.Escaped(path)}",
                context => context.Response.WriteAsync(content));
        return node;
    }
}
