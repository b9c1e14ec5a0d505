using Millrace.Node.Api;

namespace Millrace.Node.Commands;

/// <summary>How a query is called, for people.</summary>
internal static class QueryTable
{
    public static void Render(Screen screen, QueryInfo query)
    {
        screen.Line();
        if (query.Parameters.Count == 0)
            screen.Line("It is called without values.");
        else
            screen.Table(["parameter", "type", "values", "default", "about"], query.Parameters.Select(Row));
        if (query.MinGroup is { } rows)
            screen.Line($"Groups of fewer than {Wording.Count(rows)} rows are left out.");
    }

    private static string[] Row(ParameterInfo p) => [p.Name, p.Type, Bounds(p), p.Default ?? "", p.Description ?? ""];

    private static string Bounds(ParameterInfo p) => string.Join(", ", new[]
    {
        p.Values is { } values ? string.Join(" | ", values) : null,
        p is { Min: null, Max: null } ? null : $"{p.Min} to {p.Max}",
        p.LengthMax is { } length ? $"at most {Wording.Count(length)} characters" : null,
        p.Pattern,
    }.OfType<string>());
}
