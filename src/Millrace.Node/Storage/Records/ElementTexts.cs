using Millrace.Engine.Supply.Fields;
using Millrace.Protocol.Catalogues;

namespace Millrace.Node.Storage.Records;

/// <summary>By which words a product is found for what its columns hold.</summary>
internal static class ElementTexts
{
    /// <summary>The terms in both languages; of an element that no pack here has, its name.</summary>
    public static IEnumerable<string> Of(IEnumerable<ColumnElement> elements) =>
        elements.Select(e => e.Element).Distinct().SelectMany(name => FieldPacks.FindElement(name) is { Element: var e }
            ? (string[])[e.En.Term, e.Zh.Term]
            : [name]);
}
