using System.Text;
using Millrace.Engine.Supply;

namespace Millrace.Node.Sources;

/// <summary>Fetches what a source holds into files of this node, which are then read as uploads are.</summary>
public sealed class SourceReader(DatabaseSource databases, HttpSource http, S3Source buckets, Clock clock)
{
    private const int DocumentCharsMax = 8 * 1024;

    /// <summary>File systems take 255; the name may get an ending.</summary>
    private const int FileNameBytesMax = 240;

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
        if (source is { Kind: "http", Incremental: not null } or { Kind: "s3", Prefix: null, Incremental: not null })
            throw new SourceException(
                "bad-source",
                "Only a database, or what is below a prefix of a bucket, is read incrementally: publish files as they "
                + "come with --append.");
        var most = clock.Limits.SourceTimeMax;
        using var late = new CancellationTokenSource(most, clock.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            return source.Kind switch
            {
                // SQLite computes on the thread that asks it, which may be the one that would see the client go.
                "postgresql" or "sqlite" => await Task.Run(
                    () => databases.FetchAsync(ask, folder, either.Token), either.Token),
                "http" => await http.FetchAsync(ask, folder, either.Token),
                "s3" => await buckets.FetchAsync(ask, folder, either.Token),
                _ => throw new SourceException("bad-source", "The kind of a source is postgresql, sqlite, http or s3."),
            };
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new SourceException(
                "source-slow",
                $"The source was not read to its end within {most.TotalHours:0.#} hours, and was given up: select less "
                + "of it, or see why it answers so slowly.");
        }
    }

    /// <summary>
    /// The last part of a path, an address or a key, as the name of a file; of a long one its end, as much as a file
    /// system takes.
    /// </summary>
    internal static string FileName(string path)
    {
        var name = string.Concat(path[(path.LastIndexOfAny(['/', '\\']) + 1)..].Where(c => !char.IsControl(c)));
        var (at, left) = (name.Length, FileNameBytesMax);
        while (at > 0)
        {
            Rune.DecodeLastFromUtf16(name.AsSpan(0, at), out var letter, out var length);
            if ((left -= letter.Utf8SequenceLength) < 0)
                break;
            at -= length;
        }
        return name.Trim('.') is "" ? "table" : name[at..];
    }

    private static string?[] Texts(SourceDocument s) =>
    [
        s.Connection, s.PasswordFrom, s.Table, s.Query, s.Path, s.Url, s.Endpoint, s.Region, s.Bucket, s.Key, s.Prefix,
        s.KeyIdFrom, s.SecretFrom, s.Incremental?.Column,
    ];
}
