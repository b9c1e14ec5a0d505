using System.Globalization;
using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Classification;
using Millrace.Node.Sources;
using Millrace.Node.Storage.Search;
using Millrace.Protocol.Catalogues;
using Millrace.Protocol.Handling;
using Millrace.Protocol.Policies;
using Millrace.Protocol.Queries;

namespace Millrace.Node.Storage.Records;

/// <summary>A data product: what does not change from version to version, and its offers.</summary>
/// <param name="Latest">The number of the newest version, from 1.</param>
/// <param name="Default">What the holder hides whatever is agreed; each agreement freezes it. Null: nothing.</param>
/// <param name="Decisions">What persons decided on the levels of its columns; null: nothing.</param>
/// <param name="Figures">Of the newest version: kept here too, so that a catalogue page reads no version.</param>
/// <param name="Query">What can be called, and is all that can be had; null: it is a table. It never changes.</param>
/// <param name="HoldsFiles">Its table is an index of files, which can be had too. It never changes.</param>
/// <param name="Source">Where its table is read again; null: it was handed in.</param>
/// <param name="Provenance">What its holder states of where the data come from; null: nothing.</param>
/// <param name="Elements">What persons decided on what its columns hold; null: nothing.</param>
public sealed record ProductRecord(
    string Id, string Title, string Description, IReadOnlyList<string> Keywords, DateTimeOffset CreatedAt, int Latest,
    TableSchema Schema, IReadOnlyList<OfferRecord> Offers, VersionFigures Figures, DefaultPlan? Default = null,
    IReadOnlyList<LevelDecision>? Decisions = null, QueryDefinition? Query = null,
    bool HoldsFiles = false, SourceDocument? Source = null, ProvenanceStatement? Provenance = null,
    IReadOnlyList<ElementDecision>? Elements = null)
{
    /// <summary>What the holder hides of it, whatever is agreed.</summary>
    public DefaultPlan Hidden => Default ?? DefaultPlan.None;

    /// <summary><c>table</c>, <c>query</c> or <c>files</c>.</summary>
    public string Kind => HoldsFiles ? "files" : Query is null ? "table" : "query";

    /// <summary>The elements that persons confirmed, in the order of the columns.</summary>
    public IReadOnlyList<ColumnElement> Confirmed => Elements is null
        ? []
        :
        [
            .. from column in Schema.Columns
               let element = ElementOn(column.Name)?.Element
               where element is not null
               select new ColumnElement(column.Name, element),
        ];

    /// <summary>
    /// What a person decided on a column, which holds for every later version: none renames or changes a column.
    /// </summary>
    public ElementDecision? ElementOn(string column) => Elements?.FirstOrDefault(d => d.Column == column);

    /// <summary>It with the offers that somebody sees; null: it has some, and none is for them.</summary>
    public ProductRecord? SeenBy(string did, Claims claims, DateTimeOffset now)
    {
        if (Offers.All(o => o.Visible is null))
            return this;
        List<OfferRecord> seen = [.. Offers.Where(o => o.IsShownTo(did, claims, now))];
        return seen.Count == 0 ? null : this with { Offers = seen };
    }

    /// <summary>What it is found by.</summary>
    public Document Document() =>
        new(Title, [.. Keywords, Id, .. ElementTexts.Of(Confirmed)], Description, []);
}

/// <summary>A person's decision on how sensitive a column is.</summary>
/// <param name="Proposed">What classification proposed then; a higher proposal asks again.</param>
/// <param name="Level">1 to 4, of GB/T 43697-2024's general data.</param>
/// <param name="Kinds">
/// Of sensitive value that were found then; another of a level above the decided one asks again. Null: decided before
/// they were kept, and only a higher proposal asks again.
/// </param>
public sealed record LevelDecision(
    string Column, int Proposed, int Level, string Person, string Reason, DateTimeOffset At,
    IReadOnlyList<string>? Kinds = null);

/// <summary>A person's word on what a column holds.</summary>
/// <param name="Element">The name of a data element; null: it does not hold what was proposed.</param>
/// <param name="Proposed">What was proposed then, else what was confirmed before; null: nothing.</param>
public sealed record ElementDecision(
    string Column, string? Element, string? Proposed, string Person, string Reason, DateTimeOffset At);

/// <summary>What a catalogue says of a version.</summary>
/// <param name="Quality">The overall score, 0 to 100; null where nothing could be measured.</param>
public sealed record VersionFigures(long Rows, double? Quality);

/// <summary>How requests for an offer are handled.</summary>
public enum OfferHandling
{
    /// <summary>Agreed to at once where the policy permits it.</summary>
    Accept,

    /// <summary>A person decides.</summary>
    Ask,

    /// <summary>A rule that the holder wrote decides.</summary>
    Rule,

    /// <summary>A person decides, and takes each further step of ours too.</summary>
    Manual,
}

/// <summary>An offer of a product.</summary>
/// <param name="Rule">There for <see cref="OfferHandling.Rule"/>; it never leaves the node.</param>
/// <param name="Visible">Who sees it, which never leaves the node either; null: everybody.</param>
public sealed record OfferRecord(
    Policy Policy, OfferHandling Handling, WrittenRule? Rule = null, Visibility? Visible = null)
{
    /// <summary>Whether somebody sees it, and so may ask for it.</summary>
    public bool IsShownTo(string did, Claims claims, DateTimeOffset now) =>
        Visible?.Shows(Policy, did, claims, now) ?? true;
}

/// <summary>An immutable version: a manifest of files, with what was measured of them.</summary>
/// <param name="Classification">Null for versions from before tables were classified.</param>
/// <param name="AppendedTo">The version whose rows it has, with those of its last file after them; null: none.</param>
/// <param name="ContentBytes">The size of the files that it is an index of.</param>
/// <param name="Contract">The text of the contract it was checked against, which the next one keeps.</param>
/// <param name="ReadFrom">The source that the node read; null: its files were handed in.</param>
/// <param name="Entry">
/// The id of its <c>version-published</c> in the log; null for versions from before that told of their quality.
/// </param>
public sealed record ProductVersionRecord(
    string Product, int Number, DateTimeOffset CreatedAt, TableSchema Schema, long Rows,
    IReadOnlyList<FileRecord> Files, SourceInfo Source, TableProfile Profile, QualityReport Quality,
    ClassificationReport? Classification = null, int? AppendedTo = null, long ContentBytes = 0,
    string? Contract = null, SourceReading? ReadFrom = null, string? Entry = null)
{
    /// <summary>The row id of a version; the digits keep the order.</summary>
    public static string IdOf(string product, int number) => $"{product}#{number:D6}";

    public static int NumberOf(string id) =>
        int.Parse(id.AsSpan(id.LastIndexOf('#') + 1), CultureInfo.InvariantCulture);

    public long Bytes => Files.Sum(f => f.Bytes) + ContentBytes;

    /// <summary>Whether files begin with all of this version's: rows were added, and none was changed.</summary>
    public bool IsBeginningOf(IReadOnlyList<FileRecord> files) =>
        Files.Select(f => f.Sha256).SequenceEqual(files.Take(Files.Count).Select(f => f.Sha256));
}

/// <summary>Where the node read a version, and when it began to.</summary>
public sealed record SourceReading(SourceDocument Source, DateTimeOffset At);

/// <summary>A file of a version, in the object store under its digest.</summary>
public sealed record FileRecord(string Name, string Sha256, long Bytes, long Rows);
