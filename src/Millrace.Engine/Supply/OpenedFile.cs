using System.Text;
using System.Text.Json;

namespace Millrace.Engine.Supply;

/// <summary>A file as it is read: one that was handed in, or what was packed in one.</summary>
/// <param name="Name">For sentences about it.</param>
/// <param name="Packed">The file that was handed in, where this one came out of it.</param>
/// <param name="Sheet">Of a workbook with several: the one that this is.</param>
internal sealed record OpenedFile(string Path, string Name, SourceFile? Packed = null, SheetOfSeveral? Sheet = null)
{
    /// <summary>The file that was handed in, as the manifest names it.</summary>
    public SourceFile HandedIn() => Packed ?? SourceFiles.Described(Path, Name);

    /// <summary>The form that its first bytes tell; what no other form begins with is CSV.</summary>
    public SourceFormat Format
    {
        get
        {
            var head = FileHead.Of(Path);
            return head.IsParquet ? SourceFormat.Parquet
                : head.IsArrow ? SourceFormat.Arrow
                : head.IsWorkbook ? SourceFormat.Excel
                : head.IsJson || head.IsJsonOfValues ? SourceFormat.Json
                : SourceFormat.Csv;
        }
    }
}

/// <summary>The first bytes of a file.</summary>
internal sealed class FileHead
{
    private const int BytesMax = 4096;

    private readonly byte[] _bytes;

    private FileHead(byte[] bytes) => _bytes = bytes;

    /// <summary>RFC 1952.</summary>
    public bool IsGzip => Begins([0x1F, 0x8B]);

    /// <summary>RFC 8878.</summary>
    /// <remarks>It may begin with a frame that is to be skipped, in which programs keep what they like.</remarks>
    public bool IsZstd => Begins([0x28, 0xB5, 0x2F, 0xFD]) || _bytes is [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18, ..];

    /// <summary>One without files begins with its end.</summary>
    public bool IsZip => (Begins("PK\x3\x4"u8) && !IsOpenXml) || Begins("PK\x5\x6"u8);

    /// <summary>Excel: Office Open XML, which is a ZIP that says so, or the older compound file.</summary>
    public bool IsWorkbook => IsOpenXml || Begins([0xD0, 0xCF, 0x11, 0xE0]);

    /// <summary>Arrow IPC: a file, or a stream, which begins with a mark that no text begins with.</summary>
    public bool IsArrow => IsArrowFile || Begins([0xFF, 0xFF, 0xFF, 0xFF]);

    /// <summary>A page of the web, whatever its file is called.</summary>
    public bool IsHtml
    {
        get
        {
            var text = Encoding.ASCII.GetString(Text.TrimStart(" \t\r\n"u8));
            return text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase)
                || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase);
        }
    }

    public bool IsParquet => Begins("PAR1"u8);

    public bool IsArrowFile => Begins("ARROW1"u8);

    /// <summary>An array of objects, or one object after the other.</summary>
    public bool IsJson
    {
        get
        {
            var text = Text.TrimStart(" \t\r\n"u8);
            if (text.StartsWith("["u8)) text = text[1..].TrimStart(" \t\r\n"u8);
            return text.StartsWith("{"u8) && text[1..].TrimStart(" \t\r\n"u8).StartsWith("\""u8);
        }
    }

    /// <summary>JSON, an array that does not begin with an object; CSV may begin with a bracket too.</summary>
    public bool IsJsonOfValues
    {
        get
        {
            var reader = new Utf8JsonReader(Text, isFinalBlock: _bytes.Length < BytesMax, state: default);
            try
            {
                if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray
                    || !reader.Read() || reader.TokenType == JsonTokenType.StartObject)
                {
                    return false;
                }
                while (reader.Read())
                {
                    // Only whether it is well-formed is asked.
                }
                return true;
            }
            catch (JsonException)
            {
                return false;
            }
        }
    }

    /// <summary>Without the mark of UTF-8.</summary>
    private ReadOnlySpan<byte> Text => Begins("\uFEFF"u8) ? _bytes.AsSpan(3) : _bytes;

    private bool IsOpenXml => Begins("PK\x3\x4"u8) &&
        (_bytes.AsSpan().IndexOf("[Content_Types].xml"u8) >= 0 || _bytes.AsSpan().IndexOf("xl/"u8) >= 0);

    public static FileHead Of(string path)
    {
        var bytes = new byte[BytesMax];
        using var file = File.OpenRead(path);
        return new FileHead(bytes[..file.ReadAtLeast(bytes, BytesMax, throwOnEndOfStream: false)]);
    }

    /// <param name="file">At least its first bytes.</param>
    public static FileHead Of(byte[] file) => new(file[..Math.Min(file.Length, BytesMax)]);

    public bool Begins(ReadOnlySpan<byte> with) => _bytes.AsSpan().StartsWith(with);
}
