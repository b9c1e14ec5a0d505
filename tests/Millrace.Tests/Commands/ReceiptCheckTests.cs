using System.Text;
using System.Text.Json;
using Millrace.Log;
using Millrace.Node.Api;
using Millrace.Node.Commands;

namespace Millrace.Tests.Commands;

/// <summary>A receipt in the hands of a stranger: two files and a key, and no node anywhere.</summary>
public sealed class ReceiptCheckTests : IDisposable
{
    private const string Entry = """{"data":{"rows":3},"id":"e1"}""";
    private const string Other = """{"data":{"rows":4},"id":"e2"}""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("millrace-test-");
    private readonly NoteSigner _log = NoteSigner.Generate("n.example/me/log");
    private readonly NoteSigner _impostor = NoteSigner.Generate("n.example/me/log");
    private readonly NoteSigner _foreign = NoteSigner.Generate("n.example/you/log");

    public void Dispose()
    {
        _log.Dispose();
        _impostor.Dispose();
        _foreign.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(Entry), InlineData(Entry + "\n"), InlineData(Entry + "\r\n")]
    public async Task A_good_receipt_is_confirmed_without_a_node(string entry)
    {
        var hash = Convert.ToHexStringLower(MerkleTree.HashLeaf(Encoding.UTF8.GetBytes(Entry)));
        var result = await CheckAsync(Receipt(_log), entry);
        Assert.Equal((ExitCode.Done, ""), (result.ExitCode, result.Error));
        Assert.StartsWith(
            "The log has this entry as entry 0.\n  log      n.example/me/log\n  entries  2\n", result.Output,
            StringComparison.Ordinal);
        Assert.Contains(hash, result.Output, StringComparison.Ordinal);
        var json = JsonElement.Parse((await CheckAsync(Receipt(_log), entry, "--json")).Output);
        Assert.True(json.GetProperty("valid").GetBoolean());
        Assert.Equal(hash, json.GetProperty("hash").GetString());
    }

    [Fact]
    public async Task What_is_not_proven_says_why_in_one_sentence_and_ends_with_code_1()
    {
        var (good, forged) = (Receipt(_log), Receipt(_log).Replace("\n2\n", "\n3\n", StringComparison.Ordinal));
        await RefusedAsync("This is not what the log has as entry 0: it is another entry", good, Other);
        await RefusedAsync("This is not what the log has as entry 0: it is another entry", good, Entry[..^1]);
        await RefusedAsync(
            "This is not what the log has as entry 1: it is another entry",
            good.Replace("index 0", "index 1", StringComparison.Ordinal), Entry);
        await RefusedAsync(
            "The receipt is of entry 9, but the log that was signed ends before it.",
            good.Replace("index 0", "index 9", StringComparison.Ordinal), Entry);
        await RefusedAsync("The signature of n.example/me/log is not of this checkpoint: it is forged", forged, Entry);
        await RefusedAsync(
            "The checkpoint is not signed with this key of n.example/me/log, but with another.", Receipt(_impostor),
            Entry);
        await RefusedAsync(
            "The checkpoint is of the log n.example/you/log, not of n.example/me/log.", Receipt(_foreign), Entry);
    }

    [Fact]
    public async Task A_file_or_key_that_is_not_one_is_named_and_ends_with_code_2()
    {
        var good = Receipt(_log);
        for (var length = 1; length < good.Length; length += 7)
            Bad("receipt is no whole receipt: ", await CheckAsync(good[..length], Entry));
        Bad("receipt is empty; make or export it again.", await CheckAsync("", Entry));
        Bad("entry is empty; make or export it again.", await CheckAsync(good, ""));
        Bad("entry is larger than 65537 bytes", await CheckAsync(good, new string('x', 70_000)));
        var receipt = Write("receipt", good);
        Bad(
            "none does not exist; check its name and folder.",
            await RunAsync(receipt, InFolder("none"), _log.Verifier.Format()));
        Bad("The key is not one: A verifier key is: name", await RunAsync(receipt, receipt, "cta"));
        Bad("A receipt is checked with all three", await CommandRunner.RunAsync(
            CommandRunner.NoStart, "evidence", "verify", "--receipt", receipt));
    }

    private async Task RefusedAsync(string sentence, string receipt, string entry)
    {
        var result = await CheckAsync(receipt, entry, "--json");
        Assert.Equal(ExitCode.Refused, result.ExitCode);
        Assert.StartsWith($"millrace: {sentence}", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        Assert.Equal("not-proven", JsonSerializer.Deserialize(result.Output, ApiJson.Wire.Problem)!.Code);
    }

    private static void Bad(string sentence, CommandResult result)
    {
        Assert.Equal((ExitCode.BadInput, ""), (result.ExitCode, result.Output));
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
    }

    private Task<CommandResult> CheckAsync(string receipt, string entry, params string[] more) =>
        RunAsync(Write("receipt", receipt), Write("entry", entry), _log.Verifier.Format(), more);

    private static Task<CommandResult> RunAsync(string receipt, string entry, string key, params string[] more) =>
        CommandRunner.RunAsync(
            CommandRunner.NoStart,
            ["evidence", "verify", "--receipt", receipt, "--entry", entry, "--key", key, .. more]);

    /// <summary>The receipt of the first of two entries.</summary>
    private static string Receipt(NoteSigner signer)
    {
        byte[][] leaves = [.. new[] { Entry, Other }.Select(e => MerkleTree.HashLeaf(Encoding.UTF8.GetBytes(e)))];
        var root = TreeEdge.Empty.Append(leaves).Next.Root();
        return new Receipt(0, [leaves[1]], new Checkpoint(signer.Name, 2, root).Sign(signer)).Format();
    }

    private string Write(string name, string text)
    {
        File.WriteAllText(InFolder(name), text);
        return InFolder(name);
    }

    private string InFolder(string name) => Path.Combine(_folder.FullName, name);
}
