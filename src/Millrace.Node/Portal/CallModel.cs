using Millrace.Node.Api;

namespace Millrace.Node.Portal;

/// <summary>The call of a query as a person fills it in, and what came of it.</summary>
/// <param name="Values">By parameter, as written.</param>
/// <param name="Problem">Why there is no answer.</param>
public sealed record CallModel(
    IReadOnlyDictionary<string, string> Values, string? Purpose, string? Project, string? Problem,
    CallAnswer? Answer)
{
    /// <summary>Nothing was called yet: what has a usual value has it.</summary>
    public static CallModel Of(QueryInfo query) => new(
        query.Parameters.Where(p => p.Default is not null).ToDictionary(p => p.Name, p => p.Default!), null, null,
        null, null);
}

/// <summary>An answer as a table.</summary>
/// <param name="Rows">The first of them.</param>
/// <param name="Count">Of all rows.</param>
/// <param name="Csv">The whole answer, in UTF-8.</param>
public sealed record CallAnswer(
    IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, int Count, byte[] Csv)
{
    /// <summary>Reads an answer in CSV as this program writes it: RFC 4180, a heading first.</summary>
    public static CallAnswer Of(byte[] csv, int rowsShown)
    {
        var lines = CsvLines.Read(System.Text.Encoding.UTF8.GetString(csv));
        return lines.Count == 0
            ? new CallAnswer([], [], 0, csv)
            : new CallAnswer(lines[0], [.. lines.Skip(1).Take(rowsShown)], lines.Count - 1, csv);
    }
}
