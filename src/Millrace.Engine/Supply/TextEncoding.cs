using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using UtfUnknown;

namespace Millrace.Engine.Supply;

/// <summary>Finds the encoding of a text file by reading all of it, and its digest on the way.</summary>
internal static class TextEncoding
{
    private const int ChunkBytes = 1 << 20;
    private const int EvidenceBytesMax = 1 << 18;

    static TextEncoding() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>What one reading of a file showed.</summary>
    /// <param name="Encoding">Strict: it throws on bytes that it cannot read.</param>
    internal sealed record Finding(Encoding Encoding, long Bytes, string Sha256);

    /// <param name="named">The encoding that somebody has stated, or null.</param>
    /// <exception cref="SourceException">Not text, or no known encoding.</exception>
    public static Finding Detect(string path, string? named, CancellationToken cancel)
    {
        var name = Path.GetFileName(path);
        using var file = File.OpenRead(path);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var evidence = new ArrayBufferWriter<byte>();
        var buffer = new byte[ChunkBytes];
        var (carried, isUtf8, head) = (0, true, Array.Empty<byte>());
        for (int read; (read = file.ReadAtLeast(buffer.AsSpan(carried), ChunkBytes / 2, false)) > 0;)
        {
            cancel.ThrowIfCancellationRequested();
            digest.AppendData(buffer, carried, read);
            var chunk = buffer.AsSpan(0, carried + read);
            if (head.Length == 0) head = chunk[..Math.Min(chunk.Length, 4096)].ToArray();
            var whole = WholeCharacters(chunk);
            isUtf8 &= Utf8.IsValid(chunk[..whole]);
            Gather(chunk[..whole], evidence);
            carried = chunk.Length - whole;
            chunk[whole..].CopyTo(buffer);
        }
        isUtf8 &= carried == 0;
        var encoding = named is null ? Guess(head, isUtf8, evidence.WrittenSpan, name) : Named(named);
        return new Finding(Strict(encoding), file.Length, Convert.ToHexStringLower(digest.GetHashAndReset()));
    }

    /// <summary>Writes a UTF-8 copy.</summary>
    /// <exception cref="SourceException">The text is not in that encoding after all.</exception>
    public static void Transcode(string source, Encoding encoding, string target, CancellationToken cancel)
    {
        using var reader = new StreamReader(source, encoding);
        using var writer = new StreamWriter(target, append: false, new UTF8Encoding(false, true));
        var buffer = new char[ChunkBytes / 2];
        try
        {
            for (int read; (read = reader.ReadBlock(buffer)) > 0;)
            {
                cancel.ThrowIfCancellationRequested();
                writer.Write(buffer, 0, read);
            }
            writer.Flush();
        }
        catch (Exception e) when (e is DecoderFallbackException or EncoderFallbackException)
        {
            throw Unreadable(Path.GetFileName(source), $"is not whole as {encoding.WebName}");
        }
    }

    private static Encoding Guess(byte[] head, bool isUtf8, ReadOnlySpan<byte> evidence, string name)
    {
        if (head is [0xFF, 0xFE, 0, 0, ..]) return Encoding.UTF32;
        if (head is [0, 0, 0xFE, 0xFF, ..]) return new UTF32Encoding(bigEndian: true, byteOrderMark: true);
        if (head is [0xFF, 0xFE, ..]) return Encoding.Unicode;
        if (head is [0xFE, 0xFF, ..]) return Encoding.BigEndianUnicode;
        if (head.AsSpan().StartsWith("PK\u0003\u0004"u8))
            throw new SourceException(
                "unreadable-encoding", $"{name} is a workbook or an archive, not text; save it as CSV and try again.");
        if (head.AsSpan().StartsWith("%PDF-"u8))
            throw new SourceException("not-a-table", $"{name} is a PDF document; hand in the table that it shows.");
        if (head.AsSpan().Contains((byte)0)) return WideOrBinary(head, name);
        if (isUtf8) return Encoding.UTF8;
        var found = CharsetDetector.DetectFromBytes(evidence.ToArray()).Detected;
        // To the usual detector they look alike.
        if ((LooksWestern(evidence) || found?.Encoding?.IsSingleByte == true)
            && LatinPages.Central(evidence) is { } central)
        {
            return central;
        }
        // The usual detector needs much text to be sure; Chinese is told from Latin by its pairs of high bytes.
        if (found is null or { Confidence: < 0.9f } || found.Encoding is null || IsSingleByteOrGb(found.EncodingName))
        {
            return LooksLikeGb18030(evidence) ? Encoding.GetEncoding("GB18030")
                : LooksWestern(evidence) ? Encoding.GetEncoding(1252)
                : found is { Confidence: >= 0.5f, Encoding: { IsSingleByte: true } other } ? other
                : throw Unreadable(name, "is in an encoding that cannot be told");
        }
        return found.Encoding;
    }

