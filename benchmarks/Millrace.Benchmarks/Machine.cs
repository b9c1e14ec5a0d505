using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Millrace.Benchmarks;

/// <summary>Where and when the figures were taken: a figure without it says little.</summary>
internal sealed record Machine(string Date, string Commit, string System, string Processor, string Memory, string Load)
{
    public static async Task<Machine> LookAsync(TimeProvider time, CancellationToken cancel)
    {
        var load = (await File.ReadAllTextAsync("/proc/loadavg", cancel)).Split(' ');
        var model = await FieldAsync("/proc/cpuinfo", "model name", cancel);
        var memory = double.Parse(
            (await FieldAsync("/proc/meminfo", "MemTotal", cancel)).Split(' ')[0], CultureInfo.InvariantCulture);
        return new Machine(
            time.GetUtcNow().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
            await CommitAsync(cancel),
            $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}",
            $"{Environment.ProcessorCount} × {model}",
            string.Create(CultureInfo.InvariantCulture, $"{memory / 1024 / 1024:0.0} GiB"),
            string.Join(' ', load.Take(3)));
    }

    private static async Task<string> FieldAsync(string file, string field, CancellationToken cancel)
    {
        var lines = await File.ReadAllLinesAsync(file, cancel);
        var line = lines.FirstOrDefault(l => l.StartsWith(field, StringComparison.Ordinal)) ?? ":unknown";
        return line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }

    private static async Task<string> CommitAsync(CancellationToken cancel)
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["describe", "--always", "--dirty"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var said = await git.StandardOutput.ReadToEndAsync(cancel);
            await git.WaitForExitAsync(cancel);
            return git.ExitCode == 0 ? said.Trim() : "unknown";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "unknown"; // No git on this machine.
        }
    }
}
