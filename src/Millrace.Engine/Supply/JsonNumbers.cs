using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Millrace.Engine.Supply;

/// <summary>
/// The numbers of a JSON file that are members of its objects, which stand one after the other. The engine reads them
/// as doubles: one that has more digits than a double gives back is put in quotes, and so is a text whose type is found
/// as that of others is.
/// </summary>
internal sealed class JsonNumbers
{
    private const int NumberBytesMax = 1_000, DigitsMax = 15, BufferBytes = 1 << 17;

    private readonly string _file;
    private readonly Stream? _copy;
    private readonly byte[] _number = new byte[NumberBytesMax];
    private int _length, _depth;
    private bool _isText, _isEscaped;

    /// <param name="file">For sentences about it.</param>
    public JsonNumbers(string file) => _file = file;

    private JsonNumbers(string file, Stream copy) => (_file, _copy) = (file, copy);

    /// <summary>Whether no number so far loses a digit.</summary>
    public bool AreKept { get; private set; } = true;

    /// <summary>Takes the next byte that is in no text.</summary>
    /// <param name="isOfMember">It stands where members of the objects do, and not deeper.</param>
    /// <returns>Whether it is one of a number.</returns>
    /// <exception cref="SourceException">A number is too long to be one.</exception>
    public bool Next(byte c, bool isOfMember)
    {
        if (!isOfMember || !IsOfNumber(c))
        {
            EndNumber();
            return false;
        }
        if (_length == NumberBytesMax)
            throw new SourceException(
                "bad-json", $"{_file} has a number of more than {NumberBytesMax} digits; make a text of it.");
        _number[_length++] = c;
        return true;
    }

    /// <summary>Copies a file, with long numbers in quotes.</summary>
    public static void Quote(string path, string copy, CancellationToken cancel)
    {
        using var to = new BufferedStream(File.Create(copy), BufferBytes);
        new JsonNumbers(path, to).Read(path, cancel);
    }

    private void Read(string path, CancellationToken cancel)
    {
        using var file = File.OpenRead(path);
        var buffer = new byte[BufferBytes];
        while (file.Read(buffer) is > 0 and var read)
        {
            cancel.ThrowIfCancellationRequested();
            foreach (var c in buffer.AsSpan(0, read))
                Take(c);
        }
        EndNumber();
    }

    private void Take(byte c)
    {
        if (!_isText && Next(c, isOfMember: _depth == 1))
            return;
        _copy!.WriteByte(c);
        if (_isEscaped) _isEscaped = false;
        else if (_isText && c == '\\') _isEscaped = true;
        else if (c == '"') _isText = !_isText;
        else if (!_isText && c is (byte)'{' or (byte)'[') _depth++;
        else if (!_isText && c is (byte)'}' or (byte)']') _depth--;
    }

    private void EndNumber()
    {
        if (_length == 0) return;
        var isKept = IsKept(_number.AsSpan(0, _length));
        AreKept &= isKept;
        if (_copy is not null)
        {
            if (!isKept) _copy.WriteByte((byte)'"');
            _copy.Write(_number, 0, _length);
            if (!isKept) _copy.WriteByte((byte)'"');
        }
        _length = 0;
    }

    private static bool IsOfNumber(byte c) => c is (>= (byte)'0' and <= (byte)'9')
        or (byte)'.' or (byte)'-' or (byte)'+' or (byte)'e' or (byte)'E';

    /// <summary>As <see cref="CsvTyping"/> says it of texts; whole numbers the engine keeps itself.</summary>
    private static bool IsKept(ReadOnlySpan<byte> number)
    {
        if (number.Length <= DigitsMax || !number.ContainsAny(".eE"u8) || !Utf8Parser.TryParse(
            number, out double value, out var read) || read != number.Length || !double.IsFinite(value))
        {
            return true;
        }
        var digits = Digits(Encoding.ASCII.GetString(number));
        return digits.Length <= DigitsMax || Array.Exists(
            (string[])["R", "E16", "E18"],
            form => Digits(value.ToString(form, CultureInfo.InvariantCulture)) == digits);
    }

    private static string Digits(string number) =>
        number.Split('e', 'E')[0].Replace(".", "", StringComparison.Ordinal).Trim('-', '+').Trim('0');
}
