using System.Text;

namespace Millrace.Node.Portal;

/// <summary>CSV after RFC 4180: commas, quotes doubled within quotes, a line feed at the end of each line.</summary>
internal static class CsvLines
{
    /// <summary>The lines as cells; text that ends within quotes ends there.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Read(string text)
    {
        var (lines, line, cell) = (new List<IReadOnlyList<string>>(), new List<string>(), new StringBuilder());
        var isQuoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (isQuoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                cell.Append(text[++i]);
            else if (c == '"')
                isQuoted = !isQuoted;
            else if (isQuoted || c is not (',' or '\r' or '\n'))
                cell.Append(c);
            else if (c == ',')
                EndCell();
            else if (c == '\n')
                EndLine();
        }
        if (cell.Length > 0 || line.Count > 0)
            EndLine();
        return lines;

        void EndCell()
        {
            line.Add(cell.ToString());
            cell.Clear();
        }

        void EndLine()
        {
            EndCell();
            lines.Add(line);
            line = [];
        }
    }
}
