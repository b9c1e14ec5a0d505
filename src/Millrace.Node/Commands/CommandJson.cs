using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Millrace.Engine.Supply;
using Millrace.Engine.Supply.Drift;
using Millrace.Engine.Supply.Fields;
using Millrace.Engine.Supply.Fitness;
using Millrace.Node.Api;

namespace Millrace.Node.Commands;

/// <summary>A receipt for programs: the API gives it as plain text.</summary>
internal sealed record ReceiptText(long Index, string Receipt);

/// <summary>A policy in sentences.</summary>
/// <param name="Kind"><c>offer</c> or <c>agreement</c>.</param>
/// <param name="Hash">What it says, as one name: policies with the same terms have the same.</param>
internal sealed record PolicyText(string Kind, string Hash, IReadOnlyList<Term> Terms);

/// <summary>What keeps a policy from being published; nothing does where there are no findings.</summary>
internal sealed record PolicyFindings(bool Enforceable, IReadOnlyList<RefusalInfo> Findings);

/// <summary>What one policy says and another does not.</summary>
internal sealed record PolicyChanges(bool Same, IReadOnlyList<PolicyChange> Changes);

/// <param name="Change"><c>added</c> or <c>removed</c>.</param>
/// <param name="Effect">What that does for whoever uses the data: <c>widens</c> or <c>narrows</c>.</param>
/// <param name="Rule">The permission that a condition belongs to.</param>
internal sealed record PolicyChange(string Change, string Effect, Term Term, Term? Rule = null);

/// <summary>A template with its blanks.</summary>
internal sealed record TemplateText(string Name, string Title, string TitleZh, IReadOnlyList<BlankText> Blanks);

/// <param name="Usual">What stands there if nothing is said; absent where it must be said.</param>
internal sealed record BlankText(string Name, string Title, string TitleZh, string Expected, string? Usual = null);

/// <summary>The JSON of the few answers that no single call of the API gives.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ReceiptText))]
[JsonSerializable(typeof(ReceiptVerdict))]
[JsonSerializable(typeof(ReadReport))]
[JsonSerializable(typeof(CollectionReport))]
[JsonSerializable(typeof(UnfinishedRead))]
[JsonSerializable(typeof(ContractVerdict))]
[JsonSerializable(typeof(QualityReport))]
[JsonSerializable(typeof(TableProfile))]
[JsonSerializable(typeof(ProfileReport))]
[JsonSerializable(typeof(DriftReport))]
[JsonSerializable(typeof(FitnessReport))]
[JsonSerializable(typeof(PolicyText))]
[JsonSerializable(typeof(PolicyFindings))]
[JsonSerializable(typeof(PolicyChanges))]
[JsonSerializable(typeof(IReadOnlyList<TemplateText>))]
[JsonSerializable(typeof(IReadOnlyList<FieldLine>))]
[JsonSerializable(typeof(FieldPack))]
[JsonSerializable(typeof(ConversionTargets))]
[JsonSerializable(typeof(FieldMatches))]
internal sealed partial class CommandJson : JsonSerializerContext
{
    /// <summary>Leaves Chinese readable.</summary>
    public static CommandJson Readable => Relaxed.Context;

    // A class of its own: the order of static fields over the parts of a generated class is not defined.
    private static class Relaxed
    {
        internal static readonly CommandJson Context = new(
            new JsonSerializerOptions(Default.GeneratedSerializerOptions!)
            {
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            });
    }
}
