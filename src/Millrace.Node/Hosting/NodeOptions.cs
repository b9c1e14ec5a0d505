using System.Net;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Objects;

namespace Millrace.Node.Hosting;

/// <summary>All settings of a node, bound once at start.</summary>
public sealed record NodeOptions
{
    /// <summary>Where a node listens that is not told otherwise.</summary>
    public static Uri UsualAddress { get; } = new("http://127.0.0.1:8080");

    /// <summary>The folder that holds keys, objects and, with SQLite, the database.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Where the node listens; port 0 takes a free one.</summary>
    public Uri Listen { get; init; } = UsualAddress;

    /// <summary>The port of Arrow Flight, beside the other; 0 takes a free one, null does without.</summary>
    public int? FlightPort { get; init; }

    /// <summary>
    /// The address under which others reach the node, and the basis of its participants' DIDs. Null: where it listens.
    /// </summary>
    public Uri? PublicAddress { get; init; }

    /// <summary>A PostgreSQL connection string, or null for SQLite.</summary>
    public string? Database { get; init; }

    /// <summary>The S3-compatible store that keeps the objects; null: a folder in the data folder.</summary>
    public S3Options? S3 { get; init; }

    /// <summary>
    /// The master key in base64url, where several nodes share a database; null: the file in the data folder.
    /// </summary>
    public string? MasterKey { get; init; }

    /// <summary>
    /// Allows peers on loopback and private addresses, and DIDs resolved over plain HTTP there: for one machine, a test
    /// or a closed network.
    /// </summary>
    public bool AllowPrivatePeers { get; init; }

    /// <summary>Folders beneath which sources of products may be; none: no local file is a source.</summary>
    public IReadOnlyList<string> SourceFolders { get; init; } = [];

    /// <summary>Hosts (<c>host</c> or <c>host:port</c>) whose databases and stores may be sources.</summary>
    public IReadOnlyList<string> SourceHosts { get; init; } = [];

    /// <summary>
    /// Sources are read by the clock. A node for the time of one command does not: it lacks their settings.
    /// </summary>
    public bool RunsSchedules { get; init; } = true;

    public Limits Limits { get; init; } = Limits.Default;

    public DatabaseOptions DatabaseOptions => new(Database, Path.Combine(DataFolder, "millrace.db"));

    /// <summary>Everything that is wrong with the settings, each in one sentence.</summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = new List<string>();
        if (string.IsNullOrWhiteSpace(DataFolder))
            errors.Add("The data folder must be named: --data DIR.");
        else if (File.Exists(DataFolder))
            errors.Add($"The data folder {DataFolder} is a file: name a folder.");
        foreach (var (name, address) in new[] { ("--listen", Listen), ("--public", PublicAddress) })
        {
            if (address is not null && !IsBase(address))
                errors.Add($"{name} must be an address such as http://127.0.0.1:8080, without a path.");
        }
        if (FlightPort is < IPEndPoint.MinPort or > IPEndPoint.MaxPort)
            errors.Add("--flight-port must be a number up to 65535, such as 8815.");
        else if (FlightPort > 0 && FlightPort == Listen.Port)
            errors.Add("--flight-port must be another port than that of --listen: choose one, such as 8815.");
        errors.AddRange(SourceFolders.Where(f => !Directory.Exists(f)).Select(
            f => $"--source-folder {f} is not there: name a folder."));
        errors.AddRange(S3?.Errors() ?? []);
        if (Limits.CacheBytesMax < 0)
            errors.Add("--cache-max must not be negative.");
        return errors;
    }

    private static bool IsBase(Uri address) =>
        address is { IsAbsoluteUri: true, Scheme: "http" or "https", PathAndQuery: "/", Fragment: "", UserInfo: "" };
}
