using System.Text.Json.Nodes;
using Millrace.Engine.Supply.Classification;
using Millrace.Node.Evidence;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;
using Millrace.Protocol.Policies;

namespace Millrace.Node.Products;

/// <summary>
/// An agreement froze which columns it shows as they are, and a later version may hold personal data in one of them.
/// The column is masked for that agreement too then, until a person decides that it need not be.
/// </summary>
/// <remarks>
/// Only what classification found in the data does that: a holder cannot narrow a contract by a decision of their own.
/// </remarks>
internal static class SensitiveSince
{
    /// <summary>Masks what has become sensitive, and opens what is sensitive no more.</summary>
    /// <param name="product">As it is saved in the same unit: its default plan says how to mask.</param>
    public static async Task SettleAsync(
        Unit unit, EvidenceLog evidence, string holder, ProductRecord product, ClassificationReport? report,
        CancellationToken cancel)
    {
        var sensitivity = Sensitivity.Of(product, report);
        List<string> sensitive =
        [
            .. product.Schema.Columns.Select(c => c.Name).Where(c =>
                sensitivity.LevelOf(c) >= LevelRule.Sensitive && sensitivity.Report.LevelOf(c) >= LevelRule.Sensitive),
        ];
        foreach (var row in await Tables.Agreements.ListByAsync(unit, holder, "product", product.Id, cancel))
        {
            var agreement = row.Value;
            if (agreement is not { Role: Role.Provider, Withdrawal: null, Query: null })
                continue;
            var before = agreement.SensitiveSince ?? new Dictionary<string, Mask>();
            var masks = sensitive.Where(column => Shows(agreement, column)).ToDictionary(
                column => column,
                column => before.GetValueOrDefault(column)
                    ?? product.Hidden.Masks.GetValueOrDefault(column, Mask.Null));
            if (masks.Keys.ToHashSet().SetEquals(before.Keys))
                continue;
            await Tables.Agreements.SaveAsync(
                unit, row.With(agreement with { SensitiveSince = masks.Count == 0 ? null : masks }), cancel);
            await evidence.AddAsync(
                unit, holder, EntryType.AgreementMasked, Entry(product.Id, agreement.Id, masks), cancel);
        }
    }

    /// <summary>Whether a reader may have the column as it is, as far as terms and the frozen plan say.</summary>
    private static bool Shows(AgreementRecord agreement, string column) => agreement.Policy.Permissions.Any(
        permission => !AccessPlan
            .Compile(permission, Check.NotNull(agreement.Schema), Check.NotNull(agreement.Default))
            .Refused(out _, out var plan)
            && plan.Columns.Any(c => c.Name == column && c.Mask is null));

    private static JsonObject Entry(string product, string agreement, Dictionary<string, Mask> masks) => new()
    {
        ["product"] = product,
        ["agreement"] = agreement,
        ["masks"] = DefaultPlans.Told(masks),
    };
}
