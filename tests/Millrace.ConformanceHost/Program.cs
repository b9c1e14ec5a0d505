using System.Runtime.InteropServices;
using Millrace.ConformanceHost;

if (args is ["--help"] or ["-h"])
{
    Console.WriteLine(HostOptions.Usage);
    return 0;
}
try
{
    var ended = new TaskCompletionSource();
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
    await using var connector = await ConnectorUnderTest.StartAsync(HostOptions.Parse(args), CancellationToken.None);
    foreach (var (name, value) in connector.Settings)
        Console.WriteLine($"{name}={value}");
    await Console.Error.WriteLineAsync("The connector is ready; Ctrl-C ends it.");
    await ended.Task;
    return 0;

    void End(PosixSignalContext signal)
    {
        signal.Cancel = true;
        ended.TrySetResult();
    }
}
catch (ArgumentException wrong)
{
    await Console.Error.WriteLineAsync($"{wrong.Message}\n{HostOptions.Usage}");
    return 2;
}
catch (IOException unusable)
{
    await Console.Error.WriteLineAsync(unusable.Message);
    return 1;
}
