using Millrace.Node;
using Millrace.Node.Commands;
using Millrace.Node.Hosting;
using Millrace.Node.Storage.Objects;

namespace Millrace.Tests.Commands;

/// <summary>Where objects are, by what is typed and by the environment.</summary>
public sealed class StorageOptionsTests : IDisposable
{
    private const long Mebibyte = 1024 * 1024;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("millrace-options-");

    private readonly Dictionary<string, string> _environment = new()
    {
        [S3Options.KeyIdVariable] = "key",
        [S3Options.SecretVariable] = "hush-hush",
    };

    [Fact]
    public async Task Nothing_said_is_the_data_folder_and_the_usual_bound()
    {
        var (options, _) = await ServeAsync();
        Assert.Null(options!.S3);
        Assert.Equal(Limits.Default.CacheBytesMax, options.Limits.CacheBytesMax);
    }

    [Fact]
    public async Task What_is_typed_wins_over_the_environment()
    {
        _environment["MILLRACE_S3_BUCKET"] = "said";
        _environment["MILLRACE_S3_ENDPOINT"] = "https://s3.example.org";
        _environment["MILLRACE_S3_REGION"] = "eu-1";
        _environment["MILLRACE_CACHE_MAX"] = "7";
        var endpoint = new Uri("https://s3.example.org");
        var (said, _) = await ServeAsync();
        Assert.Equal(new S3Options("said", endpoint, "eu-1", "key", "hush-hush", true), said!.S3);
        Assert.Equal(7 * Mebibyte, said.Limits.CacheBytesMax);

        var (typed, _) = await ServeAsync(
            "--s3-bucket", "typed", "--s3-region", "eu-2", "--s3-path-style", "false", "--cache-max", "9");
        Assert.Equal(new S3Options("typed", endpoint, "eu-2", "key", "hush-hush", false), typed!.S3);
        Assert.Equal(9 * Mebibyte, typed.Limits.CacheBytesMax);
    }

    [Fact]
    public async Task A_command_that_starts_a_node_for_a_moment_finds_the_bucket_too()
    {
        _environment["MILLRACE_S3_BUCKET"] = "said";
        var (options, _) = await RunAsync("participant", "add", "cta");
        Assert.Equal(
            new S3Options("said", null, S3Options.UsualRegion, "key", "hush-hush", false), options!.S3);
    }

    [Theory]
    [InlineData("MILLRACE_S3_ENDPOINT", "nowhere", "--s3-endpoint")]
    [InlineData("MILLRACE_S3_PATH_STYLE", "perhaps", "MILLRACE_S3_PATH_STYLE")]
    [InlineData("MILLRACE_CACHE_MAX", "-1", "MILLRACE_CACHE_MAX")]
    [InlineData("MILLRACE_S3_SECRET", "", "MILLRACE_S3_SECRET")]
    [InlineData("MILLRACE_S3_BUCKET", "a/b", "--s3-bucket")]
    public async Task What_cannot_be_right_ends_in_a_sentence_that_names_it(string variable, string value, string named)
    {
        _environment["MILLRACE_S3_BUCKET"] = "bucket";
        _environment[variable] = value;
        var (options, result) = await ServeAsync();
        Assert.Null(options);
        Assert.Equal(ExitCode.BadInput, result.ExitCode);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hush-hush", result.Error + result.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private Task<(NodeOptions? Options, CommandResult Result)> ServeAsync(params string[] args) =>
        RunAsync(["serve", .. args]);

    /// <returns>The options that a node was to be started with; null: none was.</returns>
    private async Task<(NodeOptions? Options, CommandResult Result)> RunAsync(params string[] args)
    {
        NodeOptions? seen = null;
        using var output = new StringWriter();
        using var error = new StringWriter();
        NodeStart start = (options, _) =>
        {
            seen = options;
            throw new IOException("Seen.");
        };
        var world = CommandRunner.World(output, error, start) with { Variable = _environment.GetValueOrDefault };
        var code = await CommandLine.RunAsync([.. args, "--data", _folder.FullName], world, CommandRunner.Cancel);
        return (seen, new CommandResult(code, output.ToString(), error.ToString()));
    }
}
