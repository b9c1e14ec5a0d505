using System.Text.Json;

namespace Millrace.Protocol.Catalogues;

/// <summary>That a column holds a data element.</summary>
/// <param name="Element">Its name, <c>field/id</c>.</param>
public sealed record ColumnElement(string Column, string Element)
{
    /// <summary>What stands before the name of an element in its IRI.</summary>
    public const string Namespace = Dspace.MillraceNamespace + "element/";

    private const string ElementTerm = Dspace.MillraceNamespace + "element";

    /// <summary>The IRI of an element.</summary>
    public static string IriOf(string element) => Namespace + element;

    /// <summary>The name of an element by its IRI; null: it is none of ours.</summary>
    public static string? NameOf(string? iri) =>
        iri is not null && iri.StartsWith(Namespace, StringComparison.Ordinal) ? iri[Namespace.Length..] : null;

    /// <summary>As a catalogue tells them.</summary>
    public static JsonElement ToCatalogue(IEnumerable<ColumnElement> elements) => ColumnStatements.Write(
        elements,
        e => e.Column,
        (writer, e) =>
        {
            writer.WriteStartObject(ElementTerm);
            writer.WriteString("@id", IriOf(e.Element));
            writer.WriteEndObject();
        });

    /// <summary>What a catalogue told; what is not of that form is passed over.</summary>
    internal static IReadOnlyList<ColumnElement> Read(JsonElement json) =>
    [
        .. from told in ColumnStatements.Read(json, ElementTerm)
           let element = NameOf(told.Value)
           where element is { Length: > 0 }
           select new ColumnElement(told.Column, element),
    ];
}
