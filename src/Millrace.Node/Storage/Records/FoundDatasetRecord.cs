using System.Security.Cryptography;
using System.Text;
using Millrace.Node.Storage.Search;
using Millrace.Protocol.Catalogues;
using Millrace.Protocol.Policies;
using Millrace.Protocol.Queries;

namespace Millrace.Node.Storage.Records;

/// <summary>The catalogue of another participant, as last read. The row's id is that participant's DID.</summary>
/// <param name="ReadAt">When it was last read to its end; null: never.</param>
/// <param name="TriedAt">When it was last asked for.</param>
/// <param name="Failure">Why the last attempt failed; null: it did not.</param>
/// <param name="Members">The DIDs of others to whose catalogues it points.</param>
/// <param name="LeftOut">How many of its data sets cannot be used.</param>
/// <param name="LeftOutFor">Why the first of these cannot.</param>
/// <param name="Took">How long the last reading to its end took.</param>
public sealed record FoundCatalogueRecord(
    string Provider, DateTimeOffset TriedAt, DateTimeOffset? ReadAt, string? Failure, int Datasets,
    IReadOnlyList<string> Members, TimeSpan Took = default, int LeftOut = 0,
    string? LeftOutFor = null);

/// <summary>A data set of another participant.</summary>
/// <param name="Formats">In which it can be had.</param>
/// <param name="Quality">The provider's own score from 0 to 1.</param>
/// <param name="Offers">The offers under which it can be had, as they stood in the catalogue.</param>
/// <param name="Query">What one must know to call it; null: it is no query.</param>
/// <param name="HoldsFiles">Its rows are an index of files, which can be had too.</param>
/// <param name="Elements">What its columns hold, as its provider confirmed it; null: nothing is said.</param>
/// <param name="Masks">What its provider puts on columns whatever is agreed; null: nothing is said.</param>
public sealed record FoundDatasetRecord(
    string Provider, string? ProviderTitle, string Id, string? Title, string? Description,
    IReadOnlyList<string> Keywords, IReadOnlyList<string> Formats, long? Rows, double? Quality,
    IReadOnlyList<Policy> Offers, QuerySignature? Query = null,
    bool HoldsFiles = false, IReadOnlyList<ColumnElement>? Elements = null,
    IReadOnlyDictionary<string, Mask>? Masks = null)
{
    private const int OrderLengthMax = 200;
    private const int PlainIdLengthMax = 48;
    private const int OffersFoundMax = 100;

    /// <summary>
    /// The row id: short, and one for each provider and data set. It sorts as a provider lists its data sets, so that
    /// what is read together is written together: ids in no order make the index of words write ten times as much.
    /// </summary>
    public static string IdOf(string provider, string dataset) =>
        $"{Digest(provider)}/{(IsShortAndPlain(dataset) ? dataset : "=" + Digest(dataset))}";

    /// <summary>What a list is ordered by: the id, cut to what an index takes.</summary>
    public string Order
    {
        get
        {
            var plain = string.Concat(Id.Where(c => !char.IsControl(c)));
            // A surrogate pair is not cut in two.
            return plain.Length <= OrderLengthMax ? plain
                : plain[..(char.IsHighSurrogate(plain[OrderLengthMax - 1]) ? OrderLengthMax - 1 : OrderLengthMax)];
        }
    }

    /// <summary>The term by which everything of a provider is found.</summary>
    public static string ProviderTerm(string provider) => Search.Document.NameOf("by", provider);

    /// <summary>The term by which a data set is found through its own id, or one of its offers'.</summary>
    public static string IdTerm(string id) => Search.Document.NameOf("id", id);

    /// <summary>What it is found by.</summary>
    public Document Document() => new(
        Title ?? Id, [.. Keywords, Id, .. ElementTexts.Of(Elements ?? [])], Description ?? "",
        [ProviderTerm(Provider), IdTerm(Id), .. Offers.Take(OffersFoundMax).Select(o => IdTerm(o.Id))]);

    /// <summary>Such an id is no digest with its sign before it, and keeps within what an index takes.</summary>
    private static bool IsShortAndPlain(string id) =>
        id.Length <= PlainIdLengthMax && !id.StartsWith('=') && !id.Any(char.IsControl);

    private static string Digest(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
}
