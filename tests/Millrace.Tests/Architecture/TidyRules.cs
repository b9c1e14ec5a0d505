using System.Text.RegularExpressions;

namespace Millrace.Tests.Architecture;

/// <summary>A habit that every file keeps.</summary>
/// <param name="Name">The habit as a sentence.</param>
/// <param name="Check">What is wrong in a file, each as one line; empty when nothing is.</param>
/// <param name="Bad">A file that does not keep it: it shows that the rule can fail.</param>
public sealed record TidyRule(string Name, Func<SourceFile, IEnumerable<string>> Check, SourceFile Bad)
{
    public IEnumerable<string> Broken(SourceFile file) => Check(file).Select(what => $"{file.Path}: {what}");

    public override string ToString() => Name;
}

/// <summary>The habits as one table.</summary>
public static partial class TidyRules
{
    private const int LinesMax = 400;
    private const int ColumnsMax = 120;

    private static readonly string[] _code = [".cs", ".razor", ".sql", ".css", ".js", ".sh"];

    // In two parts, so that this file keeps the rules that it states.
    private static readonly string[] _unfinished =
        ["TO" + "DO", "FIX" + "ME", "HA" + "CK:", "NotImplemented" + "Exception"];

    private static readonly string[] _clocks =
    [
        "DateTime." + "Now", "DateTime." + "UtcNow", "DateTimeOffset." + "Now", "DateTimeOffset." + "UtcNow",
        "Thread." + "Sleep(",
    ];

    public static readonly IReadOnlyList<TidyRule> All =
    [
        new($"A file of code has at most {LinesMax} lines", TooLong,
            Code(string.Concat(Enumerable.Repeat("//\n", LinesMax + 1)))),
        new($"A line of code has at most {ColumnsMax} columns", TooWide, Code("//" + new string('x', 119) + "\n")),
        new("Nothing is left unfinished", Unfinished, Code($"// {_unfinished[0]}: later\n")),
        new("A file is named after a type that it holds", Misnamed, Code("public sealed class Other;\n")),
        new("No type has a name that says nothing", Empty, Code("internal sealed class File" + "Manager;\n")),
        new("Time comes from outside", Clocks, Code($"var now = {_clocks[0]};\n")),
        new("Lines end in LF, the last one too", Ends, Code("class Bad;\r\n")),
        new("No white space at the end of a line, no tabs", Spaces, Code("class Bad; \n")),
        new("No test is skipped by hand", Skipped, Code("[Fact(Sk" + "ip = \"\")]\n")),
        new("A namespace is file-scoped and follows its folder", Namespaces, Code("namespace Millrace.Elsewhere;\n")),
    ];

    private static SourceFile Code(string text) => new("src/Millrace.Log/Bad.cs", text);

    private static IEnumerable<string> TooLong(SourceFile file) =>
        _code.Contains(file.Extension) && file.Lines.Length > LinesMax ? [$"{file.Lines.Length} lines"] : [];

    private static IEnumerable<string> TooWide(SourceFile file) =>
        _code.Contains(file.Extension) ? Each(file, line => line.Length > ColumnsMax) : [];

    private static IEnumerable<string> Unfinished(SourceFile file) =>
        Each(file, line => _unfinished.Any(word => line.Contains(word, StringComparison.Ordinal)));

    private static IEnumerable<string> Clocks(SourceFile file) =>
        IsCSharp(file)
            ? Each(file, line => _clocks.Any(word => Uncommented(line).Contains(word, StringComparison.Ordinal)))
            : [];

    private static IEnumerable<string> Skipped(SourceFile file) =>
        IsCSharp(file) ? Each(file, line => SkipPattern().IsMatch(line)) : [];

    private static IEnumerable<string> Empty(SourceFile file) =>
        IsCSharp(file) ? Each(file, line => EmptyName().IsMatch(line)) : [];

    private static IEnumerable<string> Ends(SourceFile file)
    {
        if (file.Text.Contains('\r', StringComparison.Ordinal)) yield return "a carriage return";
        if (file.Text.Length > 0 && file.Text[^1] != '\n') yield return "no line end at the end";
    }

    private static IEnumerable<string> Spaces(SourceFile file) =>
        _code.Contains(file.Extension)
            ? Each(file, line => line.EndsWith(' ') || line.Contains('\t', StringComparison.Ordinal))
            : [];

    /// <summary>
    /// <c>Evidence.cs</c> may hold <c>EvidencePage</c>, <c>DidResolver.cs</c> an <c>IDidResolver</c>,
    /// <c>Terms.cs</c> a <c>Term</c>; <c>Wire.Reading.cs</c> is a part of <c>Wire</c>.
    /// </summary>
    private static IEnumerable<string> Misnamed(SourceFile file)
    {
        if (!IsCSharp(file)) yield break;
        var types = TopType().Matches(file.Text).Select(type => type.Groups["name"].Value).ToList();
        var name = Path.GetFileName(file.Path).Split('.')[0];
        if (types.Count > 0 && !types.Any(type => type.Contains(name, StringComparison.Ordinal)
                                                  || name.StartsWith(type, StringComparison.Ordinal)))
            yield return $"its types are {string.Join(", ", types)}";
    }

    /// <summary>In the node wholly, since the layers are told by it; elsewhere a folder may be left out.</summary>
    private static IEnumerable<string> Namespaces(SourceFile file)
    {
        if (!IsCSharp(file) || Namespace().Match(file.Text) is not { Success: true } found) yield break;
        var folders = file.Path.Split('/')[1..^1];
        var expected = string.Join('.', folders);
        var given = found.Groups["name"].Value;
        if (found.Groups["end"].Value != ";") yield return "its namespace is a block";
        var follows = folders[0] switch
        {
            "Millrace.Node" => expected == given,
            "Millrace.Protocol" or "Millrace.Log" or "Millrace.Engine" =>
                $"{expected}.".StartsWith($"{given}.", StringComparison.Ordinal)
                && given.StartsWith(folders[0], StringComparison.Ordinal),
            _ => given.StartsWith("Millrace.", StringComparison.Ordinal),
        };
        if (!follows) yield return $"it says namespace {given}, its folder {expected}";
    }

    private static IEnumerable<string> Each(SourceFile file, Func<string, bool> bad) =>
        file.Lines.Index().Where(line => bad(line.Item)).Select(line => $"line {line.Index + 1}: {line.Item.Trim()}");

    private static bool IsCSharp(SourceFile file) => file.Extension == ".cs";

    private static string Uncommented(string line) => line.Split("//")[0];

    [GeneratedRegex(
        @"^(?:\w+ )*(?:class|record struct|record class|record|struct|interface|enum|delegate \S+) (?<name>\w+)",
        RegexOptions.Multiline)]
    private static partial Regex TopType();

    [GeneratedRegex(
        @"^\s*(?:\w+ )*(?:class|record|struct|interface) \w+(?:Manager|Helpers?|Utils?|Utility|Impl|Base)\b")]
    private static partial Regex EmptyName();

    [GeneratedRegex(@"\bSkip\s*=\s*[""\w]")]
    private static partial Regex SkipPattern();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)\s*(?<end>[;{])", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
