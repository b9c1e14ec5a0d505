using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Millrace.Benchmarks;

const string Help = """
    ./bench [NAME…] [--write] [--program FILE] [--folder DIR]
      NAME       what to measure; without one, everything. --list names them.
      --write    puts the figures into docs/benchmarks.md as well
      --program  the program to measure; ./bench hands in the release it has just made
      --folder   where the throw-away files go: the disk there decides what a durable commit costs
    """;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
using var interrupted = new CancellationTokenSource();
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
var cancel = interrupted.Token;
var write = false;
var program = "artifacts/release/millrace";
var folder = Path.GetTempPath();
var names = new List<string>();
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--help" or "-h":
            Console.WriteLine(Help);
            return 0;
        case "--list":
            foreach (var measure in Measure.All)
                Console.WriteLine($"{measure.Name,-14}{measure.Title}");
            return 0;
        case "--write":
            write = true;
            break;
        case "--program" when i + 1 < args.Length:
            program = args[++i];
            break;
        case "--folder" when i + 1 < args.Length:
            folder = args[++i];
            break;
        case var name when Measure.All.Any(m => m.Name == name):
            names.Add(name);
            break;
        default:
            Console.Error.WriteLine($"There is no measure or option {args[i]}.\n{Help}");
            return 2;
    }
}
if (!File.Exists(program))
{
    Console.Error.WriteLine($"There is no {program}: run ./release first.");
    return 2;
}

var work = Directory.CreateDirectory(Path.Combine(folder, $"millrace-bench-{Environment.ProcessId}")).FullName;
try
{
    var bench = new Bench(Path.GetFullPath(program), work, TimeProvider.System);
    var machine = Report.Machine(await Machine.LookAsync(bench.Time, cancel));
    Console.WriteLine(machine);
    var figures = new StringBuilder($"## Figures\n\n{machine}\n");
    var missed = 0;
    foreach (var measure in Measure.All.Where(m => names.Count == 0 || names.Contains(m.Name)))
    {
        Bench.Say($"Measuring: {measure.Title}…");
        var found = await measure.RunAsync(bench, cancel);
        var table = Report.Table(measure, found);
        Console.WriteLine($"\n{table}");
        figures.Append('\n').Append(table);
        missed += found.Count(f => f.Holds == false);
    }
    if (write)
        await Report.WriteAsync("docs/benchmarks.md", figures.ToString(), cancel);
    Bench.Say(missed == 0 ? "Every goal holds." : $"{missed} goals are missed.");
    return 0; // A missed goal is a figure, not a failure: machines differ.
}
catch (OperationCanceledException) when (cancel.IsCancellationRequested)
{
    return 1; // What was started has been stopped on the way here.
}
finally
{
    Directory.Delete(work, recursive: true);
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    interrupted.Cancel();
}
