using Millrace.Engine.Supply;

namespace Millrace.Node.Sources;

/// <summary>Fetches what a source holds into files of this node, which are then read as uploads are.</summary>
public sealed class SourceReader(DatabaseSource databases, HttpSource http, S3Source buckets)
{
    private const int DocumentCharsMax = 8 * 1024;

    /// <param name="folder">Where the files go; whoever asks deletes it.</param>
    /// <exception cref="SourceException">It may not be read, or cannot, and why.</exception>
    public async Task<Fetched> FetchAsync(SourceAsk ask, string folder, CancellationToken cancel)
    {
        var source = ask.Source;
        // Each version's entry in the log holds the whole document.
        if (Texts(source).Sum(t => t?.Length ?? 0) > DocumentCharsMax)
            throw new SourceException(
                "bad-source",
                $"A source has at most {DocumentCharsMax} characters: make a view in the database of a longer query.");
        if (source is { Kind: "http" or "s3", Incremental: not null })
            throw new SourceException(
                "bad-source", "Only a database is read incrementally: publish files as they come with --append.");
        return source.Kind switch
        {
            "postgresql" or "sqlite" => await databases.FetchAsync(ask, folder, cancel),
            "http" => new Fetched([await http.FetchAsync(source, folder, cancel)]),
            "s3" => new Fetched(await buckets.FetchAsync(source, folder, cancel)),
            _ => throw new SourceException("bad-source", "The kind of a source is postgresql, sqlite, http or s3."),
        };
    }

    /// <summary>The last part of an address or a key, as the name of a file.</summary>
    internal static string FileName(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        name = string.Concat(name.Where(c => !char.IsControl(c) && c is not ('\\' or '/')));
        return name.Trim('.') is "" ? "table" : name.Length > 200 ? name[^200..] : name;
    }

    private static string?[] Texts(SourceDocument s) =>
    [
        s.Connection, s.PasswordFrom, s.Table, s.Query, s.Path, s.Url, s.Endpoint, s.Region, s.Bucket, s.Key, s.Prefix,
        s.KeyIdFrom, s.SecretFrom, s.Incremental?.Column,
    ];
}
