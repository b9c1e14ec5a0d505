using Millrace.Protocol.Policies;

namespace Millrace.Engine.Supply.Classification;

/// <summary>A mask under which a column of sensitive values stays of use.</summary>
internal static class FittingMask
{
    /// <returns>As <see cref="Mask.Parse"/> reads it; null where the category needs none.</returns>
    public static string? Of(DataCategory category, ColumnType type)
    {
        var wish = category switch
        {
            DataCategory.Organisation or DataCategory.Demographic => null,
            DataCategory.Address => "first:3", // Six signs are all of a short one: 黄浦区1号.
            DataCategory.Credential => "null",
            DataCategory.BirthDate => "date:year",
            DataCategory.Location when type == ColumnType.Text => "first:3",
            DataCategory.Location => type == ColumnType.Integer ? "round:1000" : "round:0.1",
            _ => "hash",
        };
        return wish is null || Mask.Parse(wish)!.Fits(type) ? wish
            : Mask.Parse("hash")!.Fits(type) ? "hash"
            : "null";
    }
}
