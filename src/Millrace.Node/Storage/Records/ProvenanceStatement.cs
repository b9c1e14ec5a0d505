using System.Text.Json.Serialization;

namespace Millrace.Node.Storage.Records;

/// <summary>
/// What a holder states of where data come from and what they may serve: what no table tells of itself. The members are
/// those of the Data Provenance Standards 1.0.0 of the Data &amp; Trust Alliance; each may be left out.
/// </summary>
public sealed record ProvenanceStatement(DataOrigin? Provenance = null, DataUse? Use = null)
{
    /// <summary>It under these licences instead of those that it names.</summary>
    public ProvenanceStatement Under(IReadOnlyList<string> licenses) =>
        this with { Use = (Use ?? new DataUse()) with { License = licenses } };
}

/// <summary>Where data come from.</summary>
/// <param name="Source">Where the data sets are described that they were made from.</param>
/// <param name="Origin">Who they come from, if not from their holder.</param>
/// <param name="OriginGeography">Where they were collected.</param>
/// <param name="GenerationPeriod">When they were collected.</param>
/// <param name="GenerationMethod">How they were collected.</param>
/// <param name="SubProvenance">Of what they were made from.</param>
public sealed record DataOrigin(
    string? Source = null, IReadOnlyList<Organization>? Origin = null, IReadOnlyList<Place>? OriginGeography = null,
    string? Date = null, string? PreviousDate = null, Period? GenerationPeriod = null,
    IReadOnlyList<Coded>? GenerationMethod = null, IReadOnlyList<string>? Format = null,
    DataOrigin? SubProvenance = null);

/// <summary>What they may serve.</summary>
/// <param name="Consents">Where it is written what the persons in them agreed to.</param>
public sealed record DataUse(
    IReadOnlyList<Confidentiality>? Classification = null, IReadOnlyList<string>? Consents = null,
    IReadOnlyList<PrivacyTool>? PrivacyEnhancing = null, IReadOnlyList<Place>? ProcessingIncluded = null,
    IReadOnlyList<Place>? ProcessingExcluded = null, IReadOnlyList<Place>? StorageAllowed = null,
    IReadOnlyList<Place>? StorageForbidden = null, IReadOnlyList<string>? License = null,
    IReadOnlyList<Coded>? IntendedPurpose = null, IReadOnlyList<string>? Copyright = null,
    IReadOnlyList<string>? Patent = null, IReadOnlyList<string>? Trademark = null);

public sealed record Organization(string Name, IReadOnlyList<string>? Address = null);

public sealed record Place(string Country, string? State = null);

public sealed record Period(string? Start = null, string? End = null);

/// <param name="System">Of codes, that it is one of.</param>
public sealed record Coded(string Code, string? System = null, string? Description = null);

/// <param name="Evaluated">Whether the data fall under the regulation.</param>
/// <param name="Tool">What found it out.</param>
public sealed record Confidentiality(Coded Regulation, bool Evaluated, string? Tool = null);

public sealed record PrivacyTool(
    Coded? ToolCategory = null, string? ToolUsed = null, IReadOnlyList<string>? Parameters = null,
    IReadOnlyList<string>? Result = null);

/// <summary>The whole document of the Data Provenance Standards.</summary>
public sealed record ProvenanceDocument(
    DataSource? Source = null, DataOrigin? Provenance = null, DataUse? Use = null);

/// <summary>What the data set is called, and who issues it.</summary>
public sealed record DataSource(
    string? Version = null, string? Title = null, string? Id = null, string? Location = null,
    IReadOnlyList<Organization>? Issuer = null, string? Description = null);

/// <summary>The form of the standards: what it does not know is an error, so that nothing stated is lost.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ProvenanceDocument))]
[JsonSerializable(typeof(ProvenanceStatement))]
internal sealed partial class ProvenanceJson : JsonSerializerContext;
