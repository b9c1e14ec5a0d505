namespace Millrace.Node.Storage.Objects;

/// <summary>
/// Local files that can be had again: governed views, objects of a store elsewhere, and states of files, as
/// <c>cache/ab/abcd…</c> by their digest or another. Together they have a bound: what was not used for longest goes
/// first. What is held never goes, nor what was used last, even where it alone is larger. Thread-safe.
/// </summary>
public sealed class FileCache
{
    public const string Folder = "cache";

    /// <summary>How often the file itself is told of its use, which is for the order after a restart.</summary>
    private static readonly TimeSpan TouchInterval = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>From the one that was not used for longest to the one used last.</summary>
    private readonly LinkedList<Entry> _byUse = new();

    private readonly string _folder;
    private readonly string _going;
    private readonly Ids _ids;
    private readonly Clock _clock;
    private long _bytes;

    public FileCache(string dataFolder, Ids ids, Clock clock)
    {
        (_ids, _clock) = (ids, clock);
        _folder = Directory.CreateDirectory(Path.Combine(dataFolder, Folder)).FullName;
        _going = Path.Combine(_folder, "going");
        if (Directory.Exists(_going)) // A crash left it.
            Directory.Delete(_going, recursive: true);
        foreach (var file in Stored().OrderBy(f => f.LastWriteTimeUtc).ThenBy(f => f.Name, StringComparer.Ordinal))
            Add(new Entry(file.Name, file.FullName, file.Length, file.LastWriteTimeUtc));
        Trim();
    }

    /// <summary>The bytes of all files in it.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
                return _bytes;
        }
    }

    /// <summary>The file, held; null where it is not there, or somebody deleted or cut it.</summary>
    public LocalFile? Find(string sha256)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(sha256, out var entry))
                return null;
            if (new FileInfo(entry.Path) is { Exists: true, Length: var length } && length == entry.Bytes)
                return Held(entry);
            Remove(entry);
            return null;
        }
    }

    /// <summary>Takes over a file, which is then held. Afterwards it is gone where it was.</summary>
    /// <param name="file">A complete file, made under a name of <see cref="IncomingFiles"/>.</param>
    public LocalFile Keep(string file, string sha256)
    {
        var path = Path.Combine(_folder, IncomingFiles.NameOf(sha256));
        var bytes = new FileInfo(file).Length;
        LocalFile kept;
        lock (_gate)
        {
            if (!_entries.TryGetValue(sha256, out var entry) && File.Exists(path))
                File.Delete(path); // Nobody knows of it: it was cut, or came from elsewhere.
            IncomingFiles.Keep(file, path);
            kept = Held(entry ?? Add(new Entry(sha256, path, bytes, DateTime.MinValue)));
        }
        Trim();
        return kept;
    }

    /// <summary>Deletes a file, as when it is damaged; not while it is held.</summary>
    public void Forget(string sha256)
    {
        string? moved;
        lock (_gate)
        {
            if (!_entries.TryGetValue(sha256, out var entry) || entry.Holders > 0)
                return;
            Remove(entry);
            moved = MovedAway(entry.Path);
        }
        if (moved is not null)
            File.Delete(moved);
    }

    private IEnumerable<FileInfo> Stored() =>
        from folder in new DirectoryInfo(_folder).EnumerateDirectories("??")
        from file in folder.EnumerateFiles()
        where file.Name.Length == 64 && file.Name.StartsWith(folder.Name, StringComparison.Ordinal)
        select file;

    private Entry Add(Entry entry)
    {
        _entries.Add(entry.Sha256, entry);
        _byUse.AddLast(entry.Place);
        _bytes += entry.Bytes;
        return entry;
    }

    private void Remove(Entry entry)
    {
        if (!_entries.Remove(entry.Sha256))
            return;
        _byUse.Remove(entry.Place);
        _bytes -= entry.Bytes;
    }

    private LocalFile Held(Entry entry)
    {
        _byUse.Remove(entry.Place);
        _byUse.AddLast(entry.Place);
        var now = _clock.Now.UtcDateTime;
        if (now - entry.TouchedAt >= TouchInterval)
        {
            entry.TouchedAt = now;
            File.SetLastWriteTimeUtc(entry.Path, now);
        }
        return new LocalFile(entry.Path, () => Hold(entry));
    }

    private Action Hold(Entry entry)
    {
        lock (_gate)
            entry.Holders++;
        return () =>
        {
            lock (_gate)
                entry.Holders--;
            Trim();
        };
    }

    private void Trim()
    {
        var going = new List<string>();
        lock (_gate)
        {
            var next = _byUse.First;
            while (_bytes > _clock.Limits.CacheBytesMax && next is { Value: var entry } && next != _byUse.Last)
            {
                next = next.Next;
                if (entry.Holders > 0)
                    continue;
                Remove(entry);
                if (MovedAway(entry.Path) is { } moved)
                    going.Add(moved);
            }
        }
        foreach (var file in going) // Outside, for a large file takes the disk a while.
            File.Delete(file);
    }

    private string? MovedAway(string path)
    {
        var target = Path.Combine(_going, _ids.New());
        Directory.CreateDirectory(_going); // Whoever empties the cache by hand may have taken it.
        try
        {
            File.Move(path, target);
            return target;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null; // Somebody deleted it.
        }
    }

    private sealed class Entry
    {
        public Entry(string sha256, string path, long bytes, DateTime touchedAt)
        {
            (Sha256, Path, Bytes, TouchedAt) = (sha256, path, bytes, touchedAt);
            Place = new LinkedListNode<Entry>(this);
        }

        public string Sha256 { get; }

        public string Path { get; }

        public long Bytes { get; }

        public LinkedListNode<Entry> Place { get; }

        public DateTime TouchedAt { get; set; }

        public int Holders { get; set; }
    }
}
