using System.Text.RegularExpressions;

namespace Millrace.Tests.Architecture;

/// <summary>What holds of the documents: they name only what is there.</summary>
public static partial class DocumentRules
{
    /// <summary>The relative links that lead nowhere.</summary>
    /// <param name="file">A document in Markdown.</param>
    /// <param name="exists">Whether there is a file or folder at a path from the root.</param>
    public static IEnumerable<string> DeadLinks(SourceFile file, Func<string, bool> exists) =>
        from link in Link().Matches(Fence().Replace(file.Text, ""))
        let target = link.Groups["target"].Value.Split('#')[0]
        where target.Length > 0 && !target.Contains(':', StringComparison.Ordinal)
        let path = Path.GetRelativePath("/", Path.Combine("/", Path.GetDirectoryName(file.Path) ?? "", target))
        where !exists(path)
        select $"{file.Path} links to {target}";

    /// <summary>The commands in its blocks of code that are not there.</summary>
    /// <param name="file">A document in Markdown.</param>
    /// <param name="exists">Whether there is a file or folder at a path from the root.</param>
    /// <param name="isSubcommand">Whether <c>millrace</c> knows the word.</param>
    public static IEnumerable<string> DeadCommands(
        SourceFile file, Func<string, bool> exists, Func<string, bool> isSubcommand) =>
        from block in Fence().Matches(file.Text)
        from line in block.Value.Split('\n')
        let words = line.Split('#')[0].Trim().Split(' ')
        where words[0].StartsWith("./", StringComparison.Ordinal)
        where !exists(words[0][2..])
              || (words is ["./millrace", var verb, ..] && verb.All(char.IsAsciiLetterLower) && !isSubcommand(verb))
        select $"{file.Path} says: {string.Join(' ', words)}";

    /// <summary>What is missing in a page of docs/decisions.</summary>
    public static IEnumerable<string> Undecided(SourceFile page)
    {
        if (!page.Text.StartsWith("# ", StringComparison.Ordinal)) yield return $"{page.Path} has no title.";
        if (!page.Text.Contains("We would reverse this if", StringComparison.Ordinal))
            yield return $"{page.Path} does not say when we would reverse it.";
    }

    /// <summary>The packages of Directory.Packages.props that the page of dependencies does not name.</summary>
    public static IEnumerable<string> Unreasoned(string packages, string page) =>
        from package in Package().Matches(packages)
        let name = package.Groups["name"].Value
        where !page.Contains($"`{name}`", StringComparison.Ordinal)
        select $"{name} has no reason in the page of dependencies.";

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("<PackageVersion Include=\"(?<name>[^\"]+)\"")]
    private static partial Regex Package();
}
