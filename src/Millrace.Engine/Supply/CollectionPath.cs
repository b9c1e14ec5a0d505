using System.Text;

namespace Millrace.Engine.Supply;

/// <summary>The names of files in a collection: whoever reads it makes files of the same names.</summary>
public static class CollectionPath
{
    private const int CharsMax = 1000;

    /// <summary>Whether a name leads to a place below the folder that it is used in, and to that place alone.</summary>
    public static bool IsPlain(string path) =>
        path.Length <= CharsMax && path.IsNormalized(NormalizationForm.FormC) && !path.Contains('\\') &&
        !path.Any(char.IsControl) && path.Split('/').All(part => part is not ("" or "." or ".."));

    /// <summary>A name in Unicode's composed form, so that it is found however it was typed.</summary>
    /// <exception cref="SourceException">A collection cannot have a file of that name.</exception>
    public static string Of(string name) =>
        name.Normalize(NormalizationForm.FormC) is var path && IsPlain(path) ? path : throw new SourceException(
            "bad-name",
            $"A file of a collection cannot be called {name}: folders are told by /, no part of the name may be empty, "
            + $". or .., and it has {CharsMax} characters at most.");

    /// <summary>The path as it stands in an address.</summary>
    public static string Escaped(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
}
