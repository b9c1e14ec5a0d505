using System.Text;

namespace Millrace.Engine.Duck;

/// <summary>The only two ways in which text from outside enters a statement.</summary>
internal static class Sql
{
    /// <summary>A name, quoted: <c>a"b</c> becomes <c>"a""b"</c>.</summary>
    /// <exception cref="ArgumentException">The name is empty or holds a NUL character.</exception>
    public static string Name(string name) => $"\"{Whole(name, nameof(name)).Replace("\"", "\"\"")}\"";

    /// <summary>A text literal: <c>it's</c> becomes <c>'it''s'</c>.</summary>
    /// <exception cref="ArgumentException">The text holds a NUL character or half a surrogate pair.</exception>
    public static string Text(string text) =>
        text.Length == 0 ? "''" : $"'{Whole(text, nameof(text)).Replace("'", "''")}'";

    public static string List(IEnumerable<string> items) => $"[{string.Join(", ", items)}]";

    // DuckDB reads a statement as a C string in UTF-8: a NUL would cut it off, a lone surrogate would change the text.
    private static string Whole(string text, string parameter)
    {
        if (text.Length == 0 || text.Contains('\0'))
            throw new ArgumentException("Must not be empty or hold a NUL character.", parameter);
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var taken) != System.Buffers.OperationStatus.Done)
                throw new ArgumentException("Must be well-formed Unicode.", parameter);
            rest = rest[taken..];
        }
        return text;
    }
}