    private static bool IsSingleByteOrGb(string name) =>
        name.StartsWith("iso-8859-1", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("windows-1252", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("gb", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("hz-gb", StringComparison.OrdinalIgnoreCase)
        || name is "utf-7" or "utf-8" or "ascii" or "us-ascii";

    /// <summary>Western languages have few letters beyond ASCII, and rarely two side by side.</summary>
    private static bool LooksWestern(ReadOnlySpan<byte> text)
    {
        var (high, beside) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] < 0x80) continue;
            high++;
            if (i > 0 && text[i - 1] >= 0x80) beside++;
        }
        return 3 * beside < high;
    }

    /// <summary>True when the text reads as GB18030 and four of five pairs are common characters (both bytes
    /// high).</summary>
    private static bool LooksLikeGb18030(ReadOnlySpan<byte> text)
    {
        var (common, rare) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] < 0x80) continue;
            if (text[i] is 0x80 or 0xFF || i + 1 >= text.Length) return i + 1 >= text.Length && common > 0;
            var next = text[++i];
            if (next >= 0xA1 && text[i - 1] >= 0xA1) common++;
            else if (next is >= 0x40 and not 0x7F and not 0xFF) rare++;
            else if (next is >= 0x30 and <= 0x39) (i, rare) = (i + 2, rare + 1);
            else return false;
        }
        return common > 0 && common >= 4 * rare;
    }

    /// <summary>UTF-16 without its mark has its zero bytes on one side.</summary>
    private static Encoding WideOrBinary(byte[] head, string name)
    {
        var odd = head.Where((b, i) => i % 2 == 1 && b == 0).Count();
        var even = head.Where((b, i) => i % 2 == 0 && b == 0).Count();
        if (odd > 10 * even && odd * 4 > head.Length) return Encoding.Unicode;
        if (even > 10 * odd && even * 4 > head.Length) return Encoding.BigEndianUnicode;
        throw new SourceException(
            "unreadable-encoding", $"{name} is not a text file; hand in a table, such as CSV or Parquet.");
    }

    private static Encoding Named(string named)
    {
        try
        {
            return Encoding.GetEncoding(named);
        }
        catch (ArgumentException)
        {
            throw new SourceException("unreadable-encoding", "The stated encoding is unknown; use a name such as "
                + "gb18030.");
        }
    }

    private static Encoding Strict(Encoding encoding) => Encoding.GetEncoding(
        encoding.CodePage, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);

    private static SourceException Unreadable(string name, string what) => new(
        "unreadable-encoding", $"The text of {name} {what}; save it as UTF-8 and try again.");

    /// <summary>How many bytes there are without a character of UTF-8 that the end cuts off.</summary>
    private static int WholeCharacters(ReadOnlySpan<byte> text)
    {
        for (var back = 1; back <= Math.Min(3, text.Length); back++)
        {
            var b = text[^back];
            if ((b & 0xC0) == 0x80) continue;
            var needed = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : b >= 0xC0 ? 2 : 1;
            return needed > back ? text.Length - back : text.Length;
        }
        return text.Length;
    }

    /// <summary>Keeps lines that hold more than ASCII, for the guess.</summary>
    private static void Gather(ReadOnlySpan<byte> chunk, ArrayBufferWriter<byte> evidence)
    {
        var lines = chunk;
        while (evidence.WrittenCount < EvidenceBytesMax && !lines.IsEmpty)
        {
            var high = lines.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
            if (high < 0) return;
            var start = lines[..high].LastIndexOf((byte)'\n') + 1;
            var length = lines[high..].IndexOf((byte)'\n');
            var end = length < 0 ? lines.Length : high + length + 1;
            evidence.Write(lines[start..Math.Min(end, start + EvidenceBytesMax)]);
            lines = lines[end..];
        }
    }
}
