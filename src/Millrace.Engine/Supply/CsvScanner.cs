using System.Buffers;
using System.Text;

namespace Millrace.Engine.Supply;

/// <summary>
/// Reads the structure of CSV in UTF-8 (RFC 4180, any delimiter, lines ended by LF, CRLF or CR): where records end and
/// how many cells they have. It keeps the text of the first records only, so it needs no memory for the others.
/// </summary>
internal sealed class CsvScanner
{
    /// <summary>Longest record that is taken in; DuckDB's own limit.</summary>
    public const int RecordBytesMax = 2_000_000;

    private const byte Quote = (byte)'"', Lf = (byte)'\n', Cr = (byte)'\r';
    private readonly byte _delimiter;
    private readonly int _keep;
    private readonly SearchValues<byte> _stops;
    private readonly ArrayBufferWriter<byte> _cell = new();
    private readonly List<string> _cells = [];
    private State _state = State.CellStart;
    private bool _afterCr, _hasText;
    private int _count;
    private long _recordLine = 1, _line = 1, _recordBytes;

    /// <param name="keep">How many records to keep as text.</param>
    public CsvScanner(char delimiter, int keep)
    {
        (_delimiter, _keep) = ((byte)delimiter, keep);
        _stops = SearchValues.Create([_delimiter, Lf, Cr]);
    }

    private enum State { CellStart, Plain, Quoted, AfterQuote }

    /// <summary>The first records, blank lines not counted.</summary>
    public List<string[]> Kept { get; } = [];

    /// <summary>Cells in the first record; 0 before it.</summary>
    public int Width { get; private set; }

    /// <summary>Records so far. A blank line is a record only where there is one column.</summary>
    public long Records { get; private set; }

    /// <summary>Blank lines before the first record.</summary>
    public int BlankLinesAhead { get; private set; }

    /// <summary>Whether a cell holds the end of a line.</summary>
    public bool HasLinesInCells { get; private set; }

    /// <summary>The first record that has another number of cells than the first: its line and its cells.</summary>
    public (long Line, int Cells)? Ragged { get; private set; }

    /// <summary>The line where quotes went wrong.</summary>
    public long? BadQuoteLine { get; private set; }

    /// <summary>The line of a record that is too long.</summary>
    public long? LongLine { get; private set; }

    /// <summary>True when reading on is of no use.</summary>
    public bool Broken => Ragged is not null || BadQuoteLine is not null || LongLine is not null;

    public void Feed(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty && !Broken)
        {
            if (_afterCr)
            {
                _afterCr = false;
                if (text[0] == Lf)
                {
                    text = text[1..];
                    continue;
                }
            }
            var taken = _state switch
            {
                State.CellStart => StartCell(text),
                State.Plain => Plain(text),
                State.Quoted => InQuotes(text),
                _ => AfterQuote(text),
            };
            _recordBytes += taken;
            if (_recordBytes > RecordBytesMax) LongLine = _recordLine;
            text = text[taken..];
        }
    }

    /// <summary>Call when all text was fed.</summary>
    public void End()
    {
        if (Broken) return;
        if (_state == State.Quoted) BadQuoteLine = _recordLine;
        else if (_state != State.CellStart || _count > 0) EndRecord();
    }

    private int StartCell(ReadOnlySpan<byte> text)
    {
        if (text[0] == Quote)
        {
            (_state, _hasText) = (State.Quoted, true);
            return 1;
        }
        _state = State.Plain;
        return 0;
    }

    private int Plain(ReadOnlySpan<byte> text)
    {
        var stop = text.IndexOfAny(_stops);
        var cell = stop < 0 ? text : text[..stop];
        _hasText |= cell.Length > 0;
        Keep(cell);
        return stop < 0 ? text.Length : stop + Separator(text[stop]);
    }

    private int InQuotes(ReadOnlySpan<byte> text)
    {
        var stop = text.IndexOf(Quote);
        var cell = stop < 0 ? text : text[..stop];
        _line += cell.Count(Lf);
        HasLinesInCells = HasLinesInCells || cell.ContainsAny(Lf, Cr);
        Keep(cell);
        if (stop < 0) return text.Length;
        _state = State.AfterQuote;
        return stop + 1;
    }

    private int AfterQuote(ReadOnlySpan<byte> text)
    {
        if (text[0] == Quote)
        {
            Keep(text[..1]);
            _state = State.Quoted;
            return 1;
        }
        if (text[0] == _delimiter || text[0] is Lf or Cr) return Separator(text[0]);
        BadQuoteLine = _line;
        return text.Length;
    }

    private int Separator(byte separator)
    {
        if (separator == _delimiter)
        {
            EndCell();
            return 1;
        }
        _afterCr = separator == Cr;
        EndRecord();
        _line++;
        _recordLine = _line;
        return 1;
    }

    private void EndCell()
    {
        _count++;
        _state = State.CellStart;
        if (Kept.Count < _keep) _cells.Add(Encoding.UTF8.GetString(_cell.WrittenSpan));
        _cell.ResetWrittenCount();
    }

    private void EndRecord()
    {
        EndCell();
        var blank = _count == 1 && !_hasText;
        if (blank && Records == 0) BlankLinesAhead++;
        if (!blank || Width == 1)
        {
            if (Width == 0) Width = _count;
            if (_count != Width) Ragged ??= (_recordLine, _count);
            Records++;
            if (Kept.Count < _keep) Kept.Add([.. _cells]);
        }
        _cells.Clear();
        (_count, _hasText, _recordBytes) = (0, false, 0);
    }

    private void Keep(ReadOnlySpan<byte> cell)
    {
        if (Kept.Count < _keep) _cell.Write(cell);
    }
}
