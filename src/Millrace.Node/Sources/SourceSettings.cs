using Millrace.Engine.Supply;

namespace Millrace.Node.Sources;

/// <summary>What the operator allows sources to reach: nothing, unless it is named.</summary>
/// <param name="Folders">Beneath which files may be read.</param>
/// <param name="Hosts">That databases and object stores may be on; <c>host</c> or <c>host:port</c>.</param>
/// <param name="Variable">An environment variable of the node.</param>
public sealed record SourceSettings(
    IReadOnlyList<string> Folders, IReadOnlyList<string> Hosts, Func<string, string?> Variable)
{
    private const string OwnVariables = "MILLRACE_";

    /// <exception cref="SourceException">The operator does not allow the host.</exception>
    public void RequireHost(string host, int port)
    {
        if (!Hosts.Any(h => Same(h, host) || Same(h, $"{host}:{port}")))
            throw new SourceException(
                "host-not-allowed",
                $"Sources may not be on {host}:{port}: start the node with --source-host {host}, if they may.");
    }

    /// <summary>The file behind a path, which no link leads out of its folder.</summary>
    /// <exception cref="SourceException">The operator does not allow it, or there is no such file.</exception>
    public string RequireFile(string path)
    {
        var full = Path.GetFullPath(path);
        var folder = Folders.Select(Path.GetFullPath).FirstOrDefault(f => IsBeneath(full, f))
            ?? throw new SourceException(
                "folder-not-allowed",
                $"Sources may not be in the folder of {Path.GetFileName(full)}: start the node with "
                + "--source-folder and that folder, if they may.");
        for (var at = full; at.Length > folder.Length; at = Path.GetDirectoryName(at)!)
        {
            if (new FileInfo(at).LinkTarget is not null)
                throw new SourceException(
                    "folder-not-allowed", "The path of a source may not have links in it: name the file itself.");
        }
        return File.Exists(full)
            ? full
            : throw new SourceException("missing-file", $"{Path.GetFileName(full)} is not there.");
    }

    /// <summary>A secret out of the environment.</summary>
    /// <param name="member">The member of the document that names the variable.</param>
    /// <exception cref="SourceException">It is not set, or is the node's own.</exception>
    public string Secret(string member, string variable) =>
        !variable.StartsWith(OwnVariables, StringComparison.OrdinalIgnoreCase)
        && Variable(variable) is { Length: > 0 } said
            ? said
            : throw new SourceException(
                "secret-missing",
                $"{member} names {variable}: set that variable in the environment of the node. It may not begin with "
                + $"{OwnVariables}.");

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static bool IsBeneath(string path, string folder) =>
        path.StartsWith(
            Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
