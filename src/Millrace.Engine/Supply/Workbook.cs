using System.Globalization;
using System.Text;
using ExcelDataReader;
using ExcelDataReader.Exceptions;

namespace Millrace.Engine.Supply;

/// <summary>
/// Writes the first sheet of an Excel workbook that has cells as CSV: numbers and dates in their plain form, formulas
/// as the values that Excel kept. Of merged cells the first has the value.
/// </summary>
internal static class Workbook
{
    /// <returns>The CSV file, in UTF-8.</returns>
    /// <exception cref="SourceException">It is damaged, has a password, or no cells.</exception>
    public static OpenedFile ToCsv(OpenedFile workbook, string folder, CancellationToken cancel)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance); // The older format has texts in code pages.
        var path = Path.Combine(folder, $"sheet-{Path.GetRandomFileName()}");
        try
        {
            using var file = File.OpenRead(workbook.Path);
            using var reader = ExcelReaderFactory.CreateReader(file);
            do
            {
                using (var csv = new StreamWriter(path, append: false, new UTF8Encoding(false)))
                {
                    if (!Write(reader, csv, cancel)) continue;
                }
                return new OpenedFile(path, workbook.Name, workbook.Packed);
            }
            while (reader.NextResult());
        }
        catch (InvalidPasswordException)
        {
            throw new SourceException("encrypted", $"{workbook.Name} has a password; save it without one.");
        }
        catch (Exception e) when (e is ExcelReaderException or InvalidDataException or System.Xml.XmlException)
        {
            throw new SourceException(
                "bad-workbook", $"{workbook.Name} is no Excel workbook that can be read; save it again as .xlsx.");
        }
        throw new SourceException("empty-file", $"{workbook.Name} has no sheet with cells.");
    }

    /// <summary>Blank rows around the table and blank columns at its sides are no part of it.</summary>
    /// <returns>False: the sheet has no cells.</returns>
    private static bool Write(IExcelDataReader reader, StreamWriter csv, CancellationToken cancel)
    {
        var (first, last) = (0, -1);
        var blankRows = 0;
        while (reader.Read())
        {
            cancel.ThrowIfCancellationRequested();
            var cells = Enumerable.Range(0, reader.FieldCount).Select(i => Text(reader.GetValue(i))).ToList();
            if (cells.TrueForAll(c => c.Length == 0))
            {
                blankRows++;
                continue;
            }
            if (last < 0)
            {
                (first, last) = (cells.FindIndex(c => c.Length > 0), cells.FindLastIndex(c => c.Length > 0));
                blankRows = 0;
            }
            for (; blankRows > 0; blankRows--) WriteRow(csv, Enumerable.Repeat("", last - first + 1));
            // What stands beside the columns of the first row is kept: it makes the row ragged, and so is told.
            var width = Math.Max(last, cells.FindLastIndex(c => c.Length > 0)) - first + 1;
            WriteRow(csv, cells.Skip(first).Concat(Enumerable.Repeat("", width)).Take(width));
        }
        return last >= 0;
    }

    private static void WriteRow(StreamWriter csv, IEnumerable<string> cells) =>
        csv.Write(string.Join(',', cells.Select(Quoted)) + "\r\n");

    private static string Quoted(string cell) =>
        cell.AsSpan().ContainsAny(",\"\r\n") || cell != cell.Trim()
            ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : cell;

    private static string Text(object? cell) => cell switch
    {
        null => "",
        string text => text,
        bool yes => yes ? "true" : "false",
        DateTime { TimeOfDay.Ticks: 0 } day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime moment => moment.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        TimeSpan time => time.ToString(@"hh\:mm\:ss", CultureInfo.InvariantCulture),
        double number when double.IsInteger(number) && Math.Abs(number) < 1e15 =>
            ((long)number).ToString(CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => "",
    };
}
