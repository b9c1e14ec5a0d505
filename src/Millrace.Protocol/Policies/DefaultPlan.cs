namespace Millrace.Protocol.Policies;

/// <summary>What classification demands of every agreement over a product, frozen when one is made.</summary>
/// <param name="HiddenColumns">Columns that are never released.</param>
/// <param name="Masks">Masks by column, combined with those of the agreement.</param>
public sealed record DefaultPlan(IReadOnlyList<string> HiddenColumns, IReadOnlyDictionary<string, Mask> Masks)
{
    public static readonly DefaultPlan None = new([], new Dictionary<string, Mask>());

    /// <summary>Whether it can be kept for a table; what is wrong with it, or null.</summary>
    public Refusal? Objection(TableSchema schema)
    {
        var everything = new Rule { Action = Terms.Use };
        return AccessPlan.Compile(everything, schema, this).Refused(out var refusal, out _) ? refusal : null;
    }
}
