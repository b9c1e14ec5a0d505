using Millrace.Protocol;

namespace Millrace.Node.Products;

/// <summary>What every decision of a person needs: a name, and a reason that stands in the log.</summary>
internal static class Decided
{
    private const int PersonMax = 200, ReasonMax = 1_000;

    public static Refusal? Objection(string person, string reason) =>
        string.IsNullOrWhiteSpace(person) || person.Length > PersonMax
            ? new Refusal("undecided", $"Say who decides, in at most {PersonMax} characters.")
        : string.IsNullOrWhiteSpace(reason) || reason.Length > ReasonMax
            ? new Refusal("undecided", $"Say why you decide so, in at most {ReasonMax} characters.")
        : null;
}
