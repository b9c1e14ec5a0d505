using System.IO.Compression;
using Millrace.Engine.Duck;
using ZstdSharp;

namespace Millrace.Engine.Supply;

/// <summary>Takes out what is packed in files: gzip, zstd, and each file of a ZIP. One layer, not more.</summary>
internal static class Unpacking
{
    public const int FilesMax = 1_000;

    /// <summary>
    /// GZipStream takes the end of a cut file for its end. So one more member is read behind each gzip file: only where
    /// that is whole its text comes last.
    /// </summary>
    private static readonly byte[] _lastText = [.. "the end of a whole file"u8];

    private static readonly byte[] _lastMember = Packed(_lastText);

    /// <param name="folder">Where what is taken out goes.</param>
    /// <param name="bytesMax">Of all that comes out of one file.</param>
    /// <exception cref="SourceException">It cannot be unpacked, or not within bounds.</exception>
    public static IReadOnlyList<OpenedFile> Open(string path, string folder, long bytesMax, CancellationToken cancel)
    {
        var name = Path.GetFileName(path);
        var head = FileHead.Of(path);
        if (!head.IsGzip && !head.IsZstd && !head.IsZip) return [new OpenedFile(path, name)];
        var bound = new UnpackingBound(name, LargeFiles.BytesOf(path), bytesMax, cancel);
        try
        {
            var source = SourceFiles.Described(path, name);
            using var packed = File.OpenRead(path);
            if (head.IsZip) return FromZip(packed, source, folder, bound);
            using Stream plain = head.IsGzip
                ? new GZipStream(new FollowedStream(packed, _lastMember), CompressionMode.Decompress)
                : new DecompressionStream(packed);
            var inner = Path.GetFileNameWithoutExtension(name);
            return [Opened(
                plain, inner.Length > 0 ? inner : name, source, folder, bound, head.IsGzip ? _lastText : null)];
        }
        catch (Exception e) when (e is InvalidDataException or ZstdException or EndOfStreamException)
        {
            throw new SourceException("bad-archive", $"{name} is a damaged archive; copy or pack it again.");
        }
    }

    /// <summary>
    /// Reads the first bytes of a file, or of the first one that is packed in it; how many, fewer only where there are
    /// no more, or where they are damaged.
    /// </summary>
    public static int ReadFirst(string path, byte[] bytes)
    {
        var head = FileHead.Of(path);
        using var file = File.OpenRead(path);
        try
        {
            using var zip = head.IsZip ? new ZipArchive(file, ZipArchiveMode.Read) : null;
            using var plain = zip is not null ? Entries(zip).FirstOrDefault()?.Open()
                : head.IsGzip ? new GZipStream(file, CompressionMode.Decompress)
                : head.IsZstd ? new DecompressionStream(file)
                : file;
            return plain?.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) ?? 0;
        }
        catch (Exception e) when (e is InvalidDataException or ZstdException or EndOfStreamException)
        {
            return 0;
        }
    }

    private static byte[] Packed(byte[] text)
    {
        using var packed = new MemoryStream();
        using (var to = new GZipStream(packed, CompressionLevel.Fastest)) to.Write(text);
        return packed.ToArray();
    }

    private static void TakeOff(FileStream file, byte[] last)
    {
        var tail = new byte[last.Length];
        file.Seek(-Math.Min(tail.Length, file.Length), SeekOrigin.End);
        file.ReadAtLeast(tail, tail.Length, throwOnEndOfStream: false);
        if (!tail.AsSpan().SequenceEqual(last)) throw new InvalidDataException("The file ends before its text does.");
        file.SetLength(file.Length - last.Length);
    }

    /// <summary>
    /// A workbook is a ZIP that its own library unpacks: what comes out of it is counted before. One of the older
    /// format is not packed, and has no more texts than bytes.
    /// </summary>
    /// <exception cref="SourceException">It is more than can be taken.</exception>
    public static void RequireBounded(OpenedFile workbook, EngineOptions options, CancellationToken cancel)
    {
        using var packed = File.OpenRead(workbook.Path);
        var bound = new UnpackingBound(workbook.Name, packed.Length, options.UnpackedBytesMax, cancel);
        var kept = 0L;
        if (!FileHead.Of(workbook.Path).Begins("PK"u8))
        {
            if (packed.Length > options.WorkbookPartBytesMax)
                throw new SourceException(
                    "unpacks-too-far",
                    $"{workbook.Name} has more than {options.WorkbookPartBytesMax} bytes, and in Excel's older format "
                    + "all texts of them have to be in memory at once; save it as .xlsx, or the sheet as CSV.");
            return;
        }
        using var zip = new ZipArchive(packed, ZipArchiveMode.Read);
        var buffer = new byte[1 << 17];
        foreach (var entry in zip.Entries)
        {
            using var plain = entry.Open();
            var isKept = IsKept(entry.Name);
            while (plain.Read(buffer) is > 0 and var read)
            {
                bound.Take(read);
                if (isKept && (kept += read) > options.WorkbookPartBytesMax)
                    throw new SourceException(
                        "unpacks-too-far",
                        $"{workbook.Name} has more than {options.WorkbookPartBytesMax} bytes of texts and styles, "
                        + "which all have to be in memory at once; save the sheet as CSV.");
            }
        }
    }

    /// <summary>Sheets are read row by row; what they refer to is read whole before.</summary>
    private static bool IsKept(string part) =>
        part.StartsWith("sharedStrings", StringComparison.OrdinalIgnoreCase)
        || part.StartsWith("styles", StringComparison.OrdinalIgnoreCase)
        || part.StartsWith("workbook", StringComparison.OrdinalIgnoreCase);

    private static List<OpenedFile> FromZip(FileStream packed, SourceFile source, string folder, UnpackingBound bound)
    {
        using var zip = new ZipArchive(packed, ZipArchiveMode.Read);
        var entries = Entries(zip);
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

    // Folders have no name of their own; what begins with a dot or lies in __MACOSX is a system's, not a person's.
    private static List<ZipArchiveEntry> Entries(ZipArchive zip) =>
    [
        .. zip.Entries
            .Where(e => e.Name.Length > 0 && e.Name[0] != '.')
            .Where(e => !e.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal))
            .OrderBy(e => e.FullName, StringComparer.Ordinal),
    ];

    /// <param name="last">What must come last, and is no part of it.</param>
    private static OpenedFile Opened(
        Stream plain, string name, SourceFile source, string folder, UnpackingBound bound, byte[]? last = null)
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
            if (last is not null) TakeOff(file, last);
        }
        var head = FileHead.Of(path);
        if (new FileInfo(path).Length == 0) throw CsvSource.Empty(name);
        return head.IsGzip || head.IsZstd || head.IsZip
            ? throw new SourceException("packed-twice", $"{name} in {source.Name} is packed again; unpack it once.")
            : new OpenedFile(path, name, source);
    }
}
