using System.Text.Json;

namespace Millrace.Node.Commands;

/// <summary>What a read gave, for programs.</summary>
/// <param name="Read">The id of the read, as in both sides' logs.</param>
/// <param name="Verified">Whether the provider sent a digest and the file has it.</param>
internal sealed record ReadReport(
    string Agreement, string Transfer, string File, string Format, long Bytes, string Sha256, bool Verified,
    long? Rows, string? Read);

/// <summary>What reading a collection gave, for programs.</summary>
/// <param name="Files">How many files are in the folder now.</param>
/// <param name="Bytes">Their size.</param>
/// <param name="Fetched">How many of them were not there before.</param>
internal sealed record CollectionReport(
    string Agreement, string Transfer, string Folder, int Files, long Bytes, int Fetched);

/// <summary>What is needed to go on with a read that broke off; stands beside the unfinished file.</summary>
/// <param name="ETag">Of the representation that the bytes so far belong to.</param>
/// <param name="Coding">How the file is compressed: <c>gzip</c> or <c>zstd</c>; null: it is not.</param>
/// <param name="Call">The body of the call of a query, where that is what is read.</param>
/// <param name="File">The path of a file of a collection, where that is what is read.</param>
internal sealed record UnfinishedRead(
    string Agreement, string? Purpose, string? Project, string Format, string Transfer, string? ETag = null,
    string? Provider = null, string? Sql = null, string? Call = null, string? Coding = null,
    string? File = null)
{
    public bool IsFor(UnfinishedRead other) => this with { Transfer = other.Transfer, ETag = other.ETag } == other;
}

/// <summary>A file being downloaded: its bytes so far in FILE.part, what they belong to in FILE.part.json.</summary>
internal sealed class UnfinishedFile
{
    private readonly string _path;
    private readonly string _note;

    public UnfinishedFile(string path)
    {
        Target = System.IO.Path.GetFullPath(path);
        (_path, _note) = ($"{Target}.part", $"{Target}.part.json");
        if (Directory.Exists(Target))
            throw CommandFailedException.BadInput($"{path} is a folder; name a file to write.");
        if (!Directory.Exists(System.IO.Path.GetDirectoryName(Target)))
            throw CommandFailedException.BadInput($"The folder of {path} does not exist.");
    }

    public string Target { get; }

    public long Bytes => File.Exists(_path) ? new FileInfo(_path).Length : 0;

    /// <summary>What an earlier run left; null where it left nothing that can be gone on with.</summary>
    public UnfinishedRead? Earlier()
    {
        try
        {
            return File.Exists(_path) && File.Exists(_note)
                ? JsonSerializer.Deserialize(File.ReadAllText(_note), CommandJson.Default.UnfinishedRead)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public void Note(UnfinishedRead read) =>
        Write(() => File.WriteAllText(_note, JsonSerializer.Serialize(read, CommandJson.Default.UnfinishedRead)));

    /// <summary>Opens the unfinished file for what follows after <paramref name="from"/>.</summary>
    public FileStream Append(long from)
    {
        FileStream? file = null;
        Write(() =>
        {
            file = new FileStream(_path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, 1, useAsync: true);
            file.SetLength(from);
            file.Position = from;
        });
        return file!;
    }

    public FileStream Read() => new(_path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 17, useAsync: true);

    /// <summary>The whole file takes its place at once: nobody ever sees half of it under its name.</summary>
    public void Finish() => Write(() =>
    {
        File.Move(_path, Target, overwrite: true);
        File.Delete(_note);
    });

    public void Drop()
    {
        File.Delete(_path);
        File.Delete(_note);
    }

    /// <summary>Turns what the file system says into a sentence.</summary>
    public void Write(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(e);
        }
    }

    public CommandFailedException Unwritable(Exception e) =>
        CommandFailedException.Refused("cannot-write", $"{Target} cannot be written: {e.Message}");
}
