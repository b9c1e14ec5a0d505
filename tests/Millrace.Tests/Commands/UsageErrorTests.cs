using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using System.Text.Json;
using Millrace.Node.Api;
using Millrace.Node.Commands;

namespace Millrace.Tests.Commands;

public sealed class UsageErrorTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("millrace-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Threads_of_a_server_write_numbers_as_the_command_does()
    {
        await CommandRunner.RunAsync(CommandRunner.NoStart, "--version");
        Assert.Equal(CultureInfo.InvariantCulture, CultureInfo.DefaultThreadCurrentCulture);
    }

    [Theory]
    [InlineData("Unrecognized command or argument 'fly'", "fly")]
    [InlineData("See: millrace scenario --help", "scenario")]
    [InlineData("Must be one of: 'breach' 'lost-basis'", "withdraw", "a1", "--ground", "whim")]
    [InlineData("Option '--ground' is required", "withdraw", "a1")]
    [InlineData("Argument 'mood' not recognized", "withdraw", "a1", "--ground", "mood")]
    [InlineData("See: millrace scenario close --help", "scenario", "close", "s1", "--after", "many")]
    [InlineData("'high' for option '--level' as a whole number. See:", "classify", "rides", "--level", "high")]
    [InlineData("--listen must be an address", "serve", "--listen", "here")]
    [InlineData("--flight-port must be a number", "serve", "--flight-port", "70000", "--data", "/no/such")]
    [InlineData("--public must be an address", "serve", "--public", "ftp://n.example", "--data", "/no/such")]
    [InlineData("say the format with --format", "read", "a1", "-o", "rides.xlsx")]
    [InlineData("is a folder", "read", "a1", "-o", "/", "--format", "csv")]
    [InlineData("--limit must be 1 to 500, not 0.", "evidence", "list", "--limit", "0")]
    [InlineData("--limit must be 1 to 500, not 501.", "catalogue", "search", "--limit", "501")]
    [InlineData("--skip must be 0 to 250000, not -1.", "catalogue", "search", "--skip", "-1")]
    [InlineData("--wait must be 0 to 86400, not -5.", "negotiate", "o1", "--wait", "-5")]
    [InlineData("--version must be at least 1, not 0.", "quality", "verify", "rides", "--version", "0")]
    [InlineData("--catalogue-age must be at least 0, not -1.", "serve", "--catalogue-age", "-1", "--data", "/no/such")]
    [InlineData("NEGOTIATION is empty: write it out. See: millrace negotiations show", "negotiations", "show", "")]
    [InlineData("AGREEMENT is empty", "agreements", "")]
    [InlineData("There is no node in /no/such: name the data folder", "agreements", "--data", "/no/such")]
    [InlineData("There is no node in /no/such: name the data folder", "participant", "list", "--data", "/no/such")]
    [InlineData("The folder of /no/such/rides.csv does not exist", "read", "a1", "-o", "/no/such/rides.csv")]
    public async Task What_is_typed_wrong_ends_in_one_line_and_code_2(string sentence, params string[] args)
    {
        var result = await CommandRunner.RunAsync(CommandRunner.NoStart, args);
        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("nothing.csv does not exist", "nothing.csv")]
    [InlineData("folder is a folder", "rides.csv", "--offer", "folder")]
    [InlineData("Two files are called rides.csv", "rides.csv", "folder")]
    [InlineData("empty.csv is empty", "empty.csv")]
    [InlineData("Two files are called rides.csv", "rides.csv", "folder/rides.csv")]
    [InlineData("broken.json is not JSON, see line 1", "rides.csv", "--offer", "broken.json")]
    [InlineData("list.json must hold a JSON object", "rides.csv", "--offer", "list.json")]
    public async Task Files_that_cannot_be_published_are_refused_before_a_node_is_asked(
        string sentence, params string[] args)
    {
        Write("empty.csv", "");
        Write("rides.csv", "a\n1\n");
        Write("broken.json", "{");
        Write("list.json", "[]");
        _folder.CreateSubdirectory("folder");
        Write("folder/rides.csv", "a\n1\n");

        var result = await CommandRunner.RunAsync(
            CommandRunner.NoStart,
            ["publish", .. args.Select(a => a.StartsWith('-') ? a : Path.Combine(_folder.FullName, a))]);
        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_is_not_published_out_of_a_pipe()
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        var path = $"/dev/fd/{pipe.GetClientHandleAsString()}";
        var result = await CommandRunner.RunAsync(CommandRunner.NoStart, "publish", path);
        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Equal($"millrace: {path} is a pipe; save what comes out of it as a file.\n", result.Error);
    }

    [Fact]
    public async Task A_pipe_that_nobody_writes_to_is_not_waited_for()
    {
        var path = Path.Combine(_folder.FullName, "rides.csv");
        using var made = Process.Start("mkfifo", path);
        await made.WaitForExitAsync(CommandRunner.Cancel);
        var result = await CommandRunner.RunAsync(CommandRunner.NoStart, "profile", path);
        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Equal($"millrace: {path} is a pipe; save what comes out of it as a file.\n", result.Error);
    }

    [Fact]
    public async Task With_json_a_failure_is_a_problem_on_the_output_and_a_sentence_beside_it()
    {
        var result = await CommandRunner.RunAsync(CommandRunner.NoStart, "publish", "nothing.csv", "--json");
        var problem = JsonSerializer.Deserialize(result.Output, ApiJson.Wire.Problem)!;
        Assert.Equal(
            ("bad-input", "nothing.csv does not exist; check its name and folder."), (problem.Code, problem.Detail));
        Assert.Equal("millrace: nothing.csv does not exist; check its name and folder.\n", result.Error);
    }

    [Fact]
    public async Task Without_a_node_and_without_a_way_to_start_one_the_code_is_3()
    {
        var result = await CommandRunner.RunAsync(
            CommandRunner.NoStart, "participant", "add", "cta", "--data", _folder.FullName);
        Assert.Equal(ExitCode.NoNode, result.ExitCode);
        Assert.Contains("could not be started", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_option_that_the_node_refuses_at_its_start_is_bad_input()
    {
        var result = await CommandRunner.RunAsync(
            (_, _) => throw new ArgumentException("The database cannot be opened: check --database."),
            "serve", "--database", "Host=nowhere", "--data", _folder.FullName);
        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Equal("millrace: The database cannot be opened: check --database.\n", result.Error);
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);
}
