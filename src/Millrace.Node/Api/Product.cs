using System.Text.Json;
using System.Text.Json.Serialization;
using Millrace.Engine.Supply.Conversions;
using Millrace.Engine.Supply.Drift;
using Millrace.Engine.Supply.Fitness;
using Millrace.Node.Sources;

namespace Millrace.Node.Api;

/// <summary>A data product as its holder sees it.</summary>
/// <param name="Kind"><c>table</c>, <c>query</c> or <c>files</c>.</param>
/// <param name="Classification">How sensitive the columns of the latest version are.</param>
/// <param name="Versions">
/// The newest versions, at most 20, oldest first; <c>?before=N</c> gives those before version N. In a list of products
/// the newest one only.
/// </param>
/// <param name="Query">What can be called of a <c>query</c>; its table never leaves.</param>
/// <param name="Source">Where the node reads its table again.</param>
/// <param name="Provenance">
/// What is stated of where the data come from, as the Data Provenance Standards 1.0.0 have it.
/// </param>
/// <param name="Refresh">How its source is read by the clock; null: it never was.</param>
public sealed record Product(
    string Id,
    string Title,
    string Description,
    IReadOnlyList<string> Keywords,
    string Kind,
    DateTimeOffset CreatedAt,
    VersionInfo Latest,
    IReadOnlyList<VersionInfo> Versions,
    IReadOnlyList<OfferInfo> Offers,
    Classification? Classification = null,
    QueryInfo? Query = null,
    SourceDocument? Source = null,
    JsonElement? Provenance = null,
    RefreshInfo? Refresh = null);

/// <summary>The part <c>product</c> of <c>POST products</c>; what is left out follows from the files.</summary>
/// <param name="Id">An existing id makes a new version of that product.</param>
/// <param name="Offer">An ODRL offer under which the product may be had.</param>
/// <param name="Handling">
/// How requests for that offer are handled: <c>accept</c> (the default), <c>ask</c>, <c>manual</c> or <c>rule</c>.
/// </param>
/// <param name="OfferId">A chosen id for that offer; null: a fresh one.</param>
/// <param name="Rule">The written rule for <c>rule</c>, which is then the default; it is never sent to anybody.</param>
/// <param name="Query">A parameterised SELECT that is offered instead of the table.</param>
/// <param name="Kind">
/// <c>files</c>: the files themselves are offered, with an index of them as their table. Null: they are a table.
/// </param>
/// <param name="Contract">
/// What is promised of the table: an Open Data Contract Standard document (YAML), kept for later versions too.
/// </param>
/// <param name="Append">The rows follow those of the product's newest version, instead of replacing them.</param>
/// <param name="Source">Where the node reads the table from, in a request that is JSON and has no files.</param>
/// <param name="About">
/// A description that was written elsewhere: title, description and keywords come from it where they are left out, and
/// what it states of the data's provenance is kept. JSON-LD with a Dataset (DCAT, Croissant, schema.org), a data
/// contract (YAML), or a document of the Data Provenance Standards.
/// </param>
/// <param name="Visible">Who sees that offer: <c>{"when": […]}</c>; null: everybody. It is never sent.</param>
/// <param name="Convert">
/// Columns to publish in another unit or by the codes of a list; null: as the newest version has it; empty: none.
/// </param>
public sealed record ProductDraft(
    string? Id = null,
    string? Title = null,
    string? Description = null,
    IReadOnlyList<string>? Keywords = null,
    JsonElement? Offer = null,
    string? Handling = null,
    string? OfferId = null,
    JsonElement? Rule = null,
    JsonElement? Query = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Append = false,
    string? Kind = null,
    string? Contract = null,
    SourceDocument? Source = null,
    string? About = null,
    JsonElement? Visible = null,
    IReadOnlyList<Conversion>? Convert = null);

/// <summary>What came of computing a version's figures anew from its stored files.</summary>
/// <param name="Same">
/// They are what is stored, to the last digit; those of an earlier method as far as they can be compared.
/// </param>
/// <param name="Differences">The paths of what differs.</param>
/// <param name="SensitivityCompared">
/// False: it was judged by earlier rules, which cannot be applied again.
/// </param>
public sealed record QualityVerification(
    string Product, int Version, bool Same, IReadOnlyList<FigureDifference> Differences,
    bool SensitivityCompared = false);

/// <summary>What changed between two versions of a product.</summary>
public sealed record ProductDrift(string Product, int From, int To, DriftReport Report);

/// <summary>How fit the latest version of a product is for AI.</summary>
/// <param name="Label">The column that was taken as the label; null: none.</param>
/// <param name="Against">The product that it was compared with; null: none.</param>
public sealed record ProductFitness(
    string Product, int Version, FitnessReport Report, string? Label = null, string? Against = null);

/// <param name="Path">Such as <c>profile.columns[2].nulls</c>.</param>
/// <param name="Stored">As JSON; null: it is not there.</param>
/// <param name="Computed">As JSON; null: it is not there.</param>
public sealed record FigureDifference(string Path, string? Stored = null, string? Computed = null);
