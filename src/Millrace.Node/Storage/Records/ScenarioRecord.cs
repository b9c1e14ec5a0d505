namespace Millrace.Node.Storage.Records;

/// <summary>A recorded need, with the figure that measures it before and after.</summary>
public sealed record ScenarioRecord(
    string Id, string Title, string Purpose, string Measure, string Unit, decimal? Before,
    IReadOnlyList<string> Agreements, DateTimeOffset CreatedAt, decimal? After, DateTimeOffset? ClosedAt);
