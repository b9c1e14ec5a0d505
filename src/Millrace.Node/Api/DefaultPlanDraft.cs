namespace Millrace.Node.Api;

/// <summary>What a holder hides of a product whatever is agreed; also the body of <c>POST default-plan</c>.</summary>
/// <param name="Hidden">Columns that are never released.</param>
/// <param name="Masks">Masks by column, such as <c>first:3</c>; those of an agreement come on top.</param>
public sealed record DefaultPlanDraft(
    IReadOnlyList<string>? Hidden = null, IReadOnlyDictionary<string, string>? Masks = null);
