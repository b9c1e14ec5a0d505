using System.Globalization;
using System.Text;
using ExcelDataReader;
using ExcelDataReader.Exceptions;
using Millrace.Engine.Duck;

namespace Millrace.Engine.Supply;

/// <summary>
/// Writes the first visible sheet of an Excel workbook that has cells as CSV: numbers and dates in their plain form,
/// formulas as the values that Excel kept. Of merged cells the first has the value. To Excel a day is its midnight: a
/// column with any other moment in it has moments.
/// </summary>
internal static class Workbook
{
    /// <summary>What a sheet of Excel has at the most; a file that tells more was not made by it.</summary>
    private const int RowsMax = 1_048_576;

    /// <returns>The CSV file, in UTF-8.</returns>
    /// <exception cref="SourceException">It is damaged, has a password, is too large, or has no cells.</exception>
    public static OpenedFile ToCsv(
        OpenedFile workbook, string folder, EngineOptions options, CancellationToken cancel)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance); // The older format has texts in code pages.
        var path = Path.Combine(folder, $"sheet-{Path.GetRandomFileName()}");
        try
        {
            Unpacking.RequireBounded(workbook, options, cancel);
            using var file = File.OpenRead(workbook.Path);
            using var reader = ExcelReaderFactory.CreateReader(file);
            for (var sheet = 0; sheet == 0 || reader.NextResult(); sheet++)
            {
                if (reader.VisibleState is not "visible") continue;
                RequireSize(reader, workbook.Name, options.ColumnsMax);
                var times = new ColumnTimes(reader.FieldCount);
                if (!Write(reader, path, workbook.Name, times, cancel)) continue;
                if (times.AreMixed)
                {
                    reader.Reset();
                    for (var i = 0; i < sheet; i++) reader.NextResult();
                    Write(reader, path, workbook.Name, times, cancel);
                }
                return new OpenedFile(
                    path, workbook.Name, workbook.Packed,
                    reader.ResultsCount > 1 ? new SheetOfSeveral(reader.Name, reader.ResultsCount) : null);
            }
        }
        catch (InvalidPasswordException)
        {
            throw new SourceException("encrypted", $"{workbook.Name} has a password; save it without one.");
        }
        catch (Exception e) when (
            e is not (SourceException or OperationCanceledException or OutOfMemoryException) &&
            (e is not IOException || e is InvalidDataException or EndOfStreamException))
        {
            // Whatever the parser stumbles over: the file is not what it says.
            throw new SourceException(
                "bad-workbook", $"{workbook.Name} is no Excel workbook that can be read; save it again as .xlsx.");
        }
        throw new SourceException("empty-file", $"{workbook.Name} has no visible sheet with cells.");
    }

    private static void RequireSize(IExcelDataReader reader, string name, int columnsMax)
    {
        if (reader.FieldCount > columnsMax)
            throw new SourceException(
                "too-many-columns",
                $"{name} has cells in column {reader.FieldCount} and at most {columnsMax} are taken; delete what "
                + "stands far to the right, or split the table.");
        if (reader.RowCount > RowsMax)
            throw new SourceException("bad-workbook", $"{name} tells more rows than Excel has; save it again.");
    }

    /// <summary>Blank rows around the table and blank columns at its sides are no part of it.</summary>
    /// <param name="times">What is known of the columns, and what is found.</param>
    /// <returns>False: the sheet has no cells.</returns>
    private static bool Write(
        IExcelDataReader reader, string path, string name, ColumnTimes times, CancellationToken cancel)
    {
        using var csv = new StreamWriter(path, append: false, new UTF8Encoding(false));
        var (first, last) = (0, -1);
        var blankRows = 0;
        while (reader.Read())
        {
            cancel.ThrowIfCancellationRequested();
            var cells = Enumerable.Range(0, reader.FieldCount).Select(i => times.Text(reader.GetValue(i), i)).ToList();
            var begin = cells.FindIndex(c => c.Length > 0);
            if (begin < 0)
            {
                blankRows++;
                continue;
            }
            if (last < 0)
            {
                (first, last) = (begin, cells.FindLastIndex(c => c.Length > 0));
                blankRows = 0;
            }
            if (begin < first)
                throw new SourceException(
                    "unnamed-column",
                    $"Row {reader.Depth + 1} of {name} has a cell left of the first column name; name that column.");
            if (cells.FindLastIndex(c => c.Length > 0) > last)
                throw new SourceException(
                    "ragged-rows",
                    $"Row {reader.Depth + 1} of {name} has a cell right of the last column name; name that column, or "
                    + "empty the cell.");
            for (; blankRows > 0; blankRows--) WriteRow(csv, Enumerable.Repeat("", last - first + 1));
            WriteRow(csv, cells.Take(last + 1).Skip(first));
        }
        return last >= 0;
    }

    private static void WriteRow(StreamWriter csv, IEnumerable<string> cells) =>
        csv.Write(string.Join(',', cells.Select(Quoted)) + "\r\n");

    private static string Quoted(string cell) =>
        cell.AsSpan().ContainsAny(",\"\r\n") || cell != cell.Trim()
            ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : cell;

    /// <summary>Hours may be more than a day has, and fewer than none.</summary>
    private static string Span(TimeSpan span) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(span < TimeSpan.Zero ? "-" : "")}{Math.Abs((long)span.TotalHours):00}:{span:mm\\:ss}");

    /// <summary>Writes cells, and sees which columns have moments beside days.</summary>
    private sealed class ColumnTimes(int columns)
    {
        private readonly bool[] _days = new bool[columns], _moments = new bool[columns];

        public bool AreMixed => _days.Zip(_moments).Any(c => c.First && c.Second);

        public string Text(object? cell, int column)
        {
            if (cell is DateTime { Year: > 1899 } time)
                (time.TimeOfDay.Ticks == 0 ? _days : _moments)[column] = true;
            return cell switch
            {
                null => "",
                string text => text,
                bool yes => yes ? "true" : "false",
                // A time without a day is a moment of Excel's first day.
                DateTime { Year: 1899 } hour => hour.ToString("HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
                DateTime day when !_moments[column] => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                DateTime moment => moment.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
                TimeSpan span => Span(span),
                double number when double.IsInteger(number) && Math.Abs(number) < 1e15 =>
                    ((long)number).ToString(CultureInfo.InvariantCulture),
                IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
                _ => "",
            };
        }
    }}
