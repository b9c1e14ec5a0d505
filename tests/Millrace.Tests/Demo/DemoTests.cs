using System.Diagnostics;

namespace Millrace.Tests.Demo;

public class DemoTests
{
    [Fact]
    public async Task The_demo_does_the_main_job_over_two_nodes_and_ends_with_success()
    {
        var (code, output, errors) = await RunAsync("demo", "--once");
        Assert.True(code == 0, $"{output}\n{errors}");
        Assert.Contains("before: 12.12 minutes", output);
        Assert.Contains("after: 9.6 minutes", output);
        foreach (var refusal in (string[])["unknown-agreement", "wrong-purpose", "withdrawn"])
            Assert.Contains($"refused ({refusal})", output);
        Assert.Contains("to pay: 15.1861 USD", output);
        Assert.Contains("Every step held.", output);
    }

    [Fact]
    public async Task A_folder_that_is_in_use_is_not_taken_for_the_demo()
    {
        var folder = Directory.CreateTempSubdirectory("millrace-test-");
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "mine.txt"), "mine", TestContext.Current.CancellationToken);
            var (code, _, errors) = await RunAsync("demo", "--once", "--keep", folder.FullName);
            Assert.Equal(2, code);
            Assert.Contains("is not empty", errors);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "millrace.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
