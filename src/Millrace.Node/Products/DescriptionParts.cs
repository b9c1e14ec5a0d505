using System.Text.Json.Nodes;
using Millrace.Engine.Supply.Fields;
using Millrace.Node.Hosting;
using Millrace.Node.Storage.Records;
using Millrace.Protocol.Catalogues;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Products;

/// <summary>A version of a product, and who offers it: what descriptions are made of.</summary>
/// <param name="Service">The base of the holder's Dataspace Protocol endpoints, where it is negotiated for.</param>
/// <param name="PreviousAt">When the version before it was published; null: it is the first.</param>
internal sealed record Described(
    ProductRecord Product, ProductVersionRecord Version, ParticipantRecord Holder, Uri Service,
    DateTimeOffset? PreviousAt = null)
{
    /// <summary>Where the data set is described to peers.</summary>
    public string Address =>
        $"{Service.AbsoluteUri.TrimEnd('/')}/catalog/datasets/{Uri.EscapeDataString(Product.Id)}";
}

/// <summary>What the forms of description have in common.</summary>
internal static class DescriptionParts
{
    public const string Parquet = "application/vnd.apache.parquet";

    /// <summary>A description; a product that says nothing is described by its title.</summary>
    public static string Text(ProductRecord product) =>
        product.Description.Length > 0 ? product.Description : product.Title;

    /// <summary>
    /// Offers with a context of their own: the same ODRL that is negotiated, so that terms are never told twice. Those
    /// that not everybody sees are left out.
    /// </summary>
    public static JsonArray Offers(ProductRecord product) => new([.. Open(product).Select(Offer)]);

    /// <summary>The offers that everybody sees.</summary>
    public static IEnumerable<Policy> Open(ProductRecord product) =>
        product.Offers.Where(o => o.Visible is null).Select(o => o.Policy);

    /// <summary>
    /// What a person confirmed that a column holds: its IRI, and its meaning where a pack of this node has it. Null:
    /// nothing; what is only proposed is never told.
    /// </summary>
    public static (string Iri, DataElement? Meaning)? ElementOf(ProductRecord product, string column) =>
        product.ElementOn(column)?.Element is { } name
            ? (ColumnElement.IriOf(name), FieldPacks.FindElement(name)?.Element)
            : null;

    private static JsonNode Offer(Policy policy)
    {
        var offer = JsonObject.Create(Shown.Policy(policy))!;
        JsonObject Term() => new() { ["@type"] = "@vocab" };
        JsonObject Node() => new() { ["@type"] = "@id" };
        JsonObject List(string name) => new() { ["@id"] = $"odrl:{name}", ["@container"] = "@list" };
        offer["@context"] = new JsonObject
        {
            ["@vocab"] = "http://www.w3.org/ns/odrl/2/",
            ["odrl"] = "http://www.w3.org/ns/odrl/2/",
            ["action"] = Term(),
            ["leftOperand"] = Term(),
            ["operator"] = Term(),
            ["assigner"] = Node(),
            ["assignee"] = Node(),
            ["target"] = Node(),
            ["and"] = List("and"),
            ["or"] = List("or"),
            ["xone"] = List("xone"),
        };
        return offer;
    }
}
