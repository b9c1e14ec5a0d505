using Millrace.Node.Commands;

NodeStart start = (_, _) => throw new InvalidOperationException("This build holds no node.");
return await CommandLine.RunAsync(args, Surroundings.OfProcess(start), CancellationToken.None);
