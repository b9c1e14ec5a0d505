namespace Millrace.Engine.Supply.Classification;

/// <summary>
/// What a category of values proposes. The level is that of general data in annex H of GB/T 43697-2024: harm to
/// personal or organisational rights that is especially serious makes 4, serious 3, general 2, none 1. Which harm
/// a category can do is a rule of ours; the standard leaves it to whoever grades. Important and core data are never
/// proposed: a person says so.
/// </summary>
/// <param name="Level">1 to 4.</param>
/// <param name="Rule">The rule and its version, for whoever recomputes it.</param>
/// <param name="Gdpr">The article of Regulation (EU) 2016/679 that names such data; null: none does.</param>
public sealed record LevelRule(int Level, string Rule, string? Gdpr)
{
    /// <summary>From this level on nothing is offered as it is unless a person decides so.</summary>
    public const int Sensitive = 3;

    public const int Highest = 4;

    public static LevelRule Of(DataCategory category) => category switch
    {
        DataCategory.IdentityDocument => new(4, "identity-document/1", "4(1)"),
        DataCategory.FinancialAccount => new(4, "financial-account/1", "4(1)"),
        DataCategory.Health => new(4, "health/1", "9(1)"),
        DataCategory.Credential => new(4, "credential/1", null),
        DataCategory.Special => new(3, "special-category/1", "9(1)"),
        DataCategory.Name => new(3, "name/1", "4(1)"),
        DataCategory.Contact => new(3, "contact/1", "4(1)"),
        DataCategory.Address => new(3, "address/1", "4(1)"),
        DataCategory.BirthDate => new(3, "birth-date/1", "4(1)"),
        DataCategory.Vehicle => new(3, "vehicle/1", "4(1)"),
        DataCategory.Device => new(2, "device/1", "4(1)"),
        DataCategory.Location => new(2, "location/1", "4(1)"),
        DataCategory.Demographic => new(2, "demographic/1", "4(1)"),
        DataCategory.Organisation => new(1, "organisation/1", null),
        _ => throw new InvalidOperationException($"There is no rule for {category}."),
    };
}
