using Millrace.Engine.Supply;
using Millrace.Node.Api;
using Millrace.Node.Identity;
using Millrace.Node.Sources;
using Millrace.Node.Storage;
using Millrace.Node.Storage.Records;
using Millrace.Protocol;

namespace Millrace.Node.Products;

/// <summary>
/// What ends with a refresh, in the unit that saves what came of it; a refusal is one of the refresh.
/// </summary>
/// <param name="version">The newest version then.</param>
/// <param name="isNew">Whether the refresh made it.</param>
public delegate Task<Refusal?> RefreshEnding(Unit unit, int version, bool isNew);

/// <summary>Reads a product's source again.</summary>
public sealed class ProductRefresh(
    UploadReader uploads, ProductPublisher publisher, LocalParticipants locals, Database database, VersionJoin join)
{
    /// <summary>Makes a new version of what the product's source holds now, or none if the newest has it.</summary>
    /// <param name="whole">
    /// A source that only grows is read from its beginning too, and one that says that it did not change all the same.
    /// </param>
    /// <returns>Null: done.</returns>
    /// <exception cref="SourceException">The source cannot be read.</exception>
    public async Task<Refusal?> RunAsync(
        string participant, string id, bool whole, RefreshEnding ending, CancellationToken cancel)
    {
        var (product, newest, before) = await database.ReadAsync(
            async s => await Tables.Products.FindAsync(s, participant, id, cancel) is { Value: var found }
                ? (found, await ProductVersions.NewestAsync(s, participant, found, cancel),
                    whole ? null : await SourceProgress.FindAsync(s, participant, found, cancel))
                : default,
            cancel);
        if (product is null)
            return new Refusal("not-found", "There is no product of that name here.");
        if (product.Source is not { } source)
            return NoSource(id);
        using var fetched = await uploads.FetchAsync(
            new ProductDraft(id, Source: source), before, product.Schema, cancel);
        var after = before?.Reached;
        var holder = Check.NotNull(await locals.FindAsync(participant, cancel));
        var nothing = new Refusal("unchanged", "There is nothing new.");
        var refusal = fetched.Files is [] ? nothing : null;
        if (refusal is null)
        {
            var isFull = after is not null && join.IsFull(newest);
            var wish = new ProductWish(
                id, null, null, null, null, Appends: after is not null, ReadFrom: fetched.ReadFrom,
                OnlyIfChanged: after is null, Progress: fetched.Progress, OnTo: newest.Number,
                Ending: (unit, version) => ending(unit, version, true));
            async Task<Refusal?> PublishAsync(ProductWish wanted, HandedIn handed) =>
                (await publisher.PublishAsync(holder, wanted, handed, cancel)).Refused(out var why, out _) ? why : null;
            Task<Refusal?> JoinAsync() => join.WithAsync(
                newest, fetched.Files, all => PublishAsync(wish with { Appends = false }, all), cancel);
            try
            {
                refusal = isFull ? await JoinAsync() : await PublishAsync(wish, new HandedIn(fetched.Files));
                // The source says that they are new: a part of its own would be the same file as another.
                if (refusal?.Code == NextVersion.AppendedAlready)
                    refusal = await JoinAsync();
            }
            catch (SourceException e) when (after is not null && e.Code == SourceException.HeaderOnly)
            {
                refusal = nothing;
            }
        }
        return refusal?.Code == "unchanged"
            ? await database.WriteAsync(
                unit => UnchangedAsync(unit, participant, newest, fetched, ending, cancel), cancel)
            : Advised(refusal, after);
    }

    /// <summary>What was read and had the same rows, or none, is not read again.</summary>
    private static async Task<Refusal?> UnchangedAsync(
        Unit unit, string participant, ProductVersionRecord newest, Upload fetched, RefreshEnding ending,
        CancellationToken cancel)
    {
        if (fetched is { Files.Count: > 0, Progress: { } progress })
            await progress.SaveAsync(unit, participant, newest.Product, newest.Number, cancel);
        return await ending(unit, newest.Number, false);
    }

    /// <summary>What was handed in as files cannot be read again.</summary>
    internal static Refusal NoSource(string id) => new(
        "no-source",
        $"The product {id} was handed in as files: publish it with a source, and that can be read again.");

    /// <summary>Who reads on does not hand in files: another thing helps.</summary>
    private static Refusal? Advised(Refusal? refusal, Watermark? after) => refusal is { Code: "schema-changed" }
        ? refusal with
        {
            Reason = refusal.Reason + after?.Kind switch
            {
                null => "",
                IncrementalReading.Key => " Objects with other columns are another product, below another prefix.",
                _ => " To take columns that were added, read the source whole with millrace refresh --whole.",
            },
        }
        : refusal;
}
