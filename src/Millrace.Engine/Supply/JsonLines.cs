namespace Millrace.Engine.Supply;

/// <summary>
/// Goes through a JSON file byte by byte: how deep it is nested, whether its numbers are kept, and, of an array, an
/// object in each line. The engine holds an array in memory as a whole, and lines one by one.
/// </summary>
internal sealed class JsonLines
{
    private const int BufferBytes = 1 << 17;
    private const string AfterTheEnd = "goes on after the end of its array";

    private readonly string _file;
    private readonly int _depthMax;
    private readonly Stream? _lines;
    private readonly int _memberDepth;
    private readonly JsonNumbers _numbers;
    private readonly byte[] _out = new byte[BufferBytes];
    private int _filled, _depth;
    private bool _isText, _isEscaped, _isLineBegun, _hasEnded;

    private JsonLines(string file, int depthMax, Stream? lines)
    {
        (_file, _depthMax, _lines) = (file, depthMax, lines);
        (_memberDepth, _numbers) = (lines is null ? 1 : 2, new JsonNumbers(file));
    }

    /// <summary>
    /// Whether a file is an array, whose elements are written to another, and whether no number of it loses a digit.
    /// </summary>
    /// <param name="target">Where the elements are written, each in a line; only there if the file is an array.</param>
    /// <param name="name">For sentences about the file.</param>
    /// <param name="depthMax">How deep the file may be nested.</param>
    /// <exception cref="SourceException">
    /// The file is nested deeper, its array does not end, or a number is too long to be one.
    /// </exception>
    public static (bool IsArray, bool KeepsNumbers) Of(
        string path, string target, string name, int depthMax, CancellationToken cancel)
    {
        using var file = File.OpenRead(path);
        var buffer = new byte[BufferBytes];
        var read = file.ReadAtLeast(buffer, BufferBytes, throwOnEndOfStream: false);
        var start = buffer.AsSpan(0, read).StartsWith("\uFEFF"u8) ? "\uFEFF"u8.Length : 0;
        var isArray = buffer.AsSpan(start, read - start).TrimStart(" \t\r\n"u8).StartsWith("["u8);
        using var lines = isArray ? File.Create(target) : null;
        var reader = new JsonLines(name, depthMax, lines);
        for (; read > 0; read = file.Read(buffer), start = 0)
        {
            cancel.ThrowIfCancellationRequested();
            reader.Take(buffer.AsSpan(start, read - start));
        }
        reader.End();
        return (isArray, reader._numbers.AreKept);
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        foreach (var c in bytes)
        {
            if (_isText)
            {
                if (_isEscaped) _isEscaped = false;
                else if (c == '\\') _isEscaped = true;
                else if (c == '"') _isText = false;
                Write(c);
                continue;
            }
            _numbers.Next(c, isOfMember: _depth == _memberDepth);
            switch (c)
            {
                case (byte)'{' or (byte)'[':
                    if (++_depth > _depthMax)
                        throw Bad($"is nested more than {_depthMax} levels deep; flatten it");
                    if (_depth > 1 || _lines is null)
                        Write(c);
                    break;
                case (byte)'}' or (byte)']':
                    if (_hasEnded)
                        throw Bad(AfterTheEnd);
                    if (--_depth > 0 || _lines is null)
                        Write(c);
                    else
                        EndLine(isLast: true);
                    break;
                case (byte)',' when _depth == 1 && _lines is not null:
                    EndLine(isLast: false);
                    break;
                case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n':
                    if (_isLineBegun)
                        Put((byte)' '); // A line end would end the object.
                    break;
                default:
                    _isText = c == '"';
                    Write(c);
                    break;
            }
        }
    }

    private void Write(byte c)
    {
        if (_lines is null)
            return;
        if (_hasEnded || _depth == 0)
            throw Bad(AfterTheEnd);
        _isLineBegun = true;
        Put(c);
    }

    private void EndLine(bool isLast)
    {
        if (_lines is null)
            return;
        if (!_isLineBegun && !(isLast && _filled == 0 && _lines.Position == 0))
            throw Bad("has a comma without an object");
        if (_isLineBegun)
            Put((byte)'\n');
        (_isLineBegun, _hasEnded) = (false, isLast);
    }

    private void Put(byte c)
    {
        _out[_filled++] = c;
        if (_filled == _out.Length)
            Flush();
    }

    private void Flush()
    {
        _lines!.Write(_out.AsSpan(0, _filled));
        _filled = 0;
    }

    private void End()
    {
        if (_lines is null)
            return;
        if (!_hasEnded)
            throw Bad("ends before its array does; copy or export it again");
        Flush();
    }

    private SourceException Bad(string what) => new("bad-json", $"{_file} {what}.");
}
