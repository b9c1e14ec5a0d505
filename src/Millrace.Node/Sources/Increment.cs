using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Millrace.Engine.Supply;

namespace Millrace.Node.Sources;

/// <summary>
/// The rows of a table that were not read before, and how far it is read with them. Rows with the greatest value of
/// last time are told apart by their digests: those that came since then are new.
/// </summary>
/// <param name="key">The column by which the table grows.</param>
/// <param name="kind">Its kind, as <see cref="Watermark.Kind"/>.</param>
/// <param name="after">Null: all rows are new.</param>
/// <param name="borderMax">How many rows may have the greatest value.</param>
internal sealed partial class Increment(
    IReadOnlyList<RowColumn> columns, int key, string kind, Watermark? after, int borderMax)
{
    private const int DigestBytes = 16;

    private readonly IComparable? _from = after is null ? null : Parse(after);

    /// <summary>Of the rows that had the greatest value last time, how many of each are still to come.</summary>
    private readonly Dictionary<string, int> _known = (after?.Border ?? [])
        .CountBy(digest => digest).ToDictionary(StringComparer.Ordinal);

    private readonly List<string> _border = [];
    private IComparable? _greatest = after is null ? null : Parse(after);
    private long _borderRows;
    private bool _isEmpty = true;

    private string Name => columns[key].Field.Name;

    /// <returns>Whether the row that the reader is at is new.</returns>
    /// <exception cref="SourceException">Its value has no place in an order.</exception>
    public bool Takes(DbDataReader row)
    {
        _isEmpty = false;
        var value = Value(row);
        var isFrom = _from is not null && Compare(value, _from) == 0;
        var order = _greatest is null ? 1 : Compare(value, _greatest);
        if (order < 0 && !isFrom)
            return true;
        var digest = Digest(row);
        if (order > 0)
        {
            (_greatest, _borderRows) = (value, 0);
            _border.Clear();
        }
        if (order >= 0 && ++_borderRows <= borderMax)
            _border.Add(digest);
        if (!isFrom || _known.GetValueOrDefault(digest) is not (> 0 and var left))
            return true;
        _known[digest] = left - 1;
        return false;
    }

    /// <summary>How far the table is read, once all rows were seen.</summary>
    /// <exception cref="SourceException">It cannot be gone on from there.</exception>
    public Watermark? Reached()
    {
        if (after is not null && _isEmpty)
            throw new SourceException(
                "source-shrank",
                $"The source no longer has the rows up to which it was read by {Name}: see what happened to it, then "
                + "read it whole with millrace refresh --whole.");
        if (_borderRows > borderMax)
            throw new SourceException(
                "incremental-coarse",
                $"{_borderRows} rows have the greatest value of {Name}, and at most {borderMax} may: name a finer "
                + "column.");
        return _greatest is null
            ? null
            : new Watermark(Name, kind, Convert.ToString(_greatest, CultureInfo.InvariantCulture)!, [.. _border]);
    }

    private IComparable Value(DbDataReader row)
    {
        if (row.IsDBNull(key))
            throw new SourceException(
                "incremental-null",
                $"A row of the source has no {Name}, and so would be read never, or always: leave such rows out with a "
                + "query, or name another column.");
        if (kind != "text")
            return Convert.ToDecimal(columns[key].Cell(row, key), CultureInfo.InvariantCulture);
        var text = row.GetString(key);
        if (!Moment().IsMatch(text))
            throw Unordered(Name);
        return _greatest is not string known || Shape(known) == Shape(text)
            ? text
            : throw new SourceException(
                "incremental-unordered",
                $"{Name} is written as {Shape(known)} in one row of the source and as {Shape(text)} in another, and so "
                + "cannot tell which rows came later: write all alike, or make them alike with a query.");
    }

    /// <summary>How a date or moment is written, whichever it is: with 9 for each digit.</summary>
    private static string Shape(string moment) => Digit().Replace(moment, "9");

    /// <summary>The same as a pattern of SQLite's GLOB.</summary>
    internal static string Glob(string moment) => Digit().Replace(moment, "[0-9]");

    internal static SourceException Missing(string column) => new(
        "bad-source", $"The source has no column {column} to be read on by.");

    internal static SourceException Unordered(string column) => new(
        "incremental-unordered",
        $"{column} cannot tell which rows came later: name a column of whole numbers, decimals, dates or moments; "
        + "dates as text must all be written alike, as 2001-01-22 08:30:00.");

    private static int Compare(IComparable a, IComparable b) =>
        a is string text ? string.CompareOrdinal(text, (string)b) : a.CompareTo(b);

    private static IComparable Parse(Watermark mark) =>
        mark.Kind == "text" ? mark.Value : decimal.Parse(mark.Value, CultureInfo.InvariantCulture);

    private string Digest(DbDataReader row)
    {
        var cells = new StringBuilder();
        for (var i = 0; i < columns.Count; i++)
        {
            if (row.IsDBNull(i))
            {
                cells.Append("-;");
                continue;
            }
            var cell = Convert.ToString(columns[i].Cell(row, i), CultureInfo.InvariantCulture)!;
            cells.Append(cell.Length).Append(':').Append(cell);
        }
        return Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(cells.ToString())).AsSpan(0, DigestBytes));
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?Z?)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Moment();

    [GeneratedRegex("[0-9]", RegexOptions.CultureInvariant)]
    private static partial Regex Digit();
}
