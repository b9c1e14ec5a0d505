using System.Text.Json;

namespace Millrace.Protocol.Catalogues;

/// <summary>Asks for the catalogue (<c>CatalogRequestMessage</c>).</summary>
/// <param name="Filter">What the provider understands as a filter; empty asks for everything.</param>
public sealed record CatalogueRequest(string? Id, IReadOnlyList<JsonElement> Filter) : Message;

/// <summary>Answer (<c>CatalogError</c>): there is no catalogue or data set for the asker.</summary>
public sealed record CatalogueError(string? Id, string? Code, IReadOnlyList<string> Reasons) : Message;

/// <summary>What a participant offers to the one who asks (DSP 2025-1, catalog protocol).</summary>
public sealed record Catalogue : Message
{
    public required string Id { get; init; }

    /// <summary>Whose catalogue it is; null only in a catalogue inside another.</summary>
    public string? ParticipantId { get; init; }

    public string? Title { get; init; }

    public IReadOnlyList<Dataset> Datasets { get; init; } = [];

    /// <summary>Of a catalogue that was read: why each data set that cannot be used is not among them.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>Where the data sets can be negotiated for; usually one.</summary>
    public IReadOnlyList<DataService> Services { get; init; } = [];

    /// <summary>Catalogues of others: each names, by its services, where it can be asked for.</summary>
    public IReadOnlyList<Catalogue> Catalogues { get; init; } = [];

    /// <summary>Of a catalogue inside another: how it can be had.</summary>
    public IReadOnlyList<Distribution> Distributions { get; init; } = [];

    /// <summary>An entry for the catalogue of another participant or service.</summary>
    public static Catalogue ReferTo(string id, DataService service) => new()
    {
        Id = id, Services = [service], Distributions = [new Distribution("Catalog", service.Id)],
    };

    /// <summary>The service behind a distribution; null if the catalogue does not hold it.</summary>
    public DataService? ServiceOf(Distribution distribution) =>
        distribution.Service ?? Services.FirstOrDefault(service => service.Id == distribution.ServiceId);
}
