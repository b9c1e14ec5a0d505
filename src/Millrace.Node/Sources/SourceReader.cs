using Millrace.Engine.Supply;

namespace Millrace.Node.Sources;

/// <summary>Fetches what a source holds into files of this node, which are then read as uploads are.</summary>
public sealed class SourceReader(DatabaseSource databases, HttpSource http, S3Source buckets)
{
    /// <param name="folder">Where the files go; whoever asks deletes it.</param>
    /// <returns>The paths of the files of one table, in their order.</returns>
    /// <exception cref="SourceException">It may not be read, or cannot, and why.</exception>
    public async Task<IReadOnlyList<string>> FetchAsync(
        SourceDocument source, string folder, CancellationToken cancel) => source.Kind switch
        {
            "postgresql" or "sqlite" => [await databases.FetchAsync(source, folder, cancel)],
            "http" => [await http.FetchAsync(source, folder, cancel)],
            "s3" => await buckets.FetchAsync(source, folder, cancel),
            _ => throw new SourceException("bad-source", "The kind of a source is postgresql, sqlite, http or s3."),
        };

    /// <summary>The last part of an address or a key, as the name of a file.</summary>
    internal static string FileName(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        name = string.Concat(name.Where(c => !char.IsControl(c) && c is not ('\\' or '/')));
        return name.Trim('.') is "" ? "table" : name.Length > 200 ? name[^200..] : name;
    }
}
