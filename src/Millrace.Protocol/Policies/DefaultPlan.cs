namespace Millrace.Protocol.Policies;

/// <summary>What classification demands of every agreement over a product, frozen when one is made.</summary>
/// <param name="HiddenColumns">Columns that are never released.</param>
/// <param name="Masks">Masks by column, combined with those of the agreement.</param>
public sealed record DefaultPlan(IReadOnlyList<string> HiddenColumns, IReadOnlyDictionary<string, Mask> Masks)
{
    public static readonly DefaultPlan None = new([], new Dictionary<string, Mask>());
}
