using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Classification;

namespace Millrace.Node.Commands;

/// <summary>What a table holds, as <c>millrace profile</c> tells it.</summary>
/// <param name="Files">Their names, without folders.</param>
/// <param name="SemanticTypes">What the values are beyond their types, where that was found.</param>
/// <param name="Withheld">The columns of which no value is told, for they are sensitive.</param>
public sealed record ProfileReport(
    IReadOnlyList<string> Files, TableProfile Profile, IReadOnlyList<string> Withheld,
    ClassificationReport Classification, IReadOnlyList<SemanticType> SemanticTypes)
{
    internal static ProfileReport Of(IReadOnlyList<string> paths, LocalTable table)
    {
        var shown = ShownProfile.Of(table.Profile, table.Classification);
        return new ProfileReport(
            [.. paths.Select(p => Path.GetFileName(p))], shown.Profile, shown.Withheld, table.Classification,
            SemanticType.Of(table.Classification));
    }
}
