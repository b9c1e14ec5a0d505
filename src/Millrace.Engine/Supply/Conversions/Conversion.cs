using System.Text.Json.Serialization;
using Millrace.Engine.Supply.Fields;

namespace Millrace.Engine.Supply.Conversions;

/// <summary>
/// A column that is published in another unit, or by the codes of a list, so that the columns of two holders meet.
/// </summary>
/// <param name="Column">As the source calls it.</param>
/// <param name="To">A unit (UCUM code, or a word such as <c>km</c>) or a code list of the packs.</param>
/// <param name="From">The unit of its values; null: the one that its name says. None for a code list.</param>
/// <param name="Name">What it is called then; null: a unit that its name says is replaced.</param>
public sealed record Conversion(string Column, string To, string? From = null, string? Name = null)
{
    /// <summary>How one is written.</summary>
    public const string Form = "COLUMN=[FROM:]TO[ as NAME]";

    private const string As = " as ";

    /// <summary>Whether it is by the codes of a list that has one for a value.</summary>
    internal bool Knows(string value) => FieldPacks.Codes(To)?.ContainsKey(value.ToLowerInvariant()) == true;

    /// <summary>What the column is called then.</summary>
    [JsonIgnore]
    public string Published => Name ?? Column;

    /// <summary>Of one that was done: what was made of what.</summary>
    [JsonIgnore]
    public string Sentence => From is null
        ? $"{Published} is {Column} by the codes of {To}."
        : $"{Published} is {Column} converted from {From} to {To}.";

    /// <summary>As it is written.</summary>
    public override string ToString() =>
        $"{Column}={(From is null ? "" : From + ":")}{To}{(Name is null ? "" : As + Name)}";

    /// <summary>
    /// Reads such as <c>distance_mi=km</c> or <c>temp=[degF]:Cel as temperature</c>; null: it is none.
    /// </summary>
    public static Conversion? Read(string text)
    {
        if (text.LastIndexOf('=') is not (> 0 and var sign))
            return null;
        var (column, target) = (text[..sign], text[(sign + 1)..]);
        string? name = null;
        if (target.IndexOf(As, StringComparison.Ordinal) is >= 0 and var at)
            (target, name) = (target[..at], target[(at + As.Length)..]);
        return target.Split(':') switch
        {
            [{ Length: > 0 } to] when name != "" => new(column, to, null, name),
            [{ Length: > 0 } from, { Length: > 0 } to] when name != "" => new(column, to, from, name),
            _ => null,
        };
    }
}
