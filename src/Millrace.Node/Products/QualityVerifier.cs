using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Millrace.Engine.Supply.Classification;
using Millrace.Node.Api;
using Millrace.Node.Evidence;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Objects;
using Millrace.Node.Storage.Records;

namespace Millrace.Node.Products;

/// <summary>
/// Computes the figures of a stored version anew from its files, and compares them with those that it was published
/// with, to the last digit, and the report with what the log says of it. A profile of an earlier method is compared as
/// far as it can be, see <see cref="EarlierProfile"/>; a report of an earlier method is made anew by it.
/// </summary>
public sealed class QualityVerifier(Database database, IObjectStore objects, TableStudy study)
{
    private const int DifferencesMax = 100;

    /// <param name="number">Null: the latest version.</param>
    /// <returns>Null: there is no such version.</returns>
    public async Task<QualityVerification?> VerifyAsync(
        string participant, string product, int? number, CancellationToken cancel)
    {
        var version = await database.ReadAsync(
            async session =>
            {
                if (await Tables.Products.FindAsync(session, participant, product, cancel) is not { Value: var found })
                    return null;
                return await ProductVersions.FindAsync(
                    session, participant, product, number ?? found.Latest, cancel);
            },
            cancel);
        if (version is null)
            return null;
        var differences = new List<FigureDifference>();
        if (!await AreWholeAsync(version, differences, cancel))
            return new QualityVerification(product, version.Number, false, differences);
        var compared = version.Quality.Contract?.Rules
            .Where(r => r is { ComparedWith: not null, Kind: not "drift" })
            .DistinctBy(r => ProductOf(r.Detail))
            .ToDictionary(r => ProductOf(r.Detail), r => r.ComparedWith!.Value);
        var anew = await study.StudyAsync(
            new TableToStudy(
                participant, version.Files, null, null, version.Schema, version.CreatedAt, version.Contract, compared,
                Anew: true, Earlier: await EarlierAsync(participant, version, cancel), Then: ThenOf(version)),
            cancel);
        Compare("rows", JsonValue.Create(version.Rows), JsonValue.Create(anew.Profile.Rows), differences);
        var profile = EarlierProfile.Comparable(version.Profile, anew.Profile);
        Compare("profile", version.Profile, profile, RecordJson.Rows.TableProfile, differences);
        var quality = anew.Quality.ByMethod(version.Quality.Method);
        Compare("quality", version.Quality, quality, RecordJson.Rows.QualityReport, differences);
        if (version.Entry is { } entry)
            Compare(
                "entry.quality", await LoggedAsync(participant, entry, version, cancel),
                LoggedQuality.Of(version.Quality), differences);
        var isJudgedAlike = version.Classification?.Rules == ClassificationReport.CurrentRules;
        if (isJudgedAlike)
            Compare(
                "classification", version.Classification!, anew.Classification, RecordJson.Rows.ClassificationReport,
                differences);
        return new QualityVerification(
            product, version.Number, differences.Count == 0, [.. differences.Take(DifferencesMax)], isJudgedAlike);
    }

    private Task<JsonNode?> LoggedAsync(
        string participant, string entry, ProductVersionRecord version, CancellationToken cancel) =>
        database.ReadAsync(
            async session => await LogTable.FindAsync(session, participant, entry, cancel) is { } body
                ? LoggedQuality.In(body, version)
                : null,
            cancel);

    /// <summary>Rules of classification change, and nobody can judge by earlier ones again.</summary>
    private static KnownThen ThenOf(ProductVersionRecord version) => new(
        version.Quality.Contract?.Decided,
        version.Classification is { Rules: not ClassificationReport.CurrentRules } judged ? judged : null,
        version.Quality.Method);

    /// <summary>The version that a rule on drift was compared with then.</summary>
    private async Task<ProductVersionRecord?> EarlierAsync(
        string participant, ProductVersionRecord version, CancellationToken cancel) =>
        version.Quality.Contract?.Rules.FirstOrDefault(r => r.Kind == "drift")?.ComparedWith is { } number
            ? await database.ReadAsync(
                s => ProductVersions.FindAsync(s, participant, version.Product, number, cancel), cancel)
            : null;

    // The rule says product.column.
    private static string ProductOf(string target) => target[..target.LastIndexOf('.')];

    /// <summary>Of files that are not those that were published, nothing can be computed.</summary>
    private async Task<bool> AreWholeAsync(
        ProductVersionRecord version, List<FigureDifference> differences, CancellationToken cancel)
    {
        foreach (var (file, i) in version.Files.Select((file, i) => (file, i)))
        {
            string? digest = null;
            var length = 0L;
            try
            {
                using var local = await objects.OpenAsync(file.Sha256, cancel);
                await using var bytes = File.OpenRead(local.Path);
                length = bytes.Length;
                digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(bytes, cancel));
            }
            catch (ObjectStoreException error) when (error.Code == ObjectStoreException.Damaged)
            {
            }
            if (digest is not null && length != file.Bytes)
                differences.Add(new FigureDifference($"files[{i}].bytes", $"{file.Bytes}", $"{length}"));
            if (digest != file.Sha256)
                differences.Add(new FigureDifference(
                    $"files[{i}].sha256", $"\"{file.Sha256}\"", digest is null ? "\"damaged\"" : $"\"{digest}\""));
        }
        return differences.Count == 0;
    }

    private static void Compare<T>(
        string path, T stored, T computed, JsonTypeInfo<T> type, List<FigureDifference> differences) =>
        Compare(
            path, JsonSerializer.SerializeToNode(stored, type), JsonSerializer.SerializeToNode(computed, type),
            differences);

    private static void Compare(string path, JsonNode? stored, JsonNode? computed, List<FigureDifference> differences)
    {
        switch (stored, computed)
        {
            case (JsonObject s, JsonObject c):
                foreach (var name in s.Select(m => m.Key).Union(c.Select(m => m.Key)))
                    Compare($"{path}.{name}", s[name], c[name], differences);
                break;
            case (JsonArray s, JsonArray c):
                for (var i = 0; i < Math.Max(s.Count, c.Count); i++)
                    Compare(
                        $"{path}[{i}]", i < s.Count ? s[i] : null, i < c.Count ? c[i] : null, differences);
                break;
            default:
                if (stored?.ToJsonString() != computed?.ToJsonString())
                    differences.Add(new FigureDifference(path, stored?.ToJsonString(), computed?.ToJsonString()));
                break;
        }
    }
}
