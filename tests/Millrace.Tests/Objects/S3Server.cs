using System.Diagnostics;
using System.Globalization;
using Amazon.Runtime;
using Amazon.S3;
using Millrace.Node.Storage.Objects;
using Millrace.Tests.Nodes;
using Millrace.Tests.Objects;

[assembly: AssemblyFixture(typeof(S3Server))]

namespace Millrace.Tests.Objects;

/// <summary>
/// One throw-away S3 server for a whole test run, which others wrote: the package @20minutes/s3rver of npm. It
/// checks signatures, those of chunks too, and keeps objects as files. It is started when the first test asks, and ends
/// with its standard input.
/// </summary>
public sealed class S3Server : IAsyncLifetime
{
    public const string KeyId = "S3RVER";
    public const string Secret = "S3RVER";

    private const string Package = """{ "private": true, "dependencies": { "@20minutes/s3rver": "5.0.0" } }""";

    private const string Script =
        """
        import S3rver from '@20minutes/s3rver';
        const serve = async allowMismatchedSignatures => (await new S3rver({
          port: 0, address: '127.0.0.1', silent: true, directory: './data', vhostBuckets: false,
          allowMismatchedSignatures,
        }).run()).port;
        console.log(await serve(false), await serve(true));
        process.stdin.on('end', () => process.exit(0)).resume();
        """;

    private readonly SemaphoreSlim _starting = new(1);
    private DirectoryInfo? _folder;
    private Process? _process;
    private int _port, _listPort;
    private int _buckets;

    /// <summary>Makes an empty bucket that nobody else has.</summary>
    public async Task<S3Options> CreateBucketAsync()
    {
        await StartAsync();
        var bucket = string.Create(CultureInfo.InvariantCulture, $"bucket-{Interlocked.Increment(ref _buckets)}");
        var options = new S3Options(
            bucket, new Uri($"http://127.0.0.1:{_port}"), S3Options.UsualRegion, KeyId, Secret, true);
        Directory.CreateDirectory(FolderOf(options)); // To this server, a folder is a bucket.
        return options;
    }

    /// <summary>
    /// Where what is in the buckets can be listed: the same server, but for the signature. It reckons that of a list
    /// without the last slash of the address, and so else refuses the node's client.
    /// </summary>
    public Uri ListEndpoint => new($"http://127.0.0.1:{_listPort}");

    /// <summary>Where the server keeps what is in a bucket: to look and to tamper.</summary>
    public string FolderOf(S3Options options) => Path.Combine(_folder!.FullName, "data", options.Bucket);

    /// <summary>A client of the server, beside the store that is tested.</summary>
    public static AmazonS3Client Client(S3Options options) => new(
        new BasicAWSCredentials(KeyId, Secret),
        new AmazonS3Config
        {
            ServiceURL = options.Endpoint!.AbsoluteUri,
            ForcePathStyle = true,
            AuthenticationRegion = options.Region,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        });

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync(CancellationToken.None);
            _process.Dispose();
        }
        _folder?.Delete(recursive: true);
        _starting.Dispose();
    }

    internal static async Task<S3Server> OfRunAsync() =>
        await TestContext.Current.GetFixture<S3Server>()
        ?? throw new InvalidOperationException("The test run has no S3 server.");

    private async Task StartAsync()
    {
        await _starting.WaitAsync(TestNode.Cancel);
        try
        {
            if (_process is not null)
                return;
            _folder = Directory.CreateTempSubdirectory("millrace-s3-");
            await WriteAsync("package.json", Package);
            await WriteAsync("serve.mjs", Script);
            using (var install = Run("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "-s"))
            {
                var said = await install.StandardOutput.ReadToEndAsync(TestNode.Cancel);
                await install.WaitForExitAsync(TestNode.Cancel);
                if (install.ExitCode != 0)
                    throw new InvalidOperationException($"npm could not install s3rver: {said}");
            }
            var process = Run("node", "serve.mjs");
            var ports = await process.StandardOutput.ReadLineAsync(TestNode.Cancel)
                ?? throw new InvalidOperationException("The S3 server does not start.");
            int[] both = [.. ports.Split(' ').Select(p => int.Parse(p, CultureInfo.InvariantCulture))];
            (_port, _listPort) = (both[0], both[1]);
            _process = process;
        }
        finally
        {
            _starting.Release();
        }
    }

    private Task WriteAsync(string name, string content) =>
        File.WriteAllTextAsync(Path.Combine(_folder!.FullName, name), content, TestNode.Cancel);

    private Process Run(string program, params string[] arguments) => Process.Start(
        new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _folder!.FullName, RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
}
