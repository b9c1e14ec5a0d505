namespace Millrace.Node;

/// <summary>Names of the Delta Sharing protocol, which hold no space, slash, control or, below a share, dot.</summary>
public static class ShareName
{
    private const int LengthMax = 200;
    private const string Urn = "urn:uuid:";

    /// <summary>The share that an agreement is: its id, in characters that every client can take.</summary>
    public static string Of(string agreement) =>
        Plain(agreement.StartsWith(Urn, StringComparison.Ordinal) ? agreement[Urn.Length..] : agreement, '-');

    /// <summary>The table that a product is.</summary>
    public static string OfTable(string product) => Plain(product, '_');

    private static string Plain(string text, char instead)
    {
        var plain = string.Concat(text.Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' ? c : instead));
        return plain.Length <= LengthMax ? plain : plain[..LengthMax];
    }
}
