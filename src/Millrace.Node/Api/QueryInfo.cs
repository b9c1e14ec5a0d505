using System.Text.Json;

namespace Millrace.Node.Api;

/// <summary>A query product: what one must know to call it.</summary>
/// <param name="MinGroup">Each row of an answer rests on so many rows at least; null: on any.</param>
/// <param name="Sql">The holder's own: the SELECT, which leaves for nobody else.</param>
public sealed record QueryInfo(
    IReadOnlyList<ParameterInfo> Parameters, int? MinGroup = null, string? Sql = null);

/// <summary>A parameter of a query, with the bounds of its values.</summary>
/// <param name="Type">
/// <c>text</c>, <c>integer</c>, <c>decimal</c>, <c>number</c>, <c>date</c>, <c>timestamp</c> or <c>boolean</c>.
/// </param>
/// <param name="Default">Null: a call must give it.</param>
/// <param name="Values">The only values; null: any within the other bounds.</param>
/// <param name="LengthMax">The most characters of a text.</param>
/// <param name="Pattern">A regular expression that the whole of a text must match.</param>
public sealed record ParameterInfo(
    string Name, string Type, string? Description = null, string? Default = null, string? Min = null,
    string? Max = null, IReadOnlyList<string>? Values = null, int? LengthMax = null, string? Pattern = null);

/// <summary>The body of <c>POST transfers/{id}/call</c>.</summary>
/// <param name="Parameters">Values by name, as JSON or as text; what has a default may be left out.</param>
public sealed record CallDraft(IReadOnlyDictionary<string, JsonElement> Parameters);
