namespace Millrace.Node.Api;

/// <summary>A recorded need with its measure of success, before and after.</summary>
/// <param name="Before">The figure, in <paramref name="Unit"/>, without the data; null until it is known.</param>
/// <param name="Agreements">The ids of the agreements that meet the need.</param>
/// <param name="After">The figure when the scenario was closed.</param>
public sealed record Scenario(
    string Id,
    string Title,
    string Purpose,
    string Measure,
    string Unit,
    IReadOnlyList<string> Agreements,
    DateTimeOffset CreatedAt,
    decimal? Before = null,
    decimal? After = null,
    DateTimeOffset? ClosedAt = null);

/// <summary>The body of <c>POST scenarios</c>.</summary>
public sealed record ScenarioDraft(
    string Title,
    string Purpose,
    string Measure,
    string Unit,
    decimal? Before = null,
    IReadOnlyList<string>? Agreements = null);

/// <summary>The body of <c>POST outcome</c>: the figure reached, and the agreements that made it possible.</summary>
/// <param name="Before">The figure without the data, where it could not be measured earlier.</param>
public sealed record ScenarioOutcome(decimal After, IReadOnlyList<string> Agreements, decimal? Before = null);
