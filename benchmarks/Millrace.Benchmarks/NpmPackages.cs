using System.Diagnostics;

namespace Millrace.Benchmarks;

/// <summary>Real tables that others publish, as packages of npm.</summary>
internal static class NpmPackages
{
    /// <summary>Installs packages into a new folder; none of them runs anything.</summary>
    /// <param name="packages">Such as <c>vega-datasets@3.2.1</c>.</param>
    /// <returns>The folder that they lie in.</returns>
    public static async Task<string> InstallAsync(Bench bench, CancellationToken cancel, params string[] packages)
    {
        var folder = bench.NewFolder("npm");
        await File.WriteAllTextAsync(Path.Combine(folder, "package.json"), """{"private":true}""", cancel);
        string[] options = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
        using var npm = Process.Start(new ProcessStartInfo("npm", [.. options, .. packages])
        {
            WorkingDirectory = folder,
        })!;
        await npm.WaitForExitAsync(cancel);
        return npm.ExitCode == 0
            ? Path.Combine(folder, "node_modules")
            : throw new InvalidOperationException($"npm could not install {string.Join(", ", packages)}.");
    }
}
