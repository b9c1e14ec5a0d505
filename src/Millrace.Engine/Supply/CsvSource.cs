using System.Globalization;
using System.Text.RegularExpressions;
using Millrace.Engine.Duck;

namespace Millrace.Engine.Supply;

/// <summary>A CSV file, understood: how it is written, what its columns are called, how many rows it has.</summary>
/// <param name="Path">The text in UTF-8: the source itself, or a copy.</param>
internal sealed partial record CsvSource(
    string Path, SourceFile File, string Encoding, char Delimiter, bool HasHeader, IReadOnlyList<string> Names,
    long Rows, int BlankLinesAhead, bool HasLinesInCells, bool QuotesTexts)
{
    private const int SampleBytes = 1 << 20, SampleRecords = 200;

    /// <summary>What a thread takes of a file at a time. Of the engine's own 32 MB a job has no room.</summary>
    private const int BufferBytes = 8 << 20;

    /// <summary>Of columns that are named by years or days: one alone may be a value.</summary>
    private const int PeriodsMin = 2;

    private const string YearForm = "yyyy";

    private static readonly string[] _periodForms =
        [YearForm, "yyyy-M-d", "yyyy/M/d", "d.M.yyyy", "d/M/yyyy", "M/d/yyyy"];

    private const string Delimiters = ",;\t|";

    /// <exception cref="SourceException">The file is not a table.</exception>
    public static CsvSource Read(
        OpenedFile opened, string copy, CsvForm form, int columnsMax, CancellationToken cancel)
    {
        var (path, name) = (opened.Path, opened.Name);
        var found = TextEncoding.Detect(path, form.Encoding, cancel);
        var isUtf8 = found.Encoding.CodePage == System.Text.Encoding.UTF8.CodePage;
        if (!isUtf8 || form.Encoding is not null) TextEncoding.Transcode(path, found.Encoding, copy, cancel);
        else copy = path;

        var head = FileHead.Of(copy);
        if (head.IsHtml)
            throw new SourceException(
                "not-a-table",
                $"{name} is a web page, perhaps one that asks to sign in; open it in a browser, and hand in the file "
                + "that it leads to.");
        if (head.IsJson && !isUtf8)
            throw new SourceException(
                "unreadable-encoding",
                $"{name} is JSON in {found.Encoding.WebName}, and JSON is read in UTF-8; save it so.");
        var sample = Sample(copy);
        var delimiter = form.Delimiter ?? Delimiters.MaxBy(d => Fitness(sample, d));
        var scan = Scan(copy, delimiter, name, cancel);
        if (scan.Records == 0) throw Empty(name);
        if (scan.Width > columnsMax)
            throw new SourceException(
                "too-many-columns", $"{name} has {scan.Width} columns and at most {columnsMax} are taken; split the "
                    + "table.");
        var hasHeader = form.HasHeader ?? LooksLikeHeader(scan.Kept, form.Nulls);
        var names = hasHeader
            ? [.. scan.Kept[0].Select(n => LineEnd().Replace(n.Trim(), " "))]
            : Enumerable.Range(1, scan.Width).Select(i => $"column{i}").ToArray();
        ColumnNames.Check(names, name);
        return new CsvSource(
            copy, opened.Packed ?? new SourceFile(name, found.Bytes, found.Sha256), found.Encoding.WebName, delimiter,
            hasHeader, names, scan.Records - (hasHeader ? 1 : 0), scan.BlankLinesAhead,
            scan.HasLinesInCells, sample.AsSpan().StartsWith("\""u8));
    }

    /// <summary>
    /// The rows as a relation of texts <c>c0, c1, …</c>; <paramref name="path"/> lies in the job's folder. Where it is
    /// not said what means "no value", null is NA without quotes, and "" an empty cell.
    /// </summary>
    public string Relation(string path, CsvForm form)
    {
        var columns = string.Join(", ", Names.Select((_, i) => $"'c{i}': 'VARCHAR'"));
        // Where cells hold line ends, threads that begin in the middle of the file cannot tell where a row begins.
        // Not strict: what is strict about it the scan has checked, and DuckDB's strict mode refuses mixed line ends.
        return $"""
            read_csv({Sql.Text(path)}, auto_detect = false, header = {HasHeader}, skip = {BlankLinesAhead},
                delim = {Sql.Text(Delimiter.ToString())}, quote = '"', escape = '"', strict_mode = false,
                parallel = {!HasLinesInCells}, buffer_size = {BufferBytes},
                nullstr = {Sql.List((form.NullTexts ?? [CsvForm.Na]).Select(Sql.Text))},
                allow_quoted_nulls = {form.NullTexts is not null},
                columns = {"{"}{columns}{"}"})
            """;
    }

    internal static SourceException Empty(string name) =>
        new("empty-file", $"{name} is empty; hand in a file with column names and rows.");

    private static CsvScanner Scan(string path, char delimiter, string name, CancellationToken cancel)
    {
        var scan = new CsvScanner(delimiter, SampleRecords);
        using var file = System.IO.File.OpenRead(path);
        var buffer = new byte[SampleBytes];
        var isFirst = true;
        for (int read; !scan.Broken && (read = file.ReadAtLeast(buffer, 3, false)) > 0; isFirst = false)
        {
            cancel.ThrowIfCancellationRequested();
            scan.Feed(isFirst ? WithoutMark(buffer.AsSpan(0, read)) : buffer.AsSpan(0, read));
        }
        scan.End();
        if (scan.Ragged is { } ragged)
            throw new SourceException(
                "ragged-rows",
                $"Line {ragged.Line} of {name} has {ragged.Cells} cells where the first row has {scan.Width}; "
                + "mend the line, and quote cells that hold the delimiter.");
        if (scan.BadQuoteLine is { } line)
            throw new SourceException(
                "bad-quotes", $"A quoted cell of {name}, near line {line}, is not closed as it should be; double the "
                    + "quotes inside of cells.");
        if (scan.LongLine is { } longLine)
            throw new SourceException(
                "row-too-long", $"The row at line {longLine} of {name} is longer than {CsvScanner.RecordBytesMax} "
                    + "bytes; look for a missing quote.");
        return scan;
    }

    private static byte[] Sample(string path)
    {
        using var file = System.IO.File.OpenRead(path);
        var sample = new byte[Math.Min(SampleBytes, file.Length)];
        file.ReadExactly(sample);
        // A record that the end of the sample cuts off would look ragged.
        if (sample.Length < file.Length && sample.AsSpan().LastIndexOfAny((byte)'\n', (byte)'\r') is > 0 and var last)
            sample = sample[..(last + 1)];
        return WithoutMark(sample).ToArray();
    }

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> text) =>
        text.StartsWith("\uFEFF"u8) ? text[3..] : text;

    /// <summary>How well a delimiter explains the sample: records that are as wide as the first, then
    /// columns.</summary>
    private static (double Same, int Width) Fitness(byte[] sample, char delimiter)
    {
        var scan = new CsvScanner(delimiter, SampleRecords);
        scan.Feed(sample);
        scan.End();
        if (scan.Width <= 1 || scan.BadQuoteLine is not null) return (0, 0);
        return (scan.Broken ? Math.Min(0.99, (scan.Records - 1) / (double)SampleRecords) : 1, scan.Width);
    }

    /// <summary>
    /// A first row is a header unless it holds a number or date, or if it does where the rows below hold numbers under
    /// a text (a year or a day as the name of a column).
    /// </summary>
    private static bool LooksLikeHeader(List<string[]> records, IReadOnlyList<string> nulls)
    {
        var first = records[0];
        if (!first.Any(LooksLikeValue)) return true;
        var below = records.Skip(1).ToList();
        if (ArePeriods(first, below)) return true;
        return Enumerable.Range(0, first.Length).Any(i =>
            !LooksLikeValue(first[i]) && !nulls.Contains(first[i])
            && below.Select(r => r[i]).Where(c => !nulls.Contains(c)).ToList() is { Count: > 0 } cells
            && cells.All(LooksLikeValue));
    }

    /// <summary>
    /// A column for each year or day, as statistics have them: they rise or fall from column to column, and what stands
    /// below them are no years. No day at all may stand below days: of two in a row the later ones may be missing.
    /// </summary>
    private static bool ArePeriods(string[] first, List<string[]> below)
    {
        int[] columns = [.. Enumerable.Range(0, first.Length).Where(i => LooksLikeValue(first[i]))];
        if (columns.Length < PeriodsMin || below.Count == 0) return false;
        foreach (var form in _periodForms)
        {
            bool Is(string[] row, int i) => Period(row[i], form) is not null;
            var steps = columns.Zip(columns.Skip(1), (a, b) =>
                Period(first[b], form)?.DayNumber - Period(first[a], form)?.DayNumber).ToList();
            if (!steps.TrueForAll(step => step > 0) && !steps.TrueForAll(step => step < 0)) continue;
            return form == YearForm
                ? !below.TrueForAll(row => Array.TrueForAll(columns, i => Is(row, i)))
                : !below.Exists(row => Array.Exists(columns, i => Is(row, i)));
        }
        return false;
    }

    private static DateOnly? Period(string cell, string form) =>
        DateOnly.TryParseExact(cell.Trim(), form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        && day.Year is >= 1500 and < 2500
            ? day
            : null;

    private static bool LooksLikeValue(string cell) => ValueShape().IsMatch(cell.Trim());

    [GeneratedRegex(@"^([-+]?\d*[.,]?\d+([eE][-+]?\d+)?|[-+]?\d{1,3}(\.\d{3})+(,\d+)?|"
        + @"\d{4}[-/]\d{1,2}[-/]\d{1,2}.*|\d{1,2}[/.]\d{1,2}[/.]\d{4}.*)$")]
    private static partial Regex ValueShape();

    /// <summary>Names may be written in several lines.</summary>
    [GeneratedRegex(@"\s*[\r\n\t]\s*")]
    private static partial Regex LineEnd();
}
