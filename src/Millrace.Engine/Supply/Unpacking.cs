using System.Buffers.Binary;
using System.IO.Compression;
using ZstdSharp;

namespace Millrace.Engine.Supply;

/// <summary>Takes out what is packed in files: gzip, zstd, and each file of a ZIP. One layer, not more.</summary>
internal static class Unpacking
{
    public const int FilesMax = 1_000;

    /// <summary>How a member of a gzip file begins: RFC 1952, deflated.</summary>
    private static ReadOnlySpan<byte> Member => [0x1F, 0x8B, 0x08];

    /// <param name="folder">Where what is taken out goes.</param>
    /// <param name="bytesMax">Of all that comes out of one file.</param>
    /// <exception cref="SourceException">It cannot be unpacked, or not within bounds.</exception>
    public static IReadOnlyList<OpenedFile> Open(string path, string folder, long bytesMax, CancellationToken cancel)
    {
        var name = Path.GetFileName(path);
        var head = FileHead.Of(path);
        if (!head.IsGzip && !head.IsZstd && !head.IsZip) return [new OpenedFile(path, name)];
        var bound = new UnpackingBound(name, new FileInfo(path).Length, bytesMax, cancel);
        try
        {
            var source = SourceFiles.Described(path, name);
            using var packed = File.OpenRead(path);
            if (head.IsZip) return FromZip(packed, source, folder, bound);
            using Stream plain = head.IsGzip
                ? new GZipStream(packed, CompressionMode.Decompress)
                : new DecompressionStream(packed);
            var inner = Path.GetFileNameWithoutExtension(name);
            var opened = Opened(plain, inner.Length > 0 ? inner : name, source, folder, bound);
            if (head.IsGzip) RequireWhole(path, new FileInfo(opened.Path).Length);
            return [opened];
        }
        catch (Exception e) when (e is InvalidDataException or ZstdException or EndOfStreamException)
        {
            throw new SourceException("bad-archive", $"{name} is a damaged archive; copy or pack it again.");
        }
    }

    /// <summary>
    /// GZipStream takes the end of a cut file for its end. A whole one tells last how long its text was; one of several
    /// members tells it of the last member.
    /// </summary>
    private static void RequireWhole(string path, long length)
    {
        using var file = File.OpenRead(path);
        var tail = new byte[sizeof(uint)];
        file.Seek(-tail.Length, SeekOrigin.End);
        file.ReadExactly(tail);
        var told = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        if (told != (uint)length && !(told < length && HasSeveralMembers(file)))
            throw new InvalidDataException("The text is shorter than the file says.");
    }

    private static bool HasSeveralMembers(FileStream file)
    {
        file.Seek(1, SeekOrigin.Begin);
        var buffer = new byte[1 << 17];
        for (int kept = 0, read; (read = file.Read(buffer, kept, buffer.Length - kept)) > 0;)
        {
            var seen = buffer.AsSpan(0, kept + read);
            if (seen.IndexOf(Member) >= 0) return true;
            kept = Math.Min(2, seen.Length);
            seen[^kept..].CopyTo(buffer);
        }
        return false;
    }

    /// <summary>A workbook is a ZIP that its own library unpacks: what comes out of it is counted before.</summary>
    /// <exception cref="SourceException">It is more than can be taken.</exception>
    public static void RequireBounded(OpenedFile workbook, long bytesMax, CancellationToken cancel)
    {
        using var packed = File.OpenRead(workbook.Path);
        var bound = new UnpackingBound(workbook.Name, packed.Length, bytesMax, cancel);
        if (!FileHead.Of(workbook.Path).Begins("PK"u8)) return;
        using var zip = new ZipArchive(packed, ZipArchiveMode.Read);
        var buffer = new byte[1 << 17];
        foreach (var entry in zip.Entries)
        {
            using var plain = entry.Open();
            while (plain.Read(buffer) is > 0 and var read) bound.Take(read);
        }
    }

    private static List<OpenedFile> FromZip(FileStream packed, SourceFile source, string folder, UnpackingBound bound)
    {
        using var zip = new ZipArchive(packed, ZipArchiveMode.Read);
        // Folders have no name of their own; what begins with a dot or lies in __MACOSX is a system's, not a person's.
        var entries = zip.Entries
            .Where(e => e.Name.Length > 0 && e.Name[0] != '.')
            .Where(e => !e.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal))
            .OrderBy(e => e.FullName, StringComparer.Ordinal)
            .ToList();
        if (entries.Count is 0 or > FilesMax)
            throw new SourceException(
                "bad-archive", $"{source.Name} holds {entries.Count} files; pack between 1 and {FilesMax}.");
        var opened = new List<OpenedFile>();
        foreach (var entry in entries)
        {
            if (entry.IsEncrypted)
                throw new SourceException(
                    "encrypted", $"{entry.Name} in {source.Name} is encrypted; pack it without a password.");
            using var plain = entry.Open();
            opened.Add(Opened(plain, entry.Name, source, folder, bound));
        }
        return opened;
    }

    private static OpenedFile Opened(Stream plain, string name, SourceFile source, string folder, UnpackingBound bound)
    {
        var path = Path.Combine(folder, $"opened-{Path.GetRandomFileName()}");
        using (var file = File.Create(path))
        {
            var buffer = new byte[1 << 17];
            while (plain.Read(buffer) is > 0 and var read)
            {
                bound.Take(read);
                file.Write(buffer.AsSpan(0, read));
            }
        }
        var head = FileHead.Of(path);
        if (new FileInfo(path).Length == 0) throw CsvSource.Empty(name);
        return head.IsGzip || head.IsZstd || head.IsZip
            ? throw new SourceException("packed-twice", $"{name} in {source.Name} is packed again; unpack it once.")
            : new OpenedFile(path, name, source);
    }
}
