using System.Text.Json.Serialization;
using Millrace.Engine.Supply.Fields;

namespace Millrace.Engine.Supply.Joins;

/// <summary>That two tables can be joined on a column of each.</summary>
/// <param name="Mine">The column of the one who asks.</param>
/// <param name="Theirs">The column of the other table.</param>
/// <param name="Element">What both were confirmed to hold; null: only their values speak for it.</param>
/// <param name="Keys">On which side a value stands in one row only.</param>
/// <param name="ByDay">Moments meet dates on their day.</param>
/// <param name="MineInTheirs">At least this share of the one's different values is among the other's: a step of
/// <see cref="JoinFinder.Steps"/>. Null: less, or not measured.</param>
/// <param name="TheirsInMine">The same the other way round.</param>
/// <param name="Error">The standard error of both before they were cut to a step; null: not measured.</param>
public sealed record Join(
    string Mine, string Theirs, FieldElement? Element, JoinKeys Keys, bool ByDay, double? MineInTheirs,
    double? TheirsInMine, double? Error)
{
    /// <summary>Dates meet: tables of the same years have them in common without having anything to do with each
    /// other.</summary>
    public bool OfDates { get; init; }
}

/// <summary>On which side of a join a value stands in one row only.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JoinKeys>))]
public enum JoinKeys
{
    /// <summary>Each row may meet many: one side has to be summed up first.</summary>
    [JsonStringEnumMemberName("none")]
    None,
    [JsonStringEnumMemberName("mine")]
    Mine,
    [JsonStringEnumMemberName("theirs")]
    Theirs,
    [JsonStringEnumMemberName("both")]
    Both,
}
