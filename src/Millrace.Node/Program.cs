using Millrace.Node.Commands;
using Millrace.Node.Demo;
using Millrace.Node.Hosting;

var world = Surroundings.OfProcess(
    (options, cancel) => NodeProgram.StartAsync(options, cancel), ReportDrawings.DrawAsync);
return await CommandLine.RunAsync(args, world, [DemoCommand.Create], CancellationToken.None);
