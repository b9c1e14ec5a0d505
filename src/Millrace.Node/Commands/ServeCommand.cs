using System.CommandLine;
using Millrace.Node.Commands.Nodes;
using Millrace.Node.Hosting;

namespace Millrace.Node.Commands;

/// <summary><c>millrace serve</c>: the node itself.</summary>
internal static class ServeCommand
{
    public static Command Create(Shell shell)
    {
        var listen = new Option<string>("--listen")
        {
            Description = "The address to listen on.",
            HelpName = "URL",
            DefaultValueFactory = _ => "http://127.0.0.1:8080",
        };
        var @public = new Option<string?>("--public")
        {
            Description = "The address that others reach; the participants' DIDs are built on it.",
            HelpName = "URL",
        };
        var database = new Option<string?>("--database")
        {
            Description = "A PostgreSQL connection string; without it SQLite in the data folder.",
            HelpName = "CONNECTION",
        };
        var privatePeers = new Option<bool>("--allow-private-peers")
        {
            Description = "Let peers have private and loopback addresses, for trying things out.",
        };
        var age = new Option<int>("--catalogue-age")
        {
            Description = "A search reads the catalogues of others again that were read longer ago; 0: always.",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => (int)Limits.Default.CatalogueAge.TotalSeconds,
        }.Within(0, null);
        var flight = new Option<int?>("--flight-port")
        {
            Description = "Serves Arrow Flight too, on this port; without it, it is off.",
            HelpName = "PORT",
        };
        var folders = new Option<string[]>("--source-folder")
        {
            Description = "A folder beneath which sources of products may be files; may be repeated.",
            HelpName = "DIR",
        };
        var hosts = new Option<string[]>("--source-host")
        {
            Description = "A host, or host:port, whose databases and stores may be sources; may be repeated.",
            HelpName = "HOST",
        };
        var storage = new StorageOptions();
        var command = new ExampleCommand(
            "serve",
            "Runs the node until Ctrl-C.",
            "millrace serve",
            "millrace serve --flight-port 8815",
            "millrace serve --listen http://0.0.0.0:8080 --public https://data.example.org --data /var/lib/millrace",
            "millrace serve --source-host db.example.org --source-folder /var/lib/shop",
            "millrace serve --s3-bucket my-data --s3-endpoint https://s3.example.org --cache-max 50000")
        {
            listen, @public, database, privatePeers, age, flight, folders, hosts,
        };
        storage.AddTo(command);
        return shell.Does(command, async (run, cancel) =>
        {
            var options = storage.Apply(new NodeOptions
            {
                DataFolder = run.DataFolder,
                Listen = Address("--listen", run.Value(listen)!),
                PublicAddress = run.Value(@public) is { } address ? Address("--public", address) : null,
                Database = run.Value(database),
                FlightPort = run.Value(flight),
                AllowPrivatePeers = run.Value(privatePeers),
                SourceFolders = [.. run.Value(folders) ?? []],
                SourceHosts = [.. run.Value(hosts) ?? []],
                Limits = Limits.Default with { CatalogueAge = TimeSpan.FromSeconds(Math.Max(0, run.Value(age))) },
            }, run);
            using (var other = await NodeFinder.RunningAsync(options.DataFolder, run.World.Time, cancel))
            {
                if (other is not null)
                    throw CommandFailedException.Refused(
                        "already-running", $"A node already runs on the data folder {options.DataFolder}.");
            }
            await using var node = await NodeFinder.StartAsync(options, run.World, cancel);
            await ServeAsync(run, node, options, cancel);
            return ExitCode.Done;
        });
    }

    private static async Task ServeAsync(Run run, RunningNode node, NodeOptions options, CancellationToken cancel)
    {
        if (run.Json)
        {
            using var client = new NodeClient(node.Address, node.AdminToken);
            run.Screen.Raw(await client.GetTextAsync("node", cancel));
        }
        else
        {
            run.Screen.Line("Millrace is running; Ctrl-C ends it.");
            run.Screen.Facts(
                ("address", node.Address.AbsoluteUri.TrimEnd('/')),
                ("portal", new Uri(node.Address, $"login?token={node.AdminToken}").AbsoluteUri),
                ("flight", node.Flight?.AbsoluteUri.TrimEnd('/')),
                ("data", options.S3 is { } store ? $"{options.DataFolder}, {store.Place}" : options.DataFolder));
        }
        var ended = new TaskCompletionSource();
        await using var _ = cancel.Register(() => ended.TrySetResult());
        await ended.Task;
        run.Screen.Note("Stopping.");
    }

    private static Uri Address(string option, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
            ? address
            : throw CommandFailedException.BadInput($"{option} must be an address such as http://127.0.0.1:8080.");
}
