using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Millrace.Protocol.Policies;

/// <summary>A column that is seen.</summary>
/// <param name="Type">Its type in the schema; <see cref="Mask.Masked"/> says what a mask makes of it.</param>
/// <param name="Mask">Null: seen as it is.</param>
public sealed record PlanColumn(string Name, ColumnType Type, Mask? Mask = null);

/// <summary>
/// What a permission means for one table: the columns seen, masked or not, and the rows. Two plans with one
/// <see cref="Hash"/> show the same, so that views are shared, except under different keys
/// (<see cref="MaskKeyScopes"/>). Who may read, how often and for what is not part of it.
/// </summary>
/// <param name="Schema">The schema as agreed.</param>
/// <param name="Columns">In the order of the schema; never empty.</param>
/// <param name="Rows">Null: all rows.</param>
public sealed record AccessPlan(TableSchema Schema, IReadOnlyList<PlanColumn> Columns, RowPredicate? Rows = null)
{
    /// <summary>Whether nothing is removed or changed.</summary>
    [JsonIgnore]
    public bool IsWholeTable =>
        Rows is null && Columns.Count == Schema.Columns.Count && Columns.All(column => column.Mask is null);

    /// <summary>Which keys its hashes need: <c>agreement</c>, <c>scenario:x</c>; sorted, each once.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> MaskKeyScopes =>
    [
        .. Columns.Select(column => column.Mask?.KeyScope).OfType<string>().Distinct().Order(StringComparer.Ordinal),
    ];

    [JsonIgnore]
    public bool NeedsMaskKey => MaskKeyScopes.Count > 0;

    /// <summary>SHA-256 of its canonical form, 64 lower-case hexadecimal digits.</summary>
    [JsonIgnore]
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Canonical())));

    /// <summary>
    /// The plan constraints of a permission over the schema as agreed, narrowed by the holder's default plan. Refuses
    /// with the path inside the permission: <c>unknown-column</c>, <c>bad-value</c> (also a mask that does not fit),
    /// <c>unknown-operator</c>, <c>no-columns</c>, <c>bad-schema</c>, and all that <see cref="PolicyCheck"/> refuses.
    /// </summary>
    public static Decision<AccessPlan> Compile(Rule permission, TableSchema agreed, DefaultPlan holder)
    {
        var (plan, refusals) = PlanBuilder.Build(permission, agreed, holder, "");
        return plan is null ? refusals[0] : plan;
    }

    private string Canonical() => PolicyHash.Sequence(
        "\"plan-1\"",
        PolicyHash.Sequence(Schema.Columns.Select(column => PolicyHash.Sequence(
            PolicyHash.Quote(column.Name), PolicyHash.Quote(column.Type.ToString())))),
        PolicyHash.Sequence(Columns.Select(column => PolicyHash.Sequence(
            PolicyHash.Quote(column.Name), PolicyHash.Quote(column.Mask?.ToString())))),
        Rows?.Canonical() ?? "null");
}
