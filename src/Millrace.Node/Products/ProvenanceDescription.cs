using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Engine.Supply.Classification;
using Millrace.Node.Storage.Records;

namespace Millrace.Node.Products;

/// <summary>
/// A product in the form of the Data Provenance Standards 1.0.0: what its holder states, and what the node knows. What
/// the standards want and nobody stated is left out, and never made up.
/// </summary>
internal static class ProvenanceDescription
{
    private const string Tool = "Millrace";

    public static JsonObject Of(Described described)
    {
        var (product, version) = (described.Product, described.Version);
        var stated = product.Provenance ?? new ProvenanceStatement();
        var document = new ProvenanceDocument(
            new DataSource(
                "1.0.0", product.Title, described.Address, described.Address,
                [new Organization(described.Holder.Title)], DescriptionParts.Text(product)),
            (stated.Provenance ?? new DataOrigin()) with
            {
                Date = Day(version.CreatedAt),
                PreviousDate = described.PreviousAt is { } previous ? Day(previous) : null,
                Format = stated.Provenance?.Format ?? [DescriptionParts.Parquet],
            },
            Use(described, stated.Use ?? new DataUse()));
        return JsonSerializer.SerializeToNode(document, ProvenanceJson.Default.ProvenanceDocument)!.AsObject();
    }

    private static DataUse Use(Described described, DataUse stated)
    {
        var (product, version) = (described.Product, described.Version);
        var found = Regulations(Sensitivity.Of(product, version.Classification), version);
        List<string> guards =
        [
            .. product.Hidden.Masks.Select(m => $"{m.Key}={m.Value}"),
            .. product.Hidden.HiddenColumns.Select(c => $"{c}=hidden"),
        ];
        return stated with
        {
            Classification = Joined(stated.Classification, [.. found]),
            PrivacyEnhancing = Joined(
                stated.PrivacyEnhancing, guards is [] ? [] : [new PrivacyTool(new Coded("masking"), Tool, guards)]),
            License = stated.License ?? Joined(null, [.. DescriptionParts.Open(product).Select(o => o.Id)]),
        };
    }

    /// <summary>What classification found, or that it found nothing.</summary>
    private static IEnumerable<Confidentiality> Regulations(Sensitivity sensitivity, ProductVersionRecord version)
    {
        if (version.Classification is not { } report)
            yield break;
        var columns = version.Schema.Columns.Select(c => c.Name).ToList();
        var level = columns.Max(sensitivity.LevelOf);
        yield return new Confidentiality(
            new Coded(
                "GB/T 43697-2024",
                Description: string.Create(CultureInfo.InvariantCulture, $"General data of level {level}.")),
            level >= LevelRule.Sensitive, Tool);
        var articles = columns.SelectMany(report.LikelyOf).Select(f => f.Gdpr).OfType<string>().Distinct().ToList();
        yield return new Confidentiality(
            new Coded(
                "Regulation (EU) 2016/679", Description: articles is [] ? null : string.Join(", ", articles)),
            articles is not [], Tool);
    }

    private static IReadOnlyList<T>? Joined<T>(IReadOnlyList<T>? stated, IReadOnlyList<T> known) =>
        stated is null && known is [] ? null : [.. stated ?? [], .. known];

    private static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
