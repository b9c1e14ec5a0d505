using System.Text;
using Millrace.Protocol;

namespace Millrace.Node.Products;

/// <summary>
/// A product's id: letters and digits of any script, joined by hyphens, so that it reads well in addresses. Who chooses
/// one has it as it is, also with capitals and the marks that an address can hold.
/// </summary>
internal sealed record ProductId(string Value)
{
    public const int LengthMax = 80;

    /// <summary>A chosen id, or the nearest one to it that reads well.</summary>
    public static Decision<ProductId> Chosen(string text) =>
        text.Length is > 0 and <= LengthMax && text.EnumerateRunes().All(Holds) && text.Any(char.IsLetterOrDigit)
            ? new ProductId(text)
            : From(text);

    /// <summary>The id that a title or a name leads to.</summary>
    public static Decision<ProductId> From(string text)
    {
        var id = new StringBuilder();
        foreach (var rune in text.Normalize(NormalizationForm.FormKC).ToLowerInvariant().EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
                id.Append(rune);
            else if (id.Length > 0 && id[^1] != '-')
                id.Append('-');
        }
        var value = id.ToString().Trim('-');
        return value.Length is > 0 and <= LengthMax
            ? new ProductId(value)
            : new Refusal(
                "bad-id", $"A product needs an id of 1 to {LengthMax} letters and digits: give one with --id.");
    }

    private static bool Holds(Rune rune) =>
        Rune.IsLetterOrDigit(rune) || (rune.IsAscii && "-._~:".Contains((char)rune.Value, StringComparison.Ordinal));

    /// <summary>A title for people, from a file's name.</summary>
    public static string TitleOf(string file) => Path.GetFileNameWithoutExtension(file);
}
