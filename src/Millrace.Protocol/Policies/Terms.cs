namespace Millrace.Protocol.Policies;

/// <summary>
/// The names that policies use. Normalised: an ODRL name is bare (<c>use</c>), every other an absolute IRI; datatypes
/// are <c>xsd:x</c>. DSP 2025-1 and its peers spell one name as <c>x</c>, <c>odrl:x</c> or as full IRI.
/// </summary>
public static class Terms
{
    public const string OdrlNamespace = "http://www.w3.org/ns/odrl/2/";
    public const string XsdNamespace = "http://www.w3.org/2001/XMLSchema#";

    /// <summary>The Millrace ODRL profile: both the name of the profile and the namespace of its terms.</summary>
    public const string Profile = "https://millrace.dev/odrl/";

    public const string Use = "use";
    public const string Derive = "derive";
    public const string Distribute = "distribute";
    public const string Train = Profile + "train";
    public const string Evaluate = Profile + "evaluate";
    public const string Retrieve = Profile + "retrieve";
    public const string Analyse = Profile + "analyse";

    public const string Compensate = "compensate";
    public const string Attribute = "attribute";
    public const string Inform = "inform";
    public const string Delete = "delete";
    public const string CarryOver = Profile + "carryOver";

    /// <summary>A precondition: to sign a form, which <see cref="Form"/> names.</summary>
    public const string Sign = Profile + "sign";

    public const string DateTime = "dateTime";
    public const string SinceAgreement = Profile + "sinceAgreement";
    public const string Count = "count";
    public const string Purpose = "purpose";
    public const string Seat = Profile + "seat";
    public const string Spatial = "spatial";
    public const string Industry = "industry";
    public const string Membership = Profile + "membership";
    public const string Environment = Profile + "environment";
    public const string Column = Profile + "column";
    public const string Rows = Profile + "rows";
    public const string Bytes = Profile + "bytes";
    public const string MinGroupSize = Profile + "minGroupSize";
    public const string Epsilon = Profile + "epsilon";
    public const string PayAmount = "payAmount";
    public const string Currency = Profile + "currency";
    public const string Per = Profile + "per";
    public const string Term = Profile + "term";
    public const string Form = Profile + "form";

    private const string MaskPrefix = Profile + "mask/";
    private const string RowPrefix = Profile + "row/";

    /// <summary>The left operand that masks a column; its name is percent-encoded, as an IRI needs.</summary>
    public static string Mask(string column) => MaskPrefix + Uri.EscapeDataString(column);

    /// <summary>The left operand that selects rows by a column.</summary>
    public static string Row(string column) => RowPrefix + Uri.EscapeDataString(column);

    /// <summary>The column that a mask operand names, or null.</summary>
    public static string? MaskedColumn(string leftOperand) => After(MaskPrefix, leftOperand);

    /// <summary>The column that a row operand names, or null.</summary>
    public static string? RowColumn(string leftOperand) => After(RowPrefix, leftOperand);

    /// <summary>
    /// One spelling for an action, operand or profile. People may write <c>mr:x</c> and leave column names unencoded.
    /// </summary>
    public static string Normalise(string name)
    {
        name = Strip(Strip(name, OdrlNamespace), "odrl:");
        if (name.StartsWith("mr:", StringComparison.Ordinal)) name = Profile + name[3..];
        if (MaskedColumn(name) is { } masked) return Mask(masked);
        return RowColumn(name) is { } row ? Row(row) : name;
    }

    /// <summary>One spelling for a datatype; null for a plain string.</summary>
    public static string? NormaliseType(string? type)
    {
        if (type is null) return null;
        if (type.StartsWith(XsdNamespace, StringComparison.Ordinal)) type = "xsd:" + type[XsdNamespace.Length..];
        return type == "xsd:string" ? null : type;
    }

    /// <summary>
    /// How a normalised name goes on the wire: DSP's context defines the bare word <c>use</c> only. Names of others
    /// that come bare, like <c>FrameworkAgreement</c>, go back so; ODRL's own begin with a small letter, all of them.
    /// </summary>
    public static string Write(string name) =>
        name == Use || name.Contains(':') || (name.Length > 0 && char.IsAsciiLetterUpper(name[0]))
            ? name
            : "odrl:" + name;

    private static string Strip(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;

    private static string? After(string prefix, string name) =>
        name.Length > prefix.Length && name.StartsWith(prefix, StringComparison.Ordinal)
            ? Uri.UnescapeDataString(name[prefix.Length..])
            : null;
}
