using System.Diagnostics;

namespace Millrace.Tests.Nodes;

/// <summary>A folder with packages of npm and a script of Node.js that uses them.</summary>
internal sealed class NpmFolder : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("millrace-npm-").FullName;

    public string Folder => _folder;

    public async Task WriteAsync(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, content, TestNode.Cancel);
    }

    /// <summary>Installs what <c>package.json</c> names; no package runs anything.</summary>
    public Task InstallAsync() => RunAsync("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund");

    /// <summary>What a program prints; the test fails where it does.</summary>
    public async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestNode.Cancel);
        var output = await process.StandardOutput.ReadToEndAsync(TestNode.Cancel);
        await process.WaitForExitAsync(TestNode.Cancel);
        Assert.True(process.ExitCode == 0, $"{program}: {output} {await error}");
        return output;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
